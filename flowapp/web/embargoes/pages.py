"""What the pages of times closed to leave show."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import ALL, homes_of
from flowapp.accounts.people import Person
from flowapp.rota.embargoes.changes import embargoes_seen, may_edit
from flowapp.rota.homes import CareHome
from flowapp.rota.leave_embargo import LeaveEmbargo
from flowapp.rota.staff import JobRole
from flowapp.rota.units import Unit
from flowapp.web.embargoes.form import EmbargoForm, day_words
from flowapp.web.filters import period

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class EmbargoLine:
    """One time closed to leave."""

    days: str
    place: str
    people: str
    message: str
    kind: tuple[str, str, str]
    href: str  # empty for whoever may not change it


@dataclass(frozen=True, kw_only=True)
class EmbargoesPage:
    """The times closed to leave, and for those who may the form to add one."""

    lines: tuple[EmbargoLine, ...]
    may_add: bool
    form: EmbargoForm
    action: str
    homes: Choices
    units: tuple[tuple[str, Choices], ...]
    roles: Choices
    may_everywhere: bool


@dataclass(frozen=True, kw_only=True)
class EmbargoPage:
    """The form of one time closed to leave."""

    title: str
    form: EmbargoForm
    action: str
    remove_url: str
    version: int
    homes: Choices
    units: tuple[tuple[str, Choices], ...]
    roles: Choices
    may_everywhere: bool


def embargoes_page(session: Session, person: Person, form: EmbargoForm) -> EmbargoesPage:
    """Put together the list and the form to add one."""
    homes = {home.id: home.name for home in session.scalars(select(CareHome))}
    units = {unit.id: unit.name for unit in session.scalars(select(Unit))}
    mine = _homes(session, person)
    return EmbargoesPage(
        lines=tuple(_line(each, person, homes, units) for each in embargoes_seen(session, person)),
        may_add=bool(mine),
        form=form,
        action=url_for("embargoes.add"),
        homes=_as_choices(mine),
        units=_units(session, mine),
        roles=ROLES,
        may_everywhere=may_edit(person, None),
    )


def embargo_page(session: Session, person: Person, row: LeaveEmbargo, form: EmbargoForm) -> EmbargoPage:
    """Put together the form of one."""
    mine = _homes(session, person)
    return EmbargoPage(
        title=days_words(row),
        form=form,
        action=url_for("embargoes.change_embargo", embargo_id=row.id),
        remove_url=url_for("embargoes.remove", embargo_id=row.id),
        version=row.version,
        homes=_as_choices(mine),
        units=_units(session, mine),
        roles=ROLES,
        may_everywhere=may_edit(person, None),
    )


def days_words(row: LeaveEmbargo) -> str:
    """Say when leave is closed."""
    if row.yearly_from and row.yearly_to:
        return f"{day_words(row.yearly_from)} to {day_words(row.yearly_to)}, every year"
    return period(row.first_day, row.last_day) if row.first_day and row.last_day else ""


ROLES = tuple((role.value, role.label) for role in JobRole)


def _line(row: LeaveEmbargo, person: Person, homes: dict[int, str], units: dict[int, str]) -> EmbargoLine:
    where = homes.get(row.home_id or 0, "Every home")
    unit = units.get(row.unit_id or 0, "")
    return EmbargoLine(
        days=days_words(row),
        place=f"{unit}, {where}" if unit else where,
        people=JobRole(row.role).label if row.role else "Everybody",
        message=row.message,
        kind=("Never", "bad", "ban") if row.hard else ("Possible", "wait", "hand"),
        href=url_for("embargoes.show_embargo", embargo_id=row.id) if may_edit(person, row.home_id) else "",
    )


def _homes(session: Session, person: Person) -> list[CareHome]:
    homes = homes_of(person, "home.edit")
    query = select(CareHome).where(CareHome.is_active).order_by(CareHome.name)
    return list(session.scalars(query if homes is ALL else query.where(CareHome.id.in_(homes))))


def _as_choices(homes: list[CareHome]) -> Choices:
    return tuple((str(home.id), home.name) for home in homes)


def _units(session: Session, homes: list[CareHome]) -> tuple[tuple[str, Choices], ...]:
    query = select(Unit).where(Unit.home_id.in_([home.id for home in homes])).order_by(Unit.name)
    found = list(session.scalars(query))
    groups = ((home.name, tuple((str(u.id), u.name) for u in found if u.home_id == home.id)) for home in homes)
    return tuple((name, units) for name, units in groups if units)
