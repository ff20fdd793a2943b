"""Seeing and changing what the rules of working time know of somebody."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.accounts.can import can, require
from flowapp.accounts.people import On
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.running import reading
from flowapp.kernel.errors import NotFound, Refused
from flowapp.rota.staff import Staff
from flowapp.rota.work_limits import changes
from flowapp.rota.work_limits.limits import Restriction
from flowapp.web.page import go_to, show
from flowapp.web.typed import number_or_none
from flowapp.web.work_limits.forms import LimitsForm, form_of, read_limits

bp = Blueprint("work_limits", __name__, url_prefix="/staff")
RESTRICTIONS = tuple((each.value, each.label) for each in Restriction)


@dataclass(frozen=True, kw_only=True)
class LimitsPage:
    """What the rules know of somebody, as a form."""

    name: str
    record_url: str
    form: LimitsForm
    version: int
    url: str
    restrictions: tuple[tuple[str, str], ...] = RESTRICTIONS


@bp.get("/<int:staff_id>/work-limits/")
@allow("staff.edit")
def limits_form(staff_id: int) -> Response:
    """Show the form."""
    found = _load(staff_id)
    return _show(found, form_of(found, with_note=_sees_note(found)))


@bp.post("/<int:staff_id>/work-limits/")
@allow("staff.edit")
def save_limits(staff_id: int) -> Response:
    """Change what the rules know of somebody."""
    found, who, cause = _load(staff_id), person(), cause_of()
    form = read_limits(request.form, with_note=_sees_note(found) and "restriction_note" in request.form)

    def write(session: Session) -> None:
        words = "This page is out of date. Send the form again."
        seen = number_or_none(request.form.get("version", ""), path="born", words=words)
        changes.change(session, cause, who, staff_id, seen=seen, **form.given())

    try:
        change(write)
    except Refused as refused:
        return _show(found, form.with_problems(refused.problems), 422)
    flash("Saved.", "success")
    return go_to(url_for("staff.show_member", staff_id=staff_id))


def _load(staff_id: int) -> Staff:
    found = reading().get(Staff, staff_id)
    if found is None:
        raise NotFound
    on = On(home_id=found.home_id, staff_id=found.id)
    require(person(), "staff.edit", on)
    require(person(), "staff.private", on)
    return found


def _sees_note(found: Staff) -> bool:
    return can(person(), "staff.health", On(home_id=found.home_id, staff_id=found.id))


def _show(found: Staff, form: LimitsForm, status: int = 200) -> Response:
    page = LimitsPage(
        name=found.name,
        record_url=url_for("staff.show_member", staff_id=found.id),
        form=form,
        version=found.version,
        url=url_for("work_limits.save_limits", staff_id=found.id),
    )
    return show("work_limits/index.html", page, status=status)
