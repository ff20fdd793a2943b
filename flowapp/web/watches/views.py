"""What is looked out for in each home, and after how long it is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.accounts.can import can, require
from flowapp.accounts.people import On, Person
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.running import reading
from flowapp.kernel.errors import NotFound, Problem, Refused
from flowapp.rota.homes import CareHome, homes
from flowapp.rota.watches.changes import look_out
from flowapp.rota.watches.watch import watch_of
from flowapp.web.page import go_to, show

bp = Blueprint("watches", __name__, url_prefix="/watches")
NAMES = ("no_show_minutes", "handover_minutes")


@dataclass(frozen=True, kw_only=True)
class WatchForm:
    """What is looked out for in one home, as it was typed, with what is wrong with it."""

    home_id: int
    home: str
    no_show_minutes: str
    handover_minutes: str
    version: str
    url: str
    errors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, kw_only=True)
class WatchesPage:
    """What is looked out for in each of somebody's homes."""

    forms: tuple[WatchForm, ...]
    problems: tuple[tuple[str, str], ...] = ()


@bp.get("/")
@allow("home.edit")
def index() -> Response:
    """Show what is looked out for in each home."""
    return show("watches/index.html", WatchesPage(forms=_forms(reading(), person())))


@bp.post("/<int:home_id>/")
@allow("home.edit")
def look_out_for(home_id: int) -> Response:
    """Say after how many minutes a home misses people and handovers."""
    cause, who = cause_of(), person()
    if home_id not in {each.id for each in homes(reading())}:
        raise NotFound
    require(who, "home.edit", On(home_id=home_id))
    typed = {name: request.form.get(name, "").strip()[:20] for name in (*NAMES, "version")}
    try:
        wanted, seen = _minutes(typed), int(typed["version"]) if typed["version"].isdecimal() else None
        change(lambda session: look_out(session, cause, who, home_id, **wanted, seen=seen))
    except Refused as refused:
        return _again(home_id, typed, refused.problems)
    flash("Saved.", "success")
    return go_to(url_for("watches.index"))


def _again(home_id: int, typed: Mapping[str, str], wrong: tuple[Problem, ...]) -> Response:
    errors = {problem.path: problem.message for problem in wrong}
    forms = tuple(
        _form(reading(), each, typed=typed, errors=errors) if each.id == home_id else _form(reading(), each)
        for each in _homes(reading(), person())
    )
    problems = tuple((f"{name}-{home_id}", words) for name, words in errors.items())
    return show("watches/index.html", WatchesPage(forms=forms, problems=problems), status=422)


def _minutes(typed: Mapping[str, str]) -> dict[str, int | None]:
    wrong = [name for name in NAMES if typed[name] and not (typed[name].isascii() and typed[name].isdecimal())]
    if wrong:
        message = "Write a number of minutes, such as 30, or leave it empty."
        raise Refused([Problem(path=name, code="bad_number", message=message) for name in wrong])
    return {name: int(typed[name]) if typed[name] else None for name in NAMES}


def _homes(session: Session, who: Person) -> list[CareHome]:
    return [each for each in homes(session) if can(who, "home.edit", On(home_id=each.id))]


def _forms(session: Session, who: Person) -> tuple[WatchForm, ...]:
    return tuple(_form(session, each) for each in _homes(session, who))


def _form(
    session: Session,
    where: CareHome,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] = MappingProxyType({}),
) -> WatchForm:
    found = watch_of(session, where.id)
    kept = {
        "no_show_minutes": "" if found is None or found.no_show_minutes is None else str(found.no_show_minutes),
        "handover_minutes": "" if found is None or found.handover_minutes is None else str(found.handover_minutes),
        "version": "0" if found is None else str(found.version),
    }
    url = url_for("watches.look_out_for", home_id=where.id)
    return WatchForm(home_id=where.id, home=where.name, url=url, errors=errors, **(typed or kept))
