"""Deciding a leave request, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import ActorKind, Cause
from flowapp.events.event import Change, Event
from flowapp.events.leave import LeaveApproved, LeaveCancelled, LeaveRejected
from flowapp.events.outbox import record
from flowapp.kernel.errors import Conflict, Problem, Refused
from flowapp.kernel.prepared import Prepared
from flowapp.rota.leave import LeaveRequest, LeaveStatus, OpenRequest, request_as_it_is
from flowapp.rota.leave_balance import LedgerKind, add_entry, taken_by
from flowapp.rota.leave_events import Asked, decided_context
from flowapp.rota.leave_gathering import Gathered, as_rows, checks_of, days_as_rows, gather
from flowapp.rota.leave_rules import CheckResult, blocking
from flowapp.rota.leave_types import leave_type
from flowapp.rota.reasons import read_reason


def approve(session: Session, cause: Cause, who: Person, request_id: int, *, reason: str = "") -> None:
    """Grant leave: the hours are taken from the balance.

    Raises NotFound or NotAllowed when `who` may not decide it, Conflict when it is decided already, Refused when
    a rule forbids it now.
    """
    reason = read_reason(reason)
    request = _open_request(session, who, request_id)
    gathered = _gathered(session, request, cause.at, decider=who)
    results = checks_of(gathered)
    if problems := blocking(results):
        raise Refused(problems)
    _decide(session, cause, request, LeaveStatus.APPROVED, reason, gathered, results)
    for share in gathered.shares:
        if share.entitlement_id is not None:
            _enter(session, cause, request, share.entitlement_id, LedgerKind.TAKE, -share.takes.hours)
    _tell(session, cause, request, gathered, LeaveApproved, LeaveStatus.APPROVED, reason)


def reject(session: Session, cause: Cause, who: Person, request_id: int, *, reason: str) -> None:
    """Turn leave down; the reason is required, since somebody will read it. Raises as `approve` does."""
    reason = read_reason(reason)
    if not reason:
        message = "Say why the leave is turned down; the person will read it."
        raise Refused([Problem(path="reason", code="missing", message=message)])
    request = _open_request(session, who, request_id)
    gathered = _gathered(session, request, cause.at, decider=who)
    results = checks_of(gathered)
    if who.staff_id == request.staff_id:
        raise Refused([p for p in blocking(results) if p.code == "L10"])
    _decide(session, cause, request, LeaveStatus.REJECTED, reason, gathered, results)
    _tell(session, cause, request, gathered, LeaveRejected, LeaveStatus.REJECTED, reason)


def take_back(session: Session, cause: Cause, who: Person, request_id: int, *, reason: str = "") -> LeaveStatus:
    """Withdraw a request that is not decided yet, or cancel approved leave and give the hours back.

    Answers where the request stands now. Raises Conflict when there is nothing to take back any more.
    """
    reason = read_reason(reason)
    request = request_as_it_is(session, request_id)
    require(who, "leave.request", On(home_id=request.home_id, staff_id=request.staff_id))
    if request.status == LeaveStatus.REQUESTED:
        _move(session, request, LeaveStatus.WITHDRAWN)
        _note(session, cause, request, LeaveStatus.WITHDRAWN, reason)
        return LeaveStatus.WITHDRAWN
    if request.status != LeaveStatus.APPROVED:
        raise Conflict(f"This request is {_words(request)}, so there is nothing to take back.")
    gathered = _gathered(session, request, cause.at, decider=None)
    if request.start_date <= gathered.facts.today:
        raise Conflict("This leave has begun. Ask your manager to change it.")
    _move(session, request, LeaveStatus.CANCELLED)
    for entitlement_id, hours in taken_by(session, request_id):
        _enter(session, cause, request, entitlement_id, LedgerKind.REFUND, -hours)
    _tell(session, cause, request, gathered, LeaveCancelled, LeaveStatus.CANCELLED, reason)
    return LeaveStatus.CANCELLED


def _enter(
    session: Session, cause: Cause, request: OpenRequest, entitlement_id: int, kind: LedgerKind, hours: Decimal
) -> None:
    add_entry(session, entitlement_id, kind, hours, at=cause.at, by=cause.actor.label, leave_request_id=request.id)


def checks_now(session: Session, request_id: int, at: datetime, decider: Person | None) -> tuple[CheckResult, ...]:
    """Answer every rule's result as it would be if the request were decided now."""
    return checks_of(_gathered(session, request_as_it_is(session, request_id), at, decider=decider))


def _open_request(session: Session, who: Person, request_id: int) -> OpenRequest:
    request = request_as_it_is(session, request_id)
    require(who, "leave.decide", On(home_id=request.home_id, staff_id=request.staff_id))
    if request.status != LeaveStatus.REQUESTED:
        by = f" by {request.decided_by}" if request.decided_by else ""
        raise Conflict(f"This request is already {_words(request)}{by}. Nothing was changed.")
    return request


def _words(request: OpenRequest) -> str:
    return LeaveStatus(request.status).label.lower()


def _gathered(session: Session, request: OpenRequest, at: datetime, *, decider: Person | None) -> Gathered:
    return gather(
        session,
        request.staff_id,
        leave_type(request.type),
        request.period,
        at,
        leave_request_id=request.id,
        decider_staff_id=decider.staff_id if decider else None,
    )


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


def decided_by(cause: Cause) -> str:
    """Say who decides, for people."""
    if cause.actor.kind is ActorKind.WORKFLOW:
        return f"the workflow “{cause.actor.name}”"
    return cause.actor.name


_MOVE: Prepared[Any] = Prepared(
    update(LeaveRequest)
    .where(LeaveRequest.id == bindparam("row_id"), LeaveRequest.version == bindparam("seen"))
    .values(status=bindparam("to"), version=LeaveRequest.version + 1)
)
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


def _move(session: Session, request: OpenRequest, to: LeaveStatus) -> None:
    """Change the status if nobody else did since it was read; raises Conflict otherwise."""
    if _MOVE.run(session, row_id=request.id, seen=request.version, to=to) != 1:
        raise Conflict


def _tell(
    session: Session,
    cause: Cause,
    request: OpenRequest,
    gathered: Gathered,
    event: Callable[..., Event],
    status: LeaveStatus,
    reason: str,
) -> None:
    _note(session, cause, request, status, reason)
    context = decided_context(
        Asked(request_id=request.id, reason=request.reason, gathered=gathered),
        cause,
        decided_by=decided_by(cause),
        auto=cause.actor.kind is ActorKind.WORKFLOW,
        reason=reason,
    )
    changes = (Change(field="status", old=request.status, new=status),)
    happened = event(subject_id=request.id, care_home_id=request.home_id, cause=cause, context=context, changes=changes)
    record(session, happened)


def _note(session: Session, cause: Cause, request: OpenRequest, status: LeaveStatus, reason: str) -> None:
    audit.write(
        session,
        cause,
        action=f"leave.{status.value}",
        entity="leave_request",
        entity_id=request.id,
        home_id=request.home_id,
        before={"status": request.status},
        after={"status": status},
        reason=reason,
    )
