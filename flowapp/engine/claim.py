"""Taking what is due, so that nobody else takes it too."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from flowapp.engine.execution import ATTEMPTS, Execution, StepExecution, StepStatus
from flowapp.kernel.columns import Instant
from flowapp.kernel.prepared import Prepared
from flowapp.workflows.workflow import Workflow


class Due(NamedTuple):
    """A step whose turn has come, with what is needed of its execution."""

    step_row_id: int
    path: str
    epoch: int
    attempt: int
    execution_id: int
    version_id: int
    home_id: int | None
    context: dict[str, Any]
    correlation_id: str
    causation_id: str | None
    depth: int
    started_at: datetime | None
    workflow_id: int
    workflow_name: str
    owner_id: int


_COLUMNS = (
    StepExecution.id,
    StepExecution.path,
    StepExecution.epoch,
    StepExecution.attempt,
    Execution.id,
    Execution.version_id,
    Execution.home_id,
    Execution.context,
    Execution.correlation_id,
    Execution.causation_id,
    Execution.depth,
    Execution.started_at,
    Workflow.id,
    Workflow.name,
    Workflow.owner_id,
)
_JOINED: Any = (
    select(*_COLUMNS)
    .join(Execution, Execution.id == StepExecution.execution_id)
    .join(Workflow, Workflow.id == Execution.workflow_id)
)


_DUE = Prepared(
    _JOINED.where(StepExecution.status == StepStatus.PENDING, StepExecution.run_at <= bindparam("now", type_=Instant))
    .order_by(StepExecution.run_at, StepExecution.id)
    .limit(bindparam("most")),
    Due,
)
_TAKEN = Prepared(
    _JOINED.where(
        StepExecution.id == bindparam("row_id"),
        StepExecution.status == StepStatus.RUNNING,
        StepExecution.epoch == bindparam("claimed"),
    ),
    Due,
)


def due(session: Session, now: datetime, *, limit: int) -> list[Due]:
    """Answer the steps that are ready, the longest waiting first."""
    return _DUE.rows(session, now=now, most=limit)


def taken(session: Session, step_row_id: int, epoch: int) -> Due | None:
    """Answer a step that is under this very claim still, or None when the lease was lost."""
    return _TAKEN.first(session, row_id=step_row_id, claimed=epoch)


class DoneStep(NamedTuple):
    """A step that was done before, as the rest of its execution needs it."""

    path: str
    step_id: str
    output: Any
    explanation: str | None


def done_before(session: Session, execution_ids: Collection[int]) -> dict[int, list[DoneStep]]:
    """Answer the steps already done, in the order they were done, by execution."""
    found: dict[int, list[DoneStep]] = {}
    if not execution_ids:
        return found
    step = StepExecution
    query = (
        select(step.execution_id, step.path, step.step_id, step.output, step.explanation)
        .where(step.execution_id.in_(execution_ids), step.status == StepStatus.COMPLETED)
        .order_by(step.finished_at, step.id)
    )
    for execution_id, *rest in session.execute(query):
        found.setdefault(execution_id, []).append(DoneStep(*rest))
    return found


def release_expired(session: Session, now: datetime) -> int:
    """Give back the steps whose lease has run out, and note in the log that those attempts were lost."""
    expired = (StepExecution.status == StepStatus.RUNNING) & (StepExecution.lease_until < now)
    lost = session.execute(
        select(StepExecution.execution_id, StepExecution.path, StepExecution.epoch, StepExecution.owner).where(expired)
    ).all()
    if not lost:
        return 0
    message = "The program stopped, or took longer than its lease, before the result was written."
    session.execute(
        insert(ATTEMPTS),
        [
            {
                "execution_id": e,
                "path": p,
                "epoch": n,
                "owner": o,
                "result": "lost",
                "message": message,
                "at": now,
            }
            for e, p, n, o in lost
        ],
    )
    session.execute(
        update(StepExecution)
        .where(expired)
        .values(status=StepStatus.PENDING, owner=None, lease_until=None, crash_count=StepExecution.crash_count + 1)
        .execution_options(synchronize_session=False)
    )
    return len(lost)


def count_due(session: Session, now: datetime) -> int:
    """Count the steps that are ready."""
    query = select(func.count()).where(StepExecution.status == StepStatus.PENDING, StepExecution.run_at <= now)
    return session.scalar(query) or 0
