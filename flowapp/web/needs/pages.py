"""What the pages show of what a home needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.kernel.calendar_names import WEEKDAYS
from flowapp.rota.demand.gaps import HomeNeed
from flowapp.rota.demand.reading import needs_of
from flowapp.rota.homes import CareHome
from flowapp.rota.shift_templates.reading import templates_for
from flowapp.rota.units import units_of
from flowapp.rota.work import WEEKDAY_NAMES
from flowapp.web.filters import day as day_words
from flowapp.web.needs.form import NeedForm
from flowapp.web.shifts.form_pages import ROLES, Options

DAYS: Options = tuple(zip(WEEKDAY_NAMES, WEEKDAYS, strict=True))
WHOLE_HOME = "Whole home"


@dataclass(frozen=True, kw_only=True)
class NeedRow:
    """One need in the list."""

    href: str  # empty for whoever may not change it
    name: str
    times: str
    where: str
    role: str
    people: str
    days: str
    when: str


@dataclass(frozen=True, kw_only=True)
class NeedsPage:
    """What a home needs, and the form that adds to it."""

    title: str
    home: str
    homes: Options
    url: str
    add_url: str
    rota_url: str
    rows: tuple[NeedRow, ...]
    over: tuple[NeedRow, ...]
    may_add: bool
    form: NeedForm
    nonce: str
    choices: dict[str, Options]


@dataclass(frozen=True, kw_only=True)
class NeedPage:
    """One need and the form that changes it."""

    title: str
    back: str
    url: str
    form: NeedForm
    version: int
    choices: dict[str, Options]


def needs_page(
    session: Session,
    person: Person,
    home: CareHome,
    homes: tuple[CareHome, ...],
    form: NeedForm,
    *,
    today: date,
    nonce: str,
) -> NeedsPage:
    """Put the list together: what holds now or later, and below it what is over."""
    may_add = can(person, "home.edit", On(home_id=home.id))
    found = needs_of(session, home.id)
    over = [each for each in found if each.valid_to is not None and each.valid_to < today]
    return NeedsPage(
        title=f"What {home.name} needs",
        home=home.code,
        homes=tuple((each.code, each.name) for each in homes),
        url=url_for("needs.index"),
        add_url=url_for("needs.add"),
        rota_url=url_for("rota.index", home=home.code),
        rows=tuple(_row(each, may_add) for each in found if each not in over),
        over=tuple(_row(each, may_add) for each in over),
        may_add=may_add,
        form=form,
        nonce=nonce,
        choices=choices(session, home.id),
    )


def need_page(session: Session, found: HomeNeed, home: CareHome, form: NeedForm) -> NeedPage:
    """Put the page of one need together."""
    return NeedPage(
        title=f"{found.role.label} for the {found.name}",
        back=url_for("needs.index", home=home.code),
        url=url_for("needs.change_need", need_id=found.id),
        form=form,
        version=found.version,
        choices=choices(session, home.id),
    )


def choices(session: Session, home_id: int) -> dict[str, Options]:
    """Answer what may be chosen in the form."""
    templates = templates_for(session, home_id)
    return {
        "units": tuple((str(unit.id), unit.name) for unit in units_of(session, home_id)),
        "templates": tuple(
            (str(each.id), f"{each.name}, {each.start_local} to {each.end_local}") for each in templates
        ),
        "roles": ROLES,
        "days": DAYS,
    }


def _row(need: HomeNeed, may_change: bool) -> NeedRow:
    ideal = f", {need.ideal} on a good day" if need.ideal and need.ideal > need.fewest else ""
    return NeedRow(
        href=url_for("needs.show_need", need_id=need.id) if may_change else "",
        name=need.name[:1].upper() + need.name[1:],
        times=f"{need.start} to {need.end}",
        where=need.unit_name or WHOLE_HOME,
        role=need.role.label,
        people=f"{need.fewest} at least{ideal}",
        days=_days(need.weekdays.split(",")),
        when=_when(need),
    )


def _days(weekdays: list[str]) -> str:
    if len(weekdays) == len(WEEKDAY_NAMES):
        return "Every day"
    if weekdays == list(WEEKDAY_NAMES[:5]):
        return "Monday to Friday"
    return ", ".join(WEEKDAYS[WEEKDAY_NAMES.index(each)][:3] for each in weekdays)


def _when(need: HomeNeed) -> str:
    first = f"from {day_words(need.valid_from)}" if need.valid_from else ""
    last = f"until {day_words(need.valid_to)}" if need.valid_to else ""
    words = " ".join(each for each in (first, last) if each)
    return words[:1].upper() + words[1:] if words else "Always"
