"""What every change of a leave request writes: where it stands now, the audit, and what its event tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.people import Person
from flowapp.events.cause import ActorKind, Cause
from flowapp.events.event import Change, Event
from flowapp.events.leave import LeaveContext
from flowapp.events.outbox import record
from flowapp.kernel.errors import Conflict
from flowapp.kernel.prepared import Prepared
from flowapp.rota.leave import LeaveRequest, LeaveStatus, OpenRequest
from flowapp.rota.leave_balance import LedgerKind, add_entry
from flowapp.rota.leave_events import Asked, asked_context, decided_context
from flowapp.rota.leave_gathering import Gathered, gather
from flowapp.rota.leave_types import leave_type

_MOVE: Prepared[Any] = Prepared(
    update(LeaveRequest)
    .where(LeaveRequest.id == bindparam("row_id"), LeaveRequest.version == bindparam("seen"))
    .values(status=bindparam("to"), version=LeaveRequest.version + 1)
)


def gathered_for(session: Session, request: OpenRequest, at: datetime, *, decider: Person | None = None) -> Gathered:
    """Look up what the rules need to know of a request that exists."""
    return gather(
        session,
        request.staff_id,
        leave_type(request.type),
        request.period,
        at,
        leave_request_id=request.id,
        decider_staff_id=decider.staff_id if decider else None,
    )


def move(session: Session, request: OpenRequest, to: LeaveStatus) -> None:
    """Change the status if nobody else did since it was read; raises Conflict otherwise."""
    if _MOVE.run(session, row_id=request.id, seen=request.version, to=to) != 1:
        raise Conflict


def enter(
    session: Session, cause: Cause, request: OpenRequest, entitlement_id: int, kind: LedgerKind, hours: Decimal
) -> None:
    """Write what a request takes from an entitlement, or gives back to it."""
    add_entry(session, entitlement_id, kind, hours, at=cause.at, by=cause.actor.label, leave_request_id=request.id)


def note(
    session: Session, cause: Cause, request: OpenRequest, status: LeaveStatus, reason: str = "", *, action: str = ""
) -> None:
    """Write in the audit how a request came to stand; `action` where the status alone does not tell."""
    audit.write(
        session,
        cause,
        action=action or f"leave.{status.value}",
        entity="leave_request",
        entity_id=request.id,
        home_id=request.home_id,
        before={"status": request.status},
        after={"status": status},
        reason=reason,
    )


def tell_asked(
    session: Session,
    cause: Cause,
    request: OpenRequest,
    gathered: Gathered,
    event: Callable[..., Event],
    status: LeaveStatus,
) -> None:
    """Write the event of a change that nobody decided."""
    asked = Asked(request_id=request.id, reason=request.reason, gathered=gathered)
    _record(session, cause, request, event, status, asked_context(asked, cause))


def tell_decided(
    session: Session,
    cause: Cause,
    request: OpenRequest,
    gathered: Gathered,
    event: Callable[..., Event],
    status: LeaveStatus,
    reason: str,
) -> None:
    """Write the audit and the event of a decision."""
    note(session, cause, request, status, reason)
    context = decided_context(
        Asked(request_id=request.id, reason=request.reason, gathered=gathered),
        cause,
        decided_by=decided_by(cause),
        auto=cause.actor.kind is ActorKind.WORKFLOW,
        reason=reason,
    )
    _record(session, cause, request, event, status, context)


def decided_by(cause: Cause) -> str:
    """Say who decides, for people."""
    if cause.actor.kind is ActorKind.WORKFLOW:
        return f"the workflow “{cause.actor.name}”"
    return cause.actor.name


def _record(
    session: Session,
    cause: Cause,
    request: OpenRequest,
    event: Callable[..., Event],
    status: LeaveStatus,
    context: LeaveContext,
) -> None:
    changes = (Change(field="status", old=request.status, new=status),)
    happened = event(subject_id=request.id, care_home_id=request.home_id, cause=cause, context=context, changes=changes)
    record(session, happened)
