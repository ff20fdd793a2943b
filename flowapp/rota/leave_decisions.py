"""Deciding a leave request, and taking it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.events.leave import LeaveApproved, LeaveRejected
from flowapp.kernel.errors import Conflict, Problem, Refused
from flowapp.kernel.prepared import Prepared
from flowapp.rota.leave import LeaveRequest, LeaveStatus, OpenRequest, request_as_it_is
from flowapp.rota.leave_balance import LedgerKind
from flowapp.rota.leave_gathering import Gathered, as_rows, checks_of, days_as_rows
from flowapp.rota.leave_giving_back import Tell, give_back
from flowapp.rota.leave_rules import CheckResult, blocking
from flowapp.rota.leave_writing import decided_by, enter, gathered_for, move, note, tell_decided
from flowapp.rota.reasons import read_reason


def approve(session: Session, cause: Cause, who: Person, request_id: int, *, reason: str = "") -> OpenRequest:
    """Grant leave: the hours are taken from the balance. Answers the request as it stands now.

    Raises NotFound or NotAllowed when `who` may not decide it, Conflict when it is decided already, Refused when
    a rule forbids it now.
    """
    reason = read_reason(reason)
    request = _open_request(session, who, request_id)
    gathered = gathered_for(session, request, cause.at, decider=who)
    results = checks_of(gathered)
    if problems := blocking(results):
        raise Refused(problems)
    _decide(session, cause, request, LeaveStatus.APPROVED, reason, gathered, results)
    for share in gathered.shares:
        if share.entitlement_id is not None:
            enter(session, cause, request, share.entitlement_id, LedgerKind.TAKE, -share.takes.hours)
    tell_decided(session, cause, request, gathered, LeaveApproved, LeaveStatus.APPROVED, reason)
    return request._replace(status=LeaveStatus.APPROVED, hours=gathered.facts.count.hours, version=request.version + 1)


def reject(session: Session, cause: Cause, who: Person, request_id: int, *, reason: str) -> OpenRequest:
    """Turn leave down; the reason is required, since somebody will read it. Raises as `approve` does."""
    reason = read_reason(reason)
    if not reason:
        message = "Say why the leave is turned down; the person will read it."
        raise Refused([Problem(path="reason", code="missing", message=message)])
    request = _open_request(session, who, request_id)
    gathered = gathered_for(session, request, cause.at, decider=who)
    results = checks_of(gathered)
    if who.staff_id == request.staff_id:
        raise Refused([p for p in blocking(results) if p.code == "L10"])
    _decide(session, cause, request, LeaveStatus.REJECTED, reason, gathered, results)
    tell_decided(session, cause, request, gathered, LeaveRejected, LeaveStatus.REJECTED, reason)
    return request._replace(status=LeaveStatus.REJECTED, hours=gathered.facts.count.hours, version=request.version + 1)


def take_back(
    session: Session, cause: Cause, who: Person, request_id: int, *, reason: str = "", tell: Tell | None = None
) -> LeaveStatus:
    """Withdraw a request that is not decided yet, or give approved leave back.

    Answers where the request stands now: whoever decides on leave in the home cancels at once, others ask for it.
    `tell` reaches somebody whose leave is cancelled by another. Raises Conflict when there is nothing to take back
    any more.
    """
    reason = read_reason(reason)
    request = request_as_it_is(session, request_id)
    require(who, "leave.request", On(home_id=request.home_id, staff_id=request.staff_id))
    if request.status == LeaveStatus.REQUESTED:
        move(session, request, LeaveStatus.WITHDRAWN)
        note(session, cause, request, LeaveStatus.WITHDRAWN, reason)
        return LeaveStatus.WITHDRAWN
    if request.status in (LeaveStatus.APPROVED, LeaveStatus.CANCEL_REQUESTED):
        return give_back(session, cause, who, request, reason=reason, tell=tell)
    raise Conflict(f"{_stands(request)}, so there is nothing to take back.")


def checks_now(session: Session, request_id: int, at: datetime, decider: Person | None) -> tuple[CheckResult, ...]:
    """Answer every rule's result as it would be if the request were decided now."""
    return checks_of(gathered_for(session, request_as_it_is(session, request_id), at, decider=decider))


def _open_request(session: Session, who: Person, request_id: int) -> OpenRequest:
    request = request_as_it_is(session, request_id)
    require(who, "leave.decide", On(home_id=request.home_id, staff_id=request.staff_id))
    if request.status != LeaveStatus.REQUESTED:
        raise Conflict(f"{_already(request)}. Nothing was changed.")
    return request


def _already(request: OpenRequest) -> str:
    if request.status in _STANDS:
        return _stands(request)
    status = LeaveStatus.APPROVED if request.status == LeaveStatus.CANCEL_REQUESTED else request.status
    by = f" by {request.decided_by}" if request.decided_by else ""
    return f"This request is already {status.label.lower()}{by}"


def _stands(request: OpenRequest) -> str:
    return _STANDS.get(request.status) or f"This request is {request.status.label.lower()}"


_STANDS = {
    LeaveStatus.TAKEN: "This leave is over",
    LeaveStatus.EXPIRED: "This request ran out undecided",
}


def _decide(
    session: Session,
    cause: Cause,
    request: OpenRequest,
    status: LeaveStatus,
    reason: str,
    gathered: Gathered,
    results: tuple[CheckResult, ...],
) -> None:
    """Write the decision, with what the leave takes as it is counted now: a pattern may have changed meanwhile."""
    count = gathered.facts.count
    changed = _DECIDE.run(
        session,
        row_id=request.id,
        seen=request.version,
        to=status,
        by=decided_by(cause),
        by_id=cause.actor.id,
        at=cause.at,
        execution_id=cause.actor.execution_id,
        because=reason,
        found=as_rows(results),
        days_now=count.days,
        hours_now=count.hours,
        per_day_now=days_as_rows(count),
    )
    if changed != 1:
        raise Conflict


_DECIDE: Prepared[Any] = Prepared(
    update(LeaveRequest)
    .where(LeaveRequest.id == bindparam("row_id"), LeaveRequest.version == bindparam("seen"))
    .values(
        status=bindparam("to"),
        version=LeaveRequest.version + 1,
        decided_by=bindparam("by"),
        decided_by_id=bindparam("by_id"),
        decided_at=bindparam("at"),
        decision_execution_id=bindparam("execution_id"),
        decision_reason=bindparam("because"),
        checks=bindparam("found"),
        days=bindparam("days_now"),
        hours=bindparam("hours_now"),
        per_day=bindparam("per_day_now"),
    )
)
