"""Trying a failed execution again: from the step that failed, or as a new one from the start."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy.orm import Session

from flowapp.engine.execution import LIVE, ExecutionStatus
from flowapp.engine.parts import EngineParts
from flowapp.engine.people.parked import Parked, note, parked, reopen, retry_of, tell
from flowapp.engine.start import Start, write_start
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict
from flowapp.workflows.workflow import WorkflowStatus, version, workflow

Which = Literal["same", "current"]
UNDER_WAY = "This run is under way, so there is nothing to retry. Wait for its end, or cancel it first."
CAME_TO_ITS_END = "This run came to its end, so there is nothing to retry."
CANCELLED = "This run was cancelled, and with it all that was under way. Retry it from the start."


def retry_step(parts: EngineParts, session: Session, cause: Cause, execution_id: int) -> int:
    """Let a failed execution go on at the step that failed, and answer its number; what is done stays done.

    Raises Conflict saying why it cannot.
    """
    found = parked(session, execution_id)
    if refusal := why_not_from_step(found):
        raise Conflict(refusal)
    reopening = reopen(parts, session, found, cause.at)
    tell(parts, session, execution_id, reopening.ended, cause.at)
    note(session, cause, found, "retry", after={"from": "failed", "path": found["error"]["path"]})
    return execution_id


def why_not_from_step(found: Parked) -> str | None:
    """Say why an execution cannot go on at a step that failed, as far as its own row tells; `reopen` asks the rest."""
    if found["status"] in LIVE:
        return UNDER_WAY
    if found["status"] is ExecutionStatus.COMPLETED:
        return CAME_TO_ITS_END
    return CANCELLED if found["status"] is ExecutionStatus.CANCELLED else None


def retry_from_start(
    parts: EngineParts, session: Session, cause: Cause, execution_id: int, *, which: Which = "same"
) -> int:
    """Begin a failed or cancelled execution anew with what started it, and answer the new one's number.

    However often it is asked for, there is one. Raises Conflict where it makes no sense.
    """
    found = parked(session, execution_id)
    if (retried := retry_of(session, execution_id)) is not None:
        return retried
    if found["status"] in LIVE or found["status"] is ExecutionStatus.COMPLETED:
        raise Conflict(str(why_not_from_step(found)))
    execution_id = write_start(parts, session, _start(session, cause, found, which))
    note(session, cause, found, "retry", after={"from": "start", "version": which, "execution": execution_id})
    return execution_id


def _start(session: Session, cause: Cause, found: Parked, which: Which) -> Start:
    of = workflow(session, found["workflow_id"])
    if of.status != WorkflowStatus.ACTIVE or of.current_version is None:
        raise Conflict(f"“{of.name}” is not active, so it cannot be started. Publish it, or switch it on.")
    version_id: Any = found["version_id"] if which == "same" else version(session, of.id, of.current_version).id
    subject = (found["subject_type"], found["subject_id"]) if found["subject_type"] else None
    return Start(
        workflow_id=of.id,
        version_id=version_id,
        home_id=found["home_id"],
        trigger_id=found["trigger_id"],
        trigger_type=found["trigger_type"],
        dedupe_key=f"retry:{found['uid']}",
        context=found["context"],
        at=cause.at,
        started_by=cause.actor.name,
        started_by_id=cause.actor.id,
        event_seq=found["event_seq"],
        subject=subject,
        correlation_id=found["correlation_id"],
        causation_id=found["causation_id"],
        depth=found["depth"],
        retry_of=found["id"],
    )
