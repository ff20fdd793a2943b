"""One's own hours: clocking in and out, and handing them in; and what others hand in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import Refused
from flowapp.rota.shift_reading import PlannedShift, visible_shift
from flowapp.rota.timesheets import clocking, deciding, handing_in
from flowapp.rota.timesheets.reading import Sheet, sheet_of_shift, visible_sheet
from flowapp.web.filters import plural
from flowapp.web.leave.calendar_month import month_of, read_month
from flowapp.web.page import go_to, show
from flowapp.web.timesheets.deciding import timesheet_page, waiting_page
from flowapp.web.timesheets.hours_form import HoursForm, hours_form, hours_page, read_hours_form
from flowapp.web.timesheets.own import own_page

bp = Blueprint("timesheets", __name__, url_prefix="/timesheets")


@bp.get("/")
@allow("timesheet.view")
def index() -> Response:
    """Show one's own hours of a month."""
    now, text, error = flow().clock.now(), request.args.get("month", ""), ""
    month = month_of(now.astimezone(flow().settings.zone).date())
    try:
        month = read_month(text) if text else month
    except Refused as refused:
        error = refused.message
    page = own_page(reading(), person(), month, now=now, error=error)
    return show("timesheets/index.html", page, status=422 if error else 200)


@bp.post("/shifts/<int:shift_id>/clock-in")
@allow("timesheet.submit")
def clock_in(shift_id: int) -> Response:
    """Say that one has come."""
    cause, who, words = cause_of(), person(), request.form.get("reason", "")
    change(lambda session: clocking.clock_in(session, cause, who, shift_id, words=words).id)
    flash("You are clocked in.", "success")
    return go_to(url_for("timesheets.index"))


@bp.post("/shifts/<int:shift_id>/clock-out")
@allow("timesheet.submit")
def clock_out(shift_id: int) -> Response:
    """Say that one goes, and go on to handing in."""
    cause, who = cause_of(), person()
    change(lambda session: clocking.clock_out(session, cause, who, shift_id).id)
    flash("You are clocked out. Look whether the times are right, then hand them in.", "success")
    return go_to(url_for("timesheets.hours", shift_id=shift_id))


@bp.get("/shifts/<int:shift_id>/hours/")
@allow("timesheet.submit")
def hours(shift_id: int) -> Response:
    """Show the form in which the hours of a shift are handed in."""
    shift, sheet = _load_shift(shift_id)
    return _hours(shift, sheet, hours_form(shift, sheet))


@bp.post("/shifts/<int:shift_id>/hours/")
@allow("timesheet.submit")
def hand_in_hours(shift_id: int) -> Response:
    """Hand in the hours of a shift."""
    shift, sheet = _load_shift(shift_id)
    form, cause, who = read_hours_form(request.form), cause_of(), person()
    try:
        worked, seen = form.hours(), _version(form.version)
        act = handing_in.hand_in
        made = change(lambda session: act(session, cause, who, shift_id, worked, seen=seen).id)
    except Refused as refused:
        return _hours(shift, sheet, form.with_problems(refused.problems), status=422)
    flash("Handed in.", "success")
    return go_to(url_for("timesheets.show_timesheet", timesheet_id=made))


def _load_shift(shift_id: int) -> tuple[PlannedShift, Sheet | None]:
    shift = visible_shift(reading(), person(), shift_id)
    require(person(), "timesheet.submit", On(home_id=shift.home_id, staff_id=shift.staff_id))
    return shift, sheet_of_shift(reading(), shift_id, shift.staff_id or 0)


def _hours(shift: PlannedShift, sheet: Sheet | None, form: HoursForm, status: int = 200) -> Response:
    return show("timesheets/hours.html", hours_page(person(), shift, sheet, form), status=status)


@bp.get("/waiting/")
@allow("timesheet.decide")
def waiting() -> Response:
    """Show the hours that wait for one's decision."""
    return show("timesheets/waiting.html", waiting_page(reading(), person(), flow().clock.now()))


@bp.post("/approve-as-planned")
@allow("timesheet.decide")
def approve_as_planned() -> Response:
    """Approve all that waits and is as planned."""
    cause, who = cause_of(), person()
    count = change(lambda session: deciding.approve_all_that_match(session, cause, who))
    flash(f"{plural(count, 'timesheet')} approved." if count else "Nothing that waits is as planned.", "success")
    return go_to(url_for("timesheets.waiting"))


@bp.get("/<int:timesheet_id>/")
@allow("timesheet.view")
def show_timesheet(timesheet_id: int) -> Response:
    """Show one timesheet with its history."""
    return _timesheet(timesheet_id)


@bp.post("/<int:timesheet_id>/approve")
@allow("timesheet.decide")
def approve(timesheet_id: int) -> Response:
    """Approve hours to be paid."""
    return _decide(timesheet_id, "Hours approved.", deciding.approve)


@bp.post("/<int:timesheet_id>/query")
@allow("timesheet.decide")
def query(timesheet_id: int) -> Response:
    """Give hours back with a question."""
    reason = request.form.get("reason", "")
    return _decide(timesheet_id, "Hours queried.", deciding.query, reason=reason)


def _timesheet(timesheet_id: int, status: int = 200, **typed: Any) -> Response:
    sheet = visible_sheet(reading(), person(), timesheet_id)
    page = timesheet_page(person(), sheet, now=flow().clock.now(), **typed)
    return show("timesheets/timesheet.html", page, status=status)


def _decide(timesheet_id: int, done: str, act: Callable[..., Sheet], **given: Any) -> Response:
    cause, who, seen = cause_of(), person(), _version(request.form.get("version", ""))

    def write(session: Session) -> int:
        return act(session, cause, who, timesheet_id, seen=seen, **given).id

    try:
        change(write)
    except Refused as refused:
        errors = {problem.path or "reason": problem.message for problem in refused.problems}
        return _timesheet(timesheet_id, 422, reason=given.get("reason", ""), errors=errors)
    flash(done, "success")
    return go_to(url_for("timesheets.show_timesheet", timesheet_id=timesheet_id))


def _version(text: str) -> int | None:
    """Answer the version that a form has seen; what is no number was seen by nobody, and is not asked about."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
