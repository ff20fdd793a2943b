"""Accepting what starts workflows: executions are written in the transaction of their cause.

So a leave request and the execution it starts stand or fall together. What goes wrong in matching becomes a
failed execution with the reason and never blocks the change; a database error fails the whole change.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from flowapp.engine.execution import Execution
from flowapp.engine.matching import Match, waiting_for
from flowapp.engine.parts import EngineParts
from flowapp.engine.signals.awaited import wake_listening
from flowapp.engine.start import Start, write_start
from flowapp.events.cause import DEEPEST_CHAIN
from flowapp.events.outbox import Recorded
from flowapp.expressions import ExpressionError, condition
from flowapp.workflows.workflow import WorkflowStatus

log = logging.getLogger(__name__)


def accept_event(parts: EngineParts, session: Session, recorded: Recorded) -> None:
    """Write an execution for every workflow this event starts, and wake what waits for it, beside the event."""
    wake_listening(session, recorded)
    event, cause = recorded.event, recorded.event.cause
    for match in waiting_for(session, event.type, event.care_home_id):
        if cause.depth and _already_in_chain(session, match.workflow_id, recorded):
            log.info("not started again in the same chain", extra={"workflow": match.workflow_id})
            continue
        error = _refusal(parts, session, match, recorded)
        if error is not NOT_MATCHED:
            start = _start(match, recorded, error)
            paused = match.status is WorkflowStatus.PAUSED
            write_start(parts, session, replace(start, error=None, not_run=NOT_RUN_PAUSED) if paused else start)


NOT_RUN_PAUSED = "Not run: the workflow was paused."
NOT_MATCHED: Mapping[str, str] = {"code": "not_matched"}


def _refusal(parts: EngineParts, session: Session, match: Match, recorded: Recorded) -> Mapping[str, str] | None:
    """Answer why the execution fails before its first step, None when it does not, or NOT_MATCHED."""
    if match.when is not None and (answer := _asked(parts, session, match, recorded)) is not None:
        return answer
    if recorded.event.cause.depth >= DEEPEST_CHAIN:
        return {
            "code": "chain_too_long",
            "message": f"This would be workflow number {DEEPEST_CHAIN + 1} in one chain of workflows starting each "
            "other. Check whether they start one another in a circle.",
        }
    return None


def _asked(parts: EngineParts, session: Session, match: Match, recorded: Recorded) -> Mapping[str, str] | None:
    """Answer None when the trigger's own condition holds."""
    try:
        return None if _holds(parts, session, str(match.when), recorded) else NOT_MATCHED
    except DBAPIError:
        raise
    except ExpressionError as error:
        return {"code": error.code, "message": f"The trigger's condition could not be answered: {error.message}"}
    except Exception:
        log.exception("matching failed", extra={"workflow": match.workflow_id})
        return {"code": "internal", "message": "Something went wrong inside FlowApp while the trigger was looked at."}


def _holds(parts: EngineParts, session: Session, when: str, recorded: Recorded) -> bool:
    event = recorded.event
    environment = parts.surroundings(session, event.care_home_id, event.cause.at)
    return condition(when).evaluate({"context": recorded.context}, environment)


def _already_in_chain(session: Session, workflow_id: int, recorded: Recorded) -> bool:
    query = select(Execution.id).where(
        Execution.correlation_id == (recorded.cause.correlation_id or recorded.uid),
        Execution.workflow_id == workflow_id,
        Execution.subject_type == recorded.event.subject_type,
        Execution.subject_id == recorded.event.subject_id,
    )
    return session.execute(query.limit(1)).first() is not None


def _start(match: Match, recorded: Recorded, error: Mapping[str, str] | None) -> Start:
    event, cause = recorded.event, recorded.event.cause
    return Start(
        workflow_id=match.workflow_id,
        version_id=match.version_id,
        home_id=event.care_home_id if event.care_home_id is not None else match.workflow_home_id,
        trigger_id=match.trigger_id,
        trigger_type=match.trigger_type,
        dedupe_key=recorded.uid,
        context=recorded.context,
        kept_context=recorded.kept_context,
        at=cause.at,
        started_by=cause.actor.name,
        started_by_id=cause.actor.id,
        event_seq=recorded.seq,
        subject=(event.subject_type, event.subject_id),
        correlation_id=cause.correlation_id or recorded.uid,
        causation_id=recorded.uid,
        depth=cause.depth,
        error=error,
    )
