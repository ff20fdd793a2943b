"""What the pages about types of training show."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.rota.bank_holidays import Nation
from flowapp.rota.homes import homes
from flowapp.rota.staff import JobRole
from flowapp.rota.training.requirements import Requirement, requirements
from flowapp.rota.training.types import Category, TrainingType, training_types
from flowapp.rota.wording import list_text
from flowapp.web.filters import plural
from flowapp.web.training.type_form import TypeForm

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class TypeRow:
    """One type of training in the list."""

    href: str
    name: str
    why: str
    holds: str
    needed: str
    in_use: tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class TypesPage:
    """Every type of training."""

    rows: tuple[TypeRow, ...]
    new_url: str


@dataclass(frozen=True, kw_only=True)
class NeedRow:
    """Who needs a type."""

    words: str
    days: str
    drop_url: str


@dataclass(frozen=True, kw_only=True)
class TypePage:
    """One type of training, or the form for a new one."""

    title: str
    is_new: bool
    url: str
    nonce: str
    version: int
    form: TypeForm
    categories: Choices
    roles: Choices
    nations: Choices
    homes: Choices
    needs: tuple[NeedRow, ...]
    need_url: str
    conflict: str


def types_page(session: Session) -> TypesPage:
    """Put together the list of types."""
    asked = requirements(session)
    rows = [_row(kind, [each for each in asked if each.type_id == kind.id]) for kind in training_types(session)]
    return TypesPage(rows=tuple(rows), new_url=url_for("training_types.new"))


def type_page(
    session: Session, found: TrainingType | None, form: TypeForm, *, nonce: str = "", conflict: str = ""
) -> TypePage:
    """Put together the page of a type, or of a new one."""
    known = {home.id: home.name for home in homes(session)}
    asked = requirements(session, type_id=found.id) if found else []
    return TypePage(
        title=found.name if found else "Add a type of training",
        is_new=found is None,
        url=url_for("training_types.change_type", type_id=found.id) if found else url_for("training_types.create"),
        nonce=nonce,
        version=found.version if found else 0,
        form=form,
        categories=tuple((each.value, each.label) for each in Category),
        roles=tuple((each.value, each.label) for each in JobRole),
        nations=tuple((each.value, _nation(each)) for each in Nation),
        homes=tuple((str(number), name) for number, name in known.items()),
        needs=tuple(_need(each, known) for each in asked),
        need_url=url_for("training_types.need", type_id=found.id) if found else "",
        conflict=conflict,
    )


def _nation(nation: Nation) -> str:
    return nation.value.replace("_", " ").title()


def _row(kind: TrainingType, asked: list[Requirement]) -> TypeRow:
    months = kind.validity_months
    roles = [JobRole(each).label for each in kind.applies_to_roles]
    nations = [_nation(Nation(each)) for each in kind.nations]
    whom = list_text(roles, most=2) if roles else "Everybody"
    where = f" in {list_text(nations)}" if nations else ""
    return TypeRow(
        href=url_for("training_types.show_type", type_id=kind.id),
        name=kind.name,
        why=Category(kind.category).label,
        holds="No end" if months is None else plural(months, "month"),
        needed=f"{whom}{where}" if asked else "Nobody by rule",
        in_use=("In use", "good", "check") if kind.is_active else ("Put away", "quiet", "lock"),
    )


def _need(asked: Requirement, known: dict[int, str]) -> NeedRow:
    who = f"Every {asked.role.label.lower()}" if asked.role else "Everybody it is meant for"
    where = f"at {known.get(asked.home_id, 'a home')}" if asked.home_id else "in every home"
    days = f"In the first {plural(asked.grace_days, 'day')}" if asked.grace_days else "From the first day"
    drop_url = url_for("training_types.drop_need", requirement_id=asked.id)
    return NeedRow(words=f"{who} {where}", days=days, drop_url=drop_url)
