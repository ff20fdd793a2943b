"""One shift: seeing it, saying that one has seen it, moving it to another day."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.running import reading
from flowapp.kernel.errors import Conflict, Refused
from flowapp.rota import shift_changes
from flowapp.rota.shift_acknowledging import acknowledge
from flowapp.rota.shift_reading import PlannedShift, visible_shift
from flowapp.web.filters import long_day
from flowapp.web.page import go_to, show
from flowapp.web.shifts.forms import day as read_day
from flowapp.web.shifts.pages import shift_page

bp = Blueprint("shifts", __name__, url_prefix="/shifts")


@bp.get("/<int:shift_id>/")
@allow("rota.view")
def show_shift(shift_id: int) -> Response:
    """Show one shift."""
    return _show(visible_shift(reading(), person(), shift_id))


def _show(found: PlannedShift, status: int = 200, *, day: str = "", errors: dict[str, str] | None = None) -> Response:
    page = shift_page(reading(), person(), found, day=day, errors=errors)
    return show("shifts/shift.html", page, status=status)


@bp.post("/<int:shift_id>/acknowledge")
@allow("rota.view")
def acknowledge_shift(shift_id: int) -> Response:
    """Say that one has seen a shift of one's own, as the page showed it."""
    who, cause, seen = person(), cause_of(), seen_version()
    change(lambda session: acknowledge(session, cause, who, shift_id, seen=seen))
    flash("Thank you. It is noted that you have seen this shift.", "success")
    return go_to(url_for("shifts.show_shift", shift_id=shift_id))


@bp.post("/<int:shift_id>/move")
@allow("shift.edit")
def move(shift_id: int) -> Response:
    """Plan a shift for another day."""
    found, text, seen = editable(shift_id), request.form.get("date", "").strip(), seen_version()
    who, cause = person(), cause_of()
    try:
        day = read_day(text, "date")

        def write(session: Session) -> None:
            shift_changes.update(session, cause, who, shift_id, seen=seen, date=day)

        change(write)
    except Refused as refused:
        return _show(found, 422, day=text, errors={"date": refused.message})
    except Conflict as conflict:
        again = visible_shift(reading(), who, shift_id)
        return _show(again, 409, day=text, errors={"date": conflict.message})
    flash(f"The shift is on {long_day(day)} now.", "success")
    return go_to(url_for("shifts.show_shift", shift_id=shift_id))


def editable(shift_id: int) -> PlannedShift:
    """Answer a shift that whoever asks may change; raises NotFound or NotAllowed."""
    found = visible_shift(reading(), person(), shift_id)
    require(person(), "shift.edit", On(home_id=found.home_id))
    return found


def seen_version() -> int | None:
    """Answer the version of the shift that the form was made from, if it says one."""
    return request.form.get("version", type=int)
