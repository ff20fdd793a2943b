"""Accepting what starts workflows: executions are written in the transaction of their cause.

So a leave request and the execution it starts stand or fall together. What goes wrong in matching becomes a
failed execution with the reason and never blocks the change; a database error fails the whole change.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from flowapp.engine.execution import Execution, ExecutionStatus, StepExecution, StepStatus
from flowapp.engine.matching import Match, waiting_for
from flowapp.engine.parts import EngineParts
from flowapp.engine.plan import Node, Plan
from flowapp.engine.retention import Retention
from flowapp.events.cause import DEEPEST_CHAIN
from flowapp.events.outbox import Recorded
from flowapp.expressions import ExpressionError, condition
from flowapp.kernel.faults import fault
from flowapp.kernel.ids import new_uid
from flowapp.kernel.plain import Kept
from flowapp.kernel.prepared import Prepared

log = logging.getLogger(__name__)
_ADD: Prepared[Any] = Prepared(
    insert(Execution).returning(Execution.id),
    columns=(
        *(
            "uid",
            "workflow_id",
            "version_id",
            "home_id",
            "trigger_id",
            "trigger_type",
            "dedupe_key",
            "event_seq",
        ),
        *("subject_type", "subject_id", "about_staff_id", "started_by", "started_by_id", "status", "context"),
        *(
            "reason",
            "error",
            "correlation_id",
            "causation_id",
            "depth",
            "created_at",
            "started_at",
            "finished_at",
            "retention",
        ),
    ),
)
_ADD_FIRST: Prepared[Any] = Prepared(
    insert(StepExecution),
    columns=(
        "execution_id",
        "path",
        "step_id",
        "type",
        "status",
        "run_at",
        "epoch",
        "attempt",
        "crash_count",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Start:
    """One execution to be written."""

    workflow_id: int
    version_id: int
    home_id: int | None
    trigger_id: str
    trigger_type: str
    dedupe_key: str
    context: Mapping[str, Any]
    at: datetime
    started_by: str
    started_by_id: int | None
    event_seq: int | None = None
    subject: tuple[str, int] | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    depth: int = 0
    error: Mapping[str, str] | None = None  # when it failed before its first step
    kept_context: Kept | None = None  # the same as text, where somebody has written it already


def accept_event(parts: EngineParts, session: Session, recorded: Recorded) -> None:
    """Write an execution for every workflow this event starts, beside the event itself."""
    event, cause = recorded.event, recorded.event.cause
    for match in waiting_for(session, event.type, event.care_home_id):
        if cause.depth and _already_in_chain(session, match.workflow_id, recorded):
            log.info("not started again in the same chain", extra={"workflow": match.workflow_id})
            continue
        error = _refusal(parts, session, match, recorded)
        if error is not NOT_MATCHED:
            write_start(parts, session, _start(match, recorded, error))


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


def write_start(parts: EngineParts, session: Session, start: Start) -> int:
    """Write an execution and its first step, and answer the execution's number."""
    plan = _plan(parts, session, start.version_id) if start.error is None else None
    if start.error is None and plan is None:
        start = replace(start, error=_UNREADABLE)
    execution_id: int = _ADD.value(session, **_row(start))
    fault("accept.mid_tx")
    if plan is not None:
        _ADD_FIRST.run(session, **_first_step(execution_id, plan.nodes[plan.first], start.at))
    session.info.setdefault("executions", []).append(execution_id)
    fault("accept.before_commit")
    return execution_id


_UNREADABLE = {
    "code": "unreadable_version",
    "message": "This version of the workflow cannot be read any more. Open it in the builder and publish it again.",
}


def _plan(parts: EngineParts, session: Session, version_id: int) -> Plan | None:
    """Answer the plan of a version; None when it cannot be laid out, which must not hinder what happened."""
    try:
        return parts.plans.of(session, version_id)
    except DBAPIError:
        raise
    except Exception:
        log.exception("a version cannot be laid out", extra={"version": version_id})
        return None


def _first_step(execution_id: int, node: Node, at: datetime) -> dict[str, Any]:
    """Answer the row of a step that is ready and has not been taken."""
    return {
        "execution_id": execution_id,
        "path": node.path,
        "step_id": node.step.id,
        "type": node.step.type,
        "status": StepStatus.PENDING,
        "run_at": at,
        "epoch": 0,
        "attempt": 0,
        "crash_count": 0,
    }


def _staff_number(value: Any) -> int | None:
    """Answer a staff number if it is one; by hand anything may be given under that name."""
    return value if type(value) is int and 0 < value < 2**63 else None


def started(session: Session) -> list[int]:
    """Answer the executions that this transaction started."""
    return list(session.info.get("executions", ()))


def _row(start: Start) -> dict[str, Any]:
    uid = new_uid(start.at)
    failed = start.error is not None
    return {
        "uid": uid,
        "workflow_id": start.workflow_id,
        "version_id": start.version_id,
        "home_id": start.home_id,
        "trigger_id": start.trigger_id,
        "trigger_type": start.trigger_type,
        "dedupe_key": start.dedupe_key,
        "event_seq": start.event_seq,
        "subject_type": start.subject[0] if start.subject else None,
        "subject_id": start.subject[1] if start.subject else None,
        "about_staff_id": _staff_number(start.context.get("staff_id")),
        "started_by": start.started_by,
        "started_by_id": start.started_by_id,
        "status": ExecutionStatus.FAILED if failed else ExecutionStatus.PENDING,
        "context": start.kept_context or dict(start.context),
        "reason": start.error["message"] if start.error else None,
        "error": start.error,
        "correlation_id": start.correlation_id or uid,
        "causation_id": start.causation_id,
        "depth": start.depth,
        "created_at": start.at,
        "started_at": None,
        "finished_at": start.at if failed else None,
        "retention": Retention.LASTING if failed else None,
    }
