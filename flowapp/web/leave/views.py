"""Asking for leave, seeing one's own, and deciding."""

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
from flowapp.http.idempotency import KeyReused, form_sent_before, once
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import NotFound, Refused
from flowapp.kernel.ids import new_token
from flowapp.messaging.in_app import notify
from flowapp.rota import leave_decisions, leave_giving_back
from flowapp.rota.leave import LeaveRequest, LeaveStatus, leave_request
from flowapp.rota.leave_asking import request_leave
from flowapp.rota.leave_gathering import as_rows
from flowapp.web.leave.forms import LeaveForm, period_of, read_leave_form
from flowapp.web.leave.pages import leave_page, request_page
from flowapp.web.page import go_to, show

bp = Blueprint("leave", __name__, url_prefix="/leave")


@bp.get("/")
@allow("leave.view")
def index() -> Response:
    """Show one's own leave and the form."""
    return _index(LeaveForm(), new_token())


def _index(form: LeaveForm, nonce: str, status: int = 200) -> Response:
    page = leave_page(reading(), person(), form, nonce, flow().clock.now())
    return show("leave/index.html", page, status=status)


@bp.post("/")
@allow("leave.request")
def ask() -> Response:
    """Ask for leave."""
    form, nonce = read_leave_form(request.form), request.form.get("nonce", "")
    cause, staff_id = cause_of(), person().staff_id
    if staff_id is None:
        raise NotFound("Your account does not belong to a member of staff, so there is no leave to ask for.")
    try:
        period = period_of(form)

        def write(session: Session) -> int:
            return request_leave(
                session, cause, staff_id=staff_id, type_code=form.type, period=period, reason=form.reason
            )

        leave_id = change(lambda session: once(session, nonce, cause.at, lambda: write(session)))
    except KeyReused:
        return _index(form.with_problems(form_sent_before("start_date").problems), new_token(), status=422)
    except Refused as refused:
        return _index(form.with_problems(refused.problems), nonce, status=422)
    return go_to(url_for("leave.show_request", leave_id=leave_id))


@bp.get("/<int:leave_id>/")
@allow("leave.view")
def show_request(leave_id: int) -> Response:
    """Show one leave request."""
    return _show(_load(leave_id))


def _load(leave_id: int) -> LeaveRequest:
    found = leave_request(reading(), leave_id)
    require(person(), "leave.view", On(home_id=found.home_id, staff_id=found.staff_id))
    return found


def _show(found: LeaveRequest, status: int = 200, **typed: Any) -> Response:
    who, now = person(), flow().clock.now()
    if found.status == LeaveStatus.REQUESTED:
        checks = as_rows(leave_decisions.checks_now(reading(), found.id, now, who))
    else:
        checks = found.checks or []
    drawn = tuple({"result": _RESULTS[c["outcome"]], "rule": c["title"], "sentence": c["text"]} for c in checks)
    page = request_page(reading(), who, found, drawn, now=now, **typed)
    return show("leave/request.html", page, status=status)


_RESULTS = {"pass": "pass", "inform": "warn", "block": "block"}


@bp.post("/<int:leave_id>/approve")
@allow("leave.decide")
def approve(leave_id: int) -> Response:
    """Approve a request."""
    return _decide(
        leave_id,
        "Leave approved.",
        lambda session, cause, who, reason: leave_decisions.approve(session, cause, who, leave_id, reason=reason),
    )


@bp.post("/<int:leave_id>/reject")
@allow("leave.decide")
def reject(leave_id: int) -> Response:
    """Turn a request down."""
    return _decide(
        leave_id,
        "Leave turned down.",
        lambda session, cause, who, reason: leave_decisions.reject(session, cause, who, leave_id, reason=reason),
    )


@bp.post("/<int:leave_id>/let-cancel")
@allow("leave.decide")
def let_cancel(leave_id: int) -> Response:
    """Let somebody cancel the leave they asked to give back."""
    act = leave_giving_back.let_cancel
    return _decide(
        leave_id,
        "Leave cancelled.",
        lambda session, cause, who, reason: act(session, cause, who, leave_id, tell=notify, reason=reason),
    )


@bp.post("/<int:leave_id>/keep")
@allow("leave.decide")
def keep(leave_id: int) -> Response:
    """Keep leave that somebody asked to give back."""
    act = leave_giving_back.keep
    return _decide(
        leave_id,
        "The leave stays approved.",
        lambda session, cause, who, reason: act(session, cause, who, leave_id, tell=notify, reason=reason),
    )


@bp.post("/<int:leave_id>/take-back")
@allow("leave.request")
def take_back(leave_id: int) -> Response:
    """Withdraw one's request, or give one's leave back."""
    return _decide(
        leave_id,
        "Taken back.",
        lambda session, cause, who, _reason: leave_decisions.take_back(session, cause, who, leave_id, tell=notify),
    )


_ASKED = "You have asked to cancel this leave. It stays approved until somebody answers."


def _decide(leave_id: int, done: str, act: Callable[..., Any]) -> Response:
    found, reason = _load(leave_id), request.form.get("reason", "").strip()
    cause, who = cause_of(), person()

    def write(session: Session) -> object:
        return act(session, cause, who, reason)

    try:
        stands = change(write)
    except Refused as refused:
        errors = {problem.path or "reason": problem.message for problem in refused.problems}
        return _show(found, 422, reason=reason, errors=errors)
    flash(_ASKED if stands is LeaveStatus.CANCEL_REQUESTED else done, "success")
    return go_to(url_for("leave.show_request", leave_id=leave_id))
