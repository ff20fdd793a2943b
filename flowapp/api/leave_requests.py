"""Leave requests over the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can, homes_of, require
from flowapp.accounts.people import On, Person
from flowapp.api.bodies import body_as
from flowapp.api.lists import page_of
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.leave_requests import LeaveAnswer, LeaveBody, LeaveChecks, LeavePage, LeaveQuery
from flowapp.api.schemas.values import ReasonBody
from flowapp.events.cause import Cause
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import Problem, Refused
from flowapp.messaging.in_app import notify
from flowapp.rota import leave_decisions, leave_giving_back
from flowapp.rota.leave import LeaveRequest, LeaveStatus, leave_request, requests_with_staff
from flowapp.rota.leave_asking import request_leave
from flowapp.rota.leave_days import LeavePeriod
from flowapp.rota.leave_gathering import as_rows
from flowapp.rota.staff import Staff, member


def add_to(bp: Blueprint) -> None:
    """Add the calls about leave requests."""
    bp.add_url_rule("/leave-requests", view_func=list_leave_requests, methods=["GET"])
    bp.add_url_rule("/leave-requests", view_func=create_leave_request, methods=["POST"])
    bp.add_url_rule("/leave-requests/<int:leave_id>", view_func=show_leave_request, methods=["GET"])
    bp.add_url_rule("/leave-requests/<int:leave_id>/checks", view_func=leave_request_checks, methods=["GET"])
    bp.add_url_rule("/leave-requests/<int:leave_id>/approve", view_func=approve_leave_request, methods=["POST"])
    bp.add_url_rule("/leave-requests/<int:leave_id>/reject", view_func=reject_leave_request, methods=["POST"])
    bp.add_url_rule("/leave-requests/<int:leave_id>/cancel", view_func=cancel_leave_request, methods=["POST"])
    bp.add_url_rule("/leave-requests/<int:leave_id>/keep", view_func=keep_leave, methods=["POST"])


@allow("leave.view")
@documented(Call(query=LeaveQuery, answer=LeavePage))
def list_leave_requests() -> Response:
    """Answer the leave requests one may see, the newest first."""
    who = person()

    def fetch(limit: int, before: int | None) -> Any:
        query = requests_with_staff().order_by(None).order_by(LeaveRequest.id.desc()).limit(limit)
        homes = homes_of(who, "leave.view")
        if homes is not None:
            query = query.where(LeaveRequest.home_id.in_(homes) | (LeaveRequest.staff_id == (who.staff_id or 0)))
        if before is not None:
            query = query.where(LeaveRequest.id < before)
        if status := request.args.get("status"):
            query = query.where(LeaveRequest.status == _status(status))
        return reading().execute(query).all()

    return jsonify(page_of(fetch, lambda row: row[0].id, lambda row: as_body(row[0], row[1], who)))


def _status(text: str) -> LeaveStatus:
    if text not in set(LeaveStatus):
        known = ", ".join(LeaveStatus)
        raise Refused([Problem(path="status", code="bad_value", message=f"status must be one of {known}.")])
    return LeaveStatus(text)


@allow("leave.request", scope="rota")
@documented(Call(body=LeaveBody, answer=LeaveAnswer, status=201, once=True))
def create_leave_request() -> tuple[Response, int, dict[str, str]]:
    """Ask for leave; a workflow may have decided by the time of the answer."""
    body, who, cause = body_as(LeaveBody), person(), cause_of()
    staff_id = body.staff_id if body.staff_id is not None else who.staff_id
    if staff_id is None:
        message = "Your account does not belong to a member of staff: say staff_id."
        raise Refused([Problem(path="staff_id", code="missing", message=message)])
    if staff_id != who.staff_id:
        require(who, "leave.request", On(home_id=member(reading(), staff_id).home_id, staff_id=staff_id))
    period = LeavePeriod.of(
        start=body.start_date, end=body.end_date, start_part=body.start_part, end_part=body.end_part
    )

    def write(session: Session) -> int:
        return request_leave(session, cause, staff_id=staff_id, type_code=body.type, period=period, reason=body.reason)

    key = request.headers.get("Idempotency-Key")
    leave_id = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    location = url_for("api.show_leave_request", leave_id=leave_id)
    return _answer(leave_id), 201, {"Location": location}


@allow("leave.view")
@documented(Call(answer=LeaveAnswer))
def show_leave_request(leave_id: int) -> Response:
    """Answer one leave request."""
    _load(leave_id)
    return _answer(leave_id)


@allow("leave.view")
@documented(Call(answer=LeaveChecks))
def leave_request_checks(leave_id: int) -> Response:
    """Answer what every rule says: as it was when it was decided, or as it is now."""
    found = _load(leave_id)
    if found.status != LeaveStatus.REQUESTED:
        return jsonify({"items": found.checks or []})
    results = leave_decisions.checks_now(reading(), leave_id, flow().clock.now(), person())
    return jsonify({"items": as_rows(results)})


@allow("leave.decide", scope="rota")
@documented(Call(body=ReasonBody, answer=LeaveAnswer, once=True, conflict=True))
def approve_leave_request(leave_id: int) -> Response:
    """Approve a leave request."""
    body, cause, who = body_as(ReasonBody), cause_of(), person()
    act = leave_decisions.approve
    return _changed(leave_id, cause, lambda session: act(session, cause, who, leave_id, reason=body.reason))


@allow("leave.decide", scope="rota")
@documented(Call(body=ReasonBody, answer=LeaveAnswer, once=True, conflict=True))
def reject_leave_request(leave_id: int) -> Response:
    """Turn a leave request down."""
    body, cause, who = body_as(ReasonBody), cause_of(), person()
    act = leave_decisions.reject
    return _changed(leave_id, cause, lambda session: act(session, cause, who, leave_id, reason=body.reason))


@allow("leave.request", scope="rota")
@documented(Call(body=ReasonBody, answer=LeaveAnswer, once=True, conflict=True))
def cancel_leave_request(leave_id: int) -> Response:
    """Withdraw a request, or give approved leave back.

    Whoever decides on leave in the home cancels it at once, asked to or not; others ask for it.
    """
    body, cause, who = body_as(ReasonBody), cause_of(), person()
    act = leave_decisions.take_back
    return _changed(leave_id, cause, lambda s: act(s, cause, who, leave_id, reason=body.reason, tell=notify))


@allow("leave.decide", scope="rota")
@documented(Call(body=ReasonBody, answer=LeaveAnswer, once=True, conflict=True))
def keep_leave(leave_id: int) -> Response:
    """Keep approved leave that the person asked to cancel.

    The reason is required, since they read it.
    """
    body, cause, who = body_as(ReasonBody), cause_of(), person()
    keep = leave_giving_back.keep
    return _changed(leave_id, cause, lambda s: keep(s, cause, who, leave_id, tell=notify, reason=body.reason))


def _changed(leave_id: int, cause: Cause, act: Callable[[Session], object]) -> Response:
    """Change a request once, however often the same call arrives, and answer it as it is then."""
    key = request.headers.get("Idempotency-Key")

    def write(session: Session) -> int:
        act(session)
        return leave_id

    change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return _answer(leave_id)


def _load(leave_id: int) -> LeaveRequest:
    found = leave_request(reading(), leave_id)
    require(person(), "leave.view", On(home_id=found.home_id, staff_id=found.staff_id))
    return found


def _answer(leave_id: int) -> Response:
    found = leave_request(reading(), leave_id)
    return jsonify(as_body(found, member(reading(), found.staff_id), person()))


def as_body(found: LeaveRequest, staff: Staff, who: Person) -> dict[str, Any]:
    """Write a leave request as JSON; what one may not see is left out."""
    body: dict[str, Any] = {
        "id": found.id,
        "uid": found.uid,
        "staff_id": found.staff_id,
        "staff_name": staff.name,
        "type": found.type,
        "start_date": found.start_date.isoformat(),
        "start_part": found.start_part,
        "end_date": found.end_date.isoformat(),
        "end_part": found.end_part,
        "days": found.days,
        "hours": found.hours,
        "calendar_days": found.calendar_days,
        "status": found.status,
        "reason": found.reason,
        "decided_by": found.decided_by,
        "decided_at": found.decided_at.isoformat() if found.decided_at else None,
        "decision_reason": found.decision_reason,
        "auto_decided": found.auto_decided,
        "version": found.version,
    }
    if not can(who, "leave.reason", On(home_id=found.home_id, staff_id=found.staff_id)):
        del body["reason"]
    return body
