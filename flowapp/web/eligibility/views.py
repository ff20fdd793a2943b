"""Who can take a shift, why somebody cannot, and giving it to them."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import Refused
from flowapp.rota import shift_changes
from flowapp.rota.eligibility.candidates import candidate, candidates
from flowapp.rota.shift_assigning import Overruling
from flowapp.web.eligibility.pages import candidates_page, why_page
from flowapp.web.page import go_to, show

bp = Blueprint("eligibility", __name__, url_prefix="/shifts/<int:shift_id>")


@bp.get("/candidates/")
@allow("shift.assign")
def show_candidates(shift_id: int) -> Response:
    """Show who can take a shift, in the order to ask them, and why the others cannot."""
    found = candidates(reading(), person(), shift_id, flow().clock.now())
    return show("eligibility/candidates.html", candidates_page(found, person()))


@bp.get("/why/<int:staff_id>/")
@allow("shift.assign")
def show_why(shift_id: int, staff_id: int) -> Response:
    """Show what every rule says of one person and a shift."""
    return _why(shift_id, staff_id)


@bp.post("/give/<int:staff_id>/")
@allow("shift.assign")
def give(shift_id: int, staff_id: int) -> Response:
    """Give a shift to somebody; every rule is asked again."""
    form, who, cause = request.form, person(), cause_of()
    overruling = Overruling(rules=frozenset(form.getlist("overrule")), reason=form.get("reason", ""))
    seen = form.get("version", type=int)
    _, _, judged = candidate(reading(), who, shift_id, staff_id)

    def write(session: Session) -> object:
        return shift_changes.assign(session, cause, who, shift_id, staff_id=staff_id, seen=seen, overruling=overruling)

    try:
        change(write)
    except Refused as refused:
        problems = tuple(("reason" if each.path == "reason" else "", each.message) for each in refused.problems)
        return _why(shift_id, staff_id, status=422, reason=overruling.reason, problems=problems)
    flash(f"{judged.name} has the shift now.", "success")
    return go_to(url_for("eligibility.show_candidates", shift_id=shift_id))


def _why(
    shift_id: int, staff_id: int, *, status: int = 200, reason: str = "", problems: tuple[tuple[str, str], ...] = ()
) -> Response:
    shift, slot, judged = candidate(reading(), person(), shift_id, staff_id)
    page = why_page(shift, slot, judged, person(), reason=reason, problems=problems)
    return show("eligibility/why.html", page, status=status)
