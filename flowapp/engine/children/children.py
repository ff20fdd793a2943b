"""Runs that steps of other runs have started: what a step is told of its run, and what follows when either ends.

A run that is waited for ends with the step that waits: whichever of the two ends first, the other learns of it in the
same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from flowapp.engine.cancelling import cancel_executions
from flowapp.engine.claim import Due
from flowapp.engine.control.workflow import Child
from flowapp.engine.execution import LIVE, Execution, ExecutionStatus, StepStatus
from flowapp.engine.over import cancelled
from flowapp.engine.parts import EngineParts
from flowapp.engine.waking import wake
from flowapp.engine.writes import Ended, Row, Writes
from flowapp.events.outbox import ring_after
from flowapp.kernel.prepared import Prepared
from flowapp.workflows.workflow import Workflow

_CHILD = Prepared(
    select(Execution.id, Workflow.name, Execution.status, Execution.reason, Execution.result)
    .join(Workflow, Workflow.id == Execution.workflow_id)
    .where(Execution.parent_id == bindparam("execution_id"), Execution.parent_path == bindparam("path"))
    .order_by(Execution.id.desc())
    .limit(1),
    Child,
)
_WAITS_FOR: Prepared[Any] = Prepared(
    select(Execution.parent_id, Execution.parent_path).where(
        Execution.id == bindparam("execution_id"), Execution.awaited
    )
)
_LIVE = text("execution.status IN ('pending', 'running', 'waiting')")
_AWAITED: Prepared[Any] = Prepared(
    select(Execution.id, Execution.parent_path).where(
        Execution.parent_id == bindparam("execution_id"), Execution.awaited, _LIVE
    )
)
_STARTED: Prepared[Any] = Prepared(
    select(Execution.parent_path, Execution.status)
    .where(Execution.parent_id == bindparam("execution_id"), Execution.awaited)
    .order_by(Execution.id)
)
_NAME: Prepared[Any] = Prepared(
    select(Workflow.name)
    .join(Execution, Execution.workflow_id == Workflow.id)
    .where(Execution.id == bindparam("execution_id"))
)
_ENDED = {
    ExecutionStatus.COMPLETED: "has ended",
    ExecutionStatus.FAILED: "has failed",
    ExecutionStatus.CANCELLED: "was cancelled",
}


def child_of(session: Session, execution_id: int, path: str) -> Child | None:
    """Answer the run that a step has started last."""
    return _CHILD.first(session, execution_id=execution_id, path=path)


def told(session: Session, due: Due) -> Child | None:
    """Answer what a step that waits for a run is told when it is woken."""
    return child_of(session, due.execution_id, due.path)


def still_told(session: Session, execution_id: int) -> frozenset[str]:
    """Answer the steps whose last run has come to its end, or goes on: who waits for it is not too late.

    It may have ended beside the failure, or a person may have let it go on by itself.
    """
    last = {path: status for path, status in _STARTED.rows(session, execution_id=execution_id)}
    return frozenset(path for path, status in last.items() if status in (*LIVE, ExecutionStatus.COMPLETED))


def wake_parents(parts: EngineParts, session: Session, ended: Sequence[Ended]) -> list[Ended]:
    """Let the steps that wait for these runs go on."""
    for each in ended:
        waits = _WAITS_FOR.first(session, execution_id=each.execution_id)
        if waits is None:
            continue
        parent_id, path = waits
        if wake(session, parent_id, path, each.at):
            ring_after(session)
    return []


def wake_overlooked_parents(session: Session, writes: Writes) -> None:
    """Let steps hear of a run that was ended in this very transaction, before the row of the step was written."""
    gone = cancelled(session)
    for row in [*writes.new_steps, *writes.steps] if gone else ():
        if row.get("type") == "workflow" and row["status"] is StepStatus.WAITING and row["run_at"] is None:
            child = child_of(session, row["execution_id"], row["path"])
            if child is not None and child.execution_id in gone:
                wake(session, row["execution_id"], row["path"], gone[child.execution_id])
                ring_after(session)


def cancel_children(parts: EngineParts, session: Session, ended: Sequence[Ended]) -> list[Ended]:
    """Cancel the runs that steps of these waited for."""
    found: list[Ended] = []
    for each in ended:
        children = [number for number, _ in _AWAITED.rows(session, execution_id=each.execution_id)]
        if children:
            found += _cancel(session, each.execution_id, children, _ENDED[each.status], each.at)
    return found


def cancel_unawaited(session: Session, writes: Writes, at: datetime) -> list[Ended]:
    """Cancel the runs whose step does not wait any more, in a run that goes on: its branch lost, its time is up."""
    over = {each.execution_id for each in writes.ended}
    found: list[Ended] = []
    for row in _settled([*writes.new_steps, *writes.steps]):
        execution_id = row["execution_id"]
        children = _AWAITED.rows(session, execution_id=execution_id) if execution_id not in over else []
        if numbers := [number for number, path in children if path == row["path"]]:
            found += _cancel(session, execution_id, numbers, "does not need it any more", at)
    return found


def _settled(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.get("type") == "workflow" and row["status"] is not StepStatus.WAITING]


def _cancel(session: Session, parent_id: int, children: list[int], why: str, at: datetime) -> list[Ended]:
    name = _NAME.value(session, execution_id=parent_id)
    reason = f"“{name}” (run {parent_id}), which waited for this run, {why}."
    return cancel_executions(session, children, reason=reason, at=at)
