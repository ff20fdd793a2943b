"""Beginning an execution: its row and its first step, written in the transaction of whatever starts it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from flowapp.engine.entry.entry import AT_ONCE, NOT_STARTED, Entry, enter, take_place
from flowapp.engine.execution import Execution, ExecutionStatus, HeldBack, StepExecution, StepStatus
from flowapp.engine.failures.spells import watch
from flowapp.engine.keeping.retention import Retention
from flowapp.engine.operating.tally import count
from flowapp.engine.over import cancelled
from flowapp.engine.parts import EngineParts
from flowapp.engine.plan import Node, Plan
from flowapp.engine.writes import Ended
from flowapp.events.outbox import EventRecord, ring_after
from flowapp.kernel.faults import fault
from flowapp.kernel.ids import new_uid
from flowapp.kernel.plain import Kept
from flowapp.kernel.prepared import Prepared

log = logging.getLogger(__name__)
_ADD: Prepared[Any] = Prepared(
    insert(Execution)
    .values(after_seq=select(func.coalesce(func.max(EventRecord.seq), 0)).scalar_subquery())
    .returning(Execution.id),
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
            "parent_id",
            "parent_path",
            "awaited",
            "created_at",
            "started_at",
            "finished_at",
            "run_key",
            "held_back",
            "retry_of",
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


class Parent(NamedTuple):
    """The step of another run that starts one; `waits` says whether it waits for its end."""

    execution_id: int
    path: str
    waits: bool


@dataclass(frozen=True, kw_only=True)
class Start:
    """One execution to be written."""

    workflow_id: int
    version_id: int
    home_id: int | None
    trigger_id: str
    trigger_type: str
    dedupe_key: str | None  # None: nothing else can be this one
    context: Mapping[str, Any]
    at: datetime
    started_by: str
    started_by_id: int | None
    event_seq: int | None = None
    subject: tuple[str, int] | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    depth: int = 0
    parent: Parent | None = None
    retry_of: int | None = None  # the execution that it does again from the start
    error: Mapping[str, str] | None = None  # when it failed before its first step
    not_run: str | None = None  # why it is only noted
    kept_context: Kept | None = None  # the same as text, where somebody has written it already


def write_start(parts: EngineParts, session: Session, start: Start) -> int:
    """Write an execution and its first step, and answer the execution's number; what is not run has no step."""
    if start.not_run is not None:
        count(session, ExecutionStatus.CANCELLED.value, 1, workflow_id=start.workflow_id)
        return int(_ADD.value(session, **_row(start, AT_ONCE)))
    plan = plan_of(parts, session, start.version_id) if start.error is None else None
    if start.error is None and plan is None:
        start = replace(start, error=_UNREADABLE)
    entry = enter(parts, session, start, plan.document) if plan is not None else AT_ONCE
    if entry.error is not None:
        start, plan = replace(start, error=entry.error), None
    execution_id: int = _ADD.value(session, **_row(start, entry))
    fault("accept.mid_tx")
    if plan is not None:
        _ADD_FIRST.run(session, **_first_step(execution_id, plan.nodes[plan.first], start.at, entry))
        take_place(parts, session, entry, execution_id, start.at)
    else:
        _over_at_once(parts, session, execution_id, start, _status(start, entry))
    ring_after(session)
    if plan is not None and entry.held_back is None:
        session.info.setdefault("executions", []).append(execution_id)
    fault("accept.before_commit")
    return execution_id


def _over_at_once(
    parts: EngineParts, session: Session, execution_id: int, start: Start, status: ExecutionStatus
) -> None:
    """Let follow what follows from a run that was over before its first step."""
    count(session, status.value, 1, workflow_id=start.workflow_id)
    if status is ExecutionStatus.FAILED:
        watch(parts, session, [Ended(execution_id, start.workflow_id, status, start.at)])


_UNREADABLE = {
    "code": "unreadable_version",
    "message": "This version of the workflow cannot be read any more. Open it in the builder and publish it again.",
}


def plan_of(parts: EngineParts, session: Session, version_id: int) -> Plan | None:
    """Answer the plan of a version; None when it cannot be laid out, which must not hinder what happened."""
    try:
        return parts.plans.of(session, version_id)
    except DBAPIError:
        raise
    except Exception:
        log.exception("a version cannot be laid out", extra={"version": version_id})
        return None


def _first_step(execution_id: int, node: Node, at: datetime, entry: Entry) -> dict[str, Any]:
    """Answer the row of a step that is ready, or waits until it is let go, and has not been taken."""
    held = entry.held_back is not None
    return {
        "execution_id": execution_id,
        "path": node.path,
        "step_id": node.step.id,
        "type": node.step.type,
        "status": StepStatus.WAITING if held else StepStatus.PENDING,
        "run_at": None if held else at,
        "epoch": 0,
        "attempt": 0,
        "crash_count": 0,
    }


def _staff_number(value: Any) -> int | None:
    """Answer a staff number if it is one; by hand anything may be given under that name."""
    return value if type(value) is int and 0 < value < 2**63 else None


def started(session: Session) -> list[int]:
    """Answer the executions that this transaction started and that are under way then."""
    gone = cancelled(session)
    return [each for each in session.info.get("executions", ()) if each not in gone]


def _row(start: Start, entry: Entry) -> dict[str, Any]:
    uid = new_uid(start.at)
    over = start.error is not None or start.not_run is not None
    return {
        "uid": uid,
        "workflow_id": start.workflow_id,
        "version_id": start.version_id,
        "home_id": start.home_id,
        "trigger_id": start.trigger_id,
        "trigger_type": start.trigger_type,
        "dedupe_key": start.dedupe_key or uid,
        "event_seq": start.event_seq,
        "subject_type": start.subject[0] if start.subject else None,
        "subject_id": start.subject[1] if start.subject else None,
        "about_staff_id": _staff_number(start.context.get("staff_id")),
        "started_by": start.started_by,
        "started_by_id": start.started_by_id,
        "status": _status(start, entry),
        "context": start.kept_context or dict(start.context),
        "reason": start.error["message"] if start.error else start.not_run or entry.reason,
        "error": start.error,
        "correlation_id": start.correlation_id or uid,
        "causation_id": start.causation_id,
        "depth": start.depth,
        "parent_id": start.parent.execution_id if start.parent else None,
        "parent_path": start.parent.path if start.parent else None,
        "awaited": start.parent is not None and start.parent.waits,
        "created_at": start.at,
        "started_at": None,
        "finished_at": start.at if over else None,
        "run_key": entry.run_key,
        "held_back": entry.held_back,
        "retry_of": start.retry_of,
        "retention": _retention(_status(start, entry)),
    }


def _retention(status: ExecutionStatus) -> Retention | None:
    if status is ExecutionStatus.FAILED:
        return Retention.LASTING
    return Retention.DULL if status is ExecutionStatus.CANCELLED else None


def _status(start: Start, entry: Entry) -> ExecutionStatus:
    if start.not_run is not None:
        return ExecutionStatus.CANCELLED
    if start.error is not None:
        return ExecutionStatus.CANCELLED if start.error["code"] == NOT_STARTED else ExecutionStatus.FAILED
    return ExecutionStatus.WAITING if entry.held_back is HeldBack.FLOOD else ExecutionStatus.PENDING
