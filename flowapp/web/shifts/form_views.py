"""Planning a shift, changing one, cancelling one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import KeyReused, form_sent_before, once
from flowapp.http.running import reading
from flowapp.kernel.errors import Conflict, Problem, Refused
from flowapp.kernel.ids import new_token
from flowapp.rota import shift_changes
from flowapp.rota.reasons import read_reason
from flowapp.rota.shift_reading import PlannedShift
from flowapp.rota.shift_templates.reading import templates_for
from flowapp.rota.week.week import week_of
from flowapp.web.page import go_to, show
from flowapp.web.rota.asked import asked_home
from flowapp.web.shifts.form_pages import cancel_page, change_page, new_page
from flowapp.web.shifts.forms import ShiftForm, form_of, how_many, plan_of, read_shift_form
from flowapp.web.shifts.views import editable, seen_version

bp = Blueprint("shift_forms", __name__, url_prefix="/shifts")


@bp.get("/new/")
@allow("shift.edit")
def new() -> Response:
    """Show the form of a new shift; the address may say the day and the unit."""
    form = ShiftForm(date=request.args.get("date", "")[:10], unit=request.args.get("unit", "")[:18])
    return _new(form, new_token())


def _new(form: ShiftForm, nonce: str, status: int = 200) -> Response:
    home, _ = asked_home(reading(), person(), "shift.edit")
    return show("shifts/form.html", new_page(reading(), home, form, nonce=nonce), status=status)


@bp.post("/new/")
@allow("shift.edit")
def create() -> Response:
    """Plan a shift, or several alike: one for each person who is needed."""
    form, nonce, who, cause = read_shift_form(request.form), request.form.get("nonce", ""), person(), cause_of()
    home, _ = asked_home(reading(), who, "shift.edit")
    home_id, code = home.id, home.code
    try:
        plan, count = plan_of(form, templates_for(reading(), home_id)), how_many(form)

        def write(session: Session) -> list[int]:
            return [shift_changes.create(session, cause, who, home_id=home_id, plan=plan) for _ in range(count)]

        made: list[int] = change(lambda session: once(session, nonce, cause.at, lambda: write(session)))
    except KeyReused:
        return _new(form.with_problems(form_sent_before("date").problems), new_token(), 422)
    except Refused as refused:
        return _new(form.with_problems(refused.problems), nonce, 422)
    if len(made) == 1:
        flash("The shift is planned. Nobody has it yet.", "success")
        return go_to(url_for("shifts.show_shift", shift_id=made[0]))
    flash(f"{len(made)} shifts are planned. Nobody has them yet.", "success")
    return go_to(url_for("rota.index", week=week_of(plan.date).text, home=code))


@bp.get("/<int:shift_id>/change/")
@allow("shift.edit")
def change_form(shift_id: int) -> Response:
    """Show the form of a shift as it is planned."""
    found = editable(shift_id)
    return show("shifts/form.html", change_page(reading(), found, form_of(found.plan)))


@bp.post("/<int:shift_id>/change/")
@allow("shift.edit")
def change_shift(shift_id: int) -> Response:
    """Plan a shift otherwise."""
    found, form, who, cause, seen = (
        editable(shift_id),
        read_shift_form(request.form),
        person(),
        cause_of(),
        seen_version(),
    )
    try:
        plan = plan_of(form, ())
        given: dict[str, Any] = {name: value for name, value in vars(plan).items()}
        change(lambda session: shift_changes.update(session, cause, who, shift_id, seen=seen, **given))
    except Refused as refused:
        return _changing(found, form.with_problems(refused.problems), 422)
    except Conflict as conflict:
        problem = Problem(path="date", code="conflict", message=conflict.message)
        return _changing(editable(shift_id), form.with_problems([problem]), 409)
    flash("The shift is changed.", "success")
    return go_to(url_for("shifts.show_shift", shift_id=shift_id))


def _changing(found: PlannedShift, form: ShiftForm, status: int) -> Response:
    return show("shifts/form.html", change_page(reading(), found, form), status=status)


@bp.get("/<int:shift_id>/cancel/")
@allow("shift.edit")
def cancel_form(shift_id: int) -> Response:
    """Ask why a shift is not needed any more."""
    return show("shifts/cancel.html", cancel_page(editable(shift_id)))


@bp.post("/<int:shift_id>/cancel/")
@allow("shift.edit")
def cancel_shift(shift_id: int) -> Response:
    """Cancel a shift, with a reason."""
    found, reason, who, cause, seen = (
        editable(shift_id),
        request.form.get("reason", ""),
        person(),
        cause_of(),
        seen_version(),
    )
    try:
        if not read_reason(reason):
            message = "Say why the shift is not needed any more."
            raise Refused([Problem(path="reason", code="missing", message=message)])
        change(lambda session: shift_changes.cancel(session, cause, who, shift_id, reason=reason, seen=seen))
    except Refused as refused:
        return show("shifts/cancel.html", cancel_page(found, reason=reason, error=refused.message), status=422)
    flash("The shift is cancelled.", "success")
    return go_to(url_for("shifts.show_shift", shift_id=shift_id))
