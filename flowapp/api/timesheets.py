"""Timesheets over the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from flowapp.api.bodies import body_as
from flowapp.api.filters import asked_day, asked_home, asked_word
from flowapp.api.lists import page_of, whole
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.timesheets import (
    HoursBody,
    QueryBody,
    TimesheetAnswer,
    TimesheetBody,
    TimesheetPage,
    TimesheetQuery,
)
from flowapp.api.schemas.values import ReasonBody
from flowapp.api.shift_bodies import NoBody
from flowapp.api.versions import seen_version, tagged
from flowapp.events.cause import Cause
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import reading
from flowapp.rota.timesheets import clocking, deciding, handing_in
from flowapp.rota.timesheets.reading import Sheet, seen_by, sheets, visible_sheet
from flowapp.rota.timesheets.timesheet import Timesheet, TimesheetStatus


def add_to(bp: Blueprint) -> None:
    """Add the calls about timesheets."""
    bp.add_url_rule("/timesheets", view_func=list_timesheets, methods=["GET"])
    bp.add_url_rule("/timesheets", view_func=create_timesheet, methods=["POST"])
    bp.add_url_rule("/timesheets/<int:timesheet_id>", view_func=show_timesheet, methods=["GET"])
    bp.add_url_rule("/timesheets/<int:timesheet_id>/submit", view_func=submit_timesheet, methods=["POST"])
    bp.add_url_rule("/timesheets/<int:timesheet_id>/approve", view_func=approve_timesheet, methods=["POST"])
    bp.add_url_rule("/timesheets/<int:timesheet_id>/query", view_func=query_timesheet, methods=["POST"])
    bp.add_url_rule("/shifts/<int:shift_id>/clock-in", view_func=clock_in_to_shift, methods=["POST"])
    bp.add_url_rule("/shifts/<int:shift_id>/clock-out", view_func=clock_out_of_shift, methods=["POST"])


@allow("timesheet.view")
@documented(Call(query=TimesheetQuery, answer=TimesheetPage))
def list_timesheets() -> Response:
    """Answer the timesheets one may see, the newest first; `from` and `to` are days, both included."""
    who, wanted = person(), _wanted()

    def fetch(limit: int, before: int | None) -> list[Sheet]:
        query = sheets().where(seen_by(who), *wanted).order_by(Timesheet.id.desc()).limit(limit)
        if before is not None:
            query = query.where(Timesheet.id < before)
        return [Sheet(*row) for row in reading().execute(query)]

    return jsonify(page_of(fetch, lambda sheet: sheet.id, as_body))


def _wanted() -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if (home_id := asked_home(reading())) is not None:
        found.append(Timesheet.home_id == home_id)
    if first := asked_day("from"):
        found.append(Timesheet.local_date >= first)
    if last := asked_day("to"):
        found.append(Timesheet.local_date <= last)
    if status := asked_word("status", TimesheetStatus):
        found.append(Timesheet.status == status)
    if staff_id := whole("staff", None, least=1):
        found.append(Timesheet.staff_id == staff_id)
    return found


@allow("timesheet.view")
@documented(Call(answer=TimesheetAnswer))
def show_timesheet(timesheet_id: int) -> Response:
    """Answer one timesheet; its version is the ETag."""
    return _answer(as_body(visible_sheet(reading(), person(), timesheet_id)))


@allow("timesheet.submit", scope="rota")
@documented(Call(body=TimesheetBody, answer=TimesheetAnswer, status=201, once=True, conflict=True))
def create_timesheet() -> tuple[Response, int, dict[str, str]]:
    """Hand in the hours of a shift, one's own or those of somebody one looks after."""
    body, who = body_as(TimesheetBody), person()
    hours = body.hours()
    made = _once(lambda session, cause: handing_in.hand_in(session, cause, who, body.shift_id, hours))
    return _answer(made), 201, {"Location": url_for("api.show_timesheet", timesheet_id=made["id"])}


@allow("timesheet.submit", scope="rota")
@documented(Call(body=HoursBody, answer=TimesheetAnswer, if_match="may", once=True, conflict=True))
def submit_timesheet(timesheet_id: int) -> Response:
    """Hand in a timesheet that was begun by clocking in, or that was queried."""
    hours, seen, who = body_as(HoursBody).hours(), seen_version(), person()
    act = handing_in.hand_in_again
    return _answer(_once(lambda session, cause: act(session, cause, who, timesheet_id, hours, seen=seen)))


@allow("timesheet.decide", scope="rota")
@documented(Call(body=NoBody, answer=TimesheetAnswer, if_match="may", once=True, conflict=True))
def approve_timesheet(timesheet_id: int) -> Response:
    """Approve hours to be paid; never one's own."""
    body_as(NoBody)
    seen, who = seen_version(), person()
    return _answer(_once(lambda session, cause: deciding.approve(session, cause, who, timesheet_id, seen=seen)))


@allow("timesheet.decide", scope="rota")
@documented(Call(body=QueryBody, answer=TimesheetAnswer, if_match="may", once=True, conflict=True))
def query_timesheet(timesheet_id: int) -> Response:
    """Give hours back with a question."""
    reason, seen, who = body_as(QueryBody).reason, seen_version(), person()
    act = deciding.query
    return _answer(_once(lambda session, cause: act(session, cause, who, timesheet_id, reason=reason, seen=seen)))


@allow("timesheet.submit", scope="rota")
@documented(Call(body=ReasonBody, answer=TimesheetAnswer, once=True, conflict=True))
def clock_in_to_shift(shift_id: int) -> Response:
    """Say that one has come to one's own shift, and why late; answers the timesheet that begins with it."""
    words, who = body_as(ReasonBody).reason, person()
    return _answer(_once(lambda session, cause: clocking.clock_in(session, cause, who, shift_id, words=words)))


@allow("timesheet.submit", scope="rota")
@documented(Call(body=NoBody, answer=TimesheetAnswer, once=True, conflict=True))
def clock_out_of_shift(shift_id: int) -> Response:
    """Say that one goes from one's own shift."""
    body_as(NoBody)
    who = person()
    return _answer(_once(lambda session, cause: clocking.clock_out(session, cause, who, shift_id)))


def as_body(sheet: Sheet) -> dict[str, Any]:
    """Write a timesheet as JSON."""
    difference = sheet.difference
    return {
        "id": sheet.id,
        "uid": sheet.uid,
        "care_home_id": sheet.home_id,
        "shift_id": sheet.shift_id,
        "staff_id": sheet.staff_id,
        "staff_name": sheet.staff_name,
        "date": sheet.local_date,
        "in_at": sheet.in_at,
        "out_at": sheet.out_at,
        "break_minutes": sheet.break_minutes,
        "hours": sheet.hours,
        "planned_hours": sheet.planned_hours,
        "difference": "" if difference is None else difference.text,
        "as_planned": difference is not None and difference.matches,
        "status": sheet.status,
        "note": sheet.note,
        "reason": sheet.reason,
        "submitted_at": sheet.submitted_at,
        "decided_by": sheet.decided_by,
        "decided_at": sheet.decided_at,
        "version": sheet.version,
    }


def _once(act: Callable[[Session, Cause], Sheet]) -> dict[str, Any]:
    """Do something to a timesheet once for each Idempotency-Key, and answer the timesheet as it was right after it."""
    cause, key = cause_of(), request.headers.get("Idempotency-Key")
    made: dict[str, Any] = change(lambda session: once(session, key, cause.at, lambda: as_body(act(session, cause))))
    return made


def _answer(body: dict[str, Any]) -> Response:
    return tagged(jsonify(body), body["version"])
