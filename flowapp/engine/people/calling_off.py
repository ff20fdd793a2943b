"""Ending an execution because a person says so."""

from __future__ import annotations

from sqlalchemy.orm import Session

from flowapp.engine.cancelling import cancel_executions
from flowapp.engine.ending import follow
from flowapp.engine.execution import ExecutionStatus
from flowapp.engine.parts import EngineParts
from flowapp.engine.people.parked import note, parked
from flowapp.engine.undoing.undoing import refuse_live
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict, Problem, Refused
from flowapp.rota.reasons import read_reason

WHY = "Say why the run is cancelled; whoever looks at it later will read it."
TOO_LATE = "This run came to its end before it could be cancelled. Look at what it did."


def cancel(
    parts: EngineParts, session: Session, cause: Cause, execution_id: int, *, reason: str, undo: bool = False
) -> None:
    """End an execution that is under way because a person says so; the reason is required, since people read it.

    One that is cancelled already stays so. With `undo` it is cancelled only if what it did can be looked at then:
    `undoing.undo` comes after it, in transactions of its own. Raises Conflict when it came to its end before, Refused
    without a reason.
    """
    reason = read_reason(reason)
    if not reason:
        raise Refused([Problem(path="reason", code="missing", message=WHY)])
    found = parked(session, execution_id)
    if found["status"] is ExecutionStatus.CANCELLED:
        return
    said = f"Cancelled by {cause.actor.name}: {reason}"
    ended = cancel_executions(session, [execution_id], reason=said, at=cause.at)
    if not ended:
        raise Conflict(TOO_LATE)
    follow(parts, session, ended)
    if undo:
        refuse_live(session, execution_id)
    note(session, cause, found, "cancel", after={"undo": True} if undo else None, reason=reason)
