"""Taking lists out as CSV files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, request, url_for

from flowapp.accounts.can import can
from flowapp.http.access import allow, person
from flowapp.http.csv_answer import csv_answer
from flowapp.http.running import reading
from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.exchange.going_out import SEEN_BY, Part
from flowapp.rota.exchange.lists import ListKind
from flowapp.web.exchange.pages import KINDS
from flowapp.web.page import show
from flowapp.web.staff.finding import visible_homes

bp = Blueprint("export", __name__, url_prefix="/settings/export")
MOST_CODE = 8


@dataclass(frozen=True, kw_only=True)
class ExportForm:
    """The form for one list."""

    name: str
    kind: str
    url: str
    by_days: bool


@dataclass(frozen=True, kw_only=True)
class ExportPage:
    """The lists that somebody may take out."""

    forms: tuple[ExportForm, ...]
    homes: tuple[tuple[str, str], ...]


@bp.get("/")
@allow("rota.view_all")
def index() -> Response:
    """Show which lists can be taken out."""
    homes = tuple((home.code, home.name) for home in visible_homes(reading(), person()))
    return show("exchange/export.html", ExportPage(forms=tuple(_forms()), homes=homes))


def _forms() -> Iterator[ExportForm]:
    addresses = {
        ListKind.STAFF: url_for("export.staff"),
        ListKind.SHIFTS: url_for("export.shifts"),
        ListKind.LEAVE: url_for("export.leave"),
    }
    for kind, url in addresses.items():
        if can(person(), SEEN_BY[kind]):
            yield ExportForm(name=KINDS[kind], kind=kind.value, url=url, by_days=kind is not ListKind.STAFF)


@bp.get("/staff.csv")
@allow("staff.edit")
def staff() -> Response:
    """Send the members of staff."""
    return _send(ListKind.STAFF)


@bp.get("/shifts.csv")
@allow("rota.view_all")
def shifts() -> Response:
    """Send the shifts."""
    return _send(ListKind.SHIFTS)


@bp.get("/leave.csv")
@allow("leave.decide")
def leave() -> Response:
    """Send the leave."""
    return _send(ListKind.LEAVE)


def _send(kind: ListKind) -> Response:
    part = Part(home=request.args.get("home", "")[:MOST_CODE], first=_day("from"), last=_day("to"))
    return csv_answer(person(), kind, part, mark=request.args.get("bom") == "yes")


def _day(name: str) -> date | None:
    text = request.args.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused([Problem(path=name, code="bad_date", message="Choose a day such as 7 December 2026.")]) from None
