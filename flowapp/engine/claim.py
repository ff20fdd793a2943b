"""Taking what is due, so that nobody else takes it too."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, insert, or_, select, text, update
from sqlalchemy.orm import Session

from flowapp.engine.execution import (
    ATTEMPTS,
    EXECUTIONS,
    LIVE,
    STEPS,
    Execution,
    ExecutionStatus,
    StepExecution,
    StepStatus,
)
from flowapp.engine.operating.tally import LEASES_LOST, count
from flowapp.kernel.columns import Instant
from flowapp.kernel.prepared import Prepared
from flowapp.workflows.kinds import Effect
from flowapp.workflows.workflow import Workflow

INSIDE = (Effect.DB, Effect.READ)  # done in our own transaction
MOST_LATE = 100  # steps and runs that are ended in one look, so that what is due has its turn between


class Due(NamedTuple):
    """A step whose turn has come, with what is needed of its execution."""

    step_row_id: int
    path: str
    epoch: int
    attempt: int
    type: str
    status: StepStatus
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
    run_key: str | None
    deadline: datetime | None = None  # of the execution
    effect: str | None = None  # of an action that was found to have its turn before
    parent_id: int | None = None
    failures: int = 0  # of the workflow, in a row

    @property
    def acts_outside(self) -> bool:
        """Whether it is known to need a thread of its own."""
        return self.effect is not None and self.effect not in INSIDE

    @property
    def row(self) -> dict[str, Any]:
        """The row of the step as it is before it is taken for the first time."""
        return {
            "id": self.step_row_id,
            "execution_id": self.execution_id,
            "path": self.path,
            "type": self.type,
            "status": self.status,
            "epoch": self.epoch,
            "attempt": self.attempt,
            "effect": self.effect,
        }


_COLUMNS = (
    StepExecution.id,
    StepExecution.path,
    StepExecution.epoch,
    StepExecution.attempt,
    StepExecution.type,
    StepExecution.status,
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
    Execution.run_key,
    Execution.deadline,
    StepExecution.effect,
    Execution.parent_id,
    Workflow.failures_in_a_row,
)
_JOINED: Any = (
    select(*_COLUMNS)
    .join(Execution, Execution.id == StepExecution.execution_id)
    .join(Workflow, Workflow.id == Execution.workflow_id)
)


# Written out as in the index, so that the database sees that it answers the question.
_READY = text("step_execution.status IN ('pending', 'waiting')")
_WHOSE_TIME_HAS_COME: Any = (
    _JOINED.where(_READY, StepExecution.run_at <= bindparam("now", type_=Instant))
    .order_by(StepExecution.run_at, StepExecution.id)
    .limit(bindparam("most"))
)
_DUE = Prepared(_WHOSE_TIME_HAS_COME, Due)
_DUE_INSIDE = Prepared(
    _WHOSE_TIME_HAS_COME.where(or_(StepExecution.effect.is_(None), *(StepExecution.effect == each for each in INSIDE))),
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


def due(session: Session, now: datetime, *, limit: int, outside: bool = True) -> list[Due]:
    """Answer the steps that are ready, or whose time has come, the longest waiting first.

    Without `outside` those are left out that are known to act outside: nobody is free to do them.
    """
    return (_DUE if outside else _DUE_INSIDE).rows(session, now=now, most=limit)


def taken(session: Session, step_row_id: int, epoch: int) -> Due | None:
    """Answer a step that is under this very claim still, or None when the lease was lost."""
    return _TAKEN.first(session, row_id=step_row_id, claimed=epoch)


def rows_before(session: Session, execution_ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """Answer the step rows there are, in the order in which they came to their ends, by execution."""
    found: dict[int, list[dict[str, Any]]] = {}
    if not execution_ids:
        return found
    query = select(STEPS).where(STEPS.c.execution_id.in_(execution_ids)).order_by(STEPS.c.finished_at, STEPS.c.id)
    for row in session.execute(query).mappings():
        found.setdefault(row["execution_id"], []).append(dict(row))
    return found


_LATE_STEPS = Prepared(
    _JOINED.where(
        text("step_execution.finished_at IS NULL AND step_execution.deadline IS NOT NULL"),
        StepExecution.deadline <= bindparam("now", type_=Instant),
    )
    .order_by(StepExecution.deadline, StepExecution.id)
    .limit(MOST_LATE),
    Due,
)
_LATE_EXECUTIONS = Prepared(
    _JOINED.where(
        text("execution.finished_at IS NULL AND execution.deadline IS NOT NULL"),
        Execution.deadline <= bindparam("now", type_=Instant),
        StepExecution.finished_at.is_(None),
    )
    .order_by(Execution.id, StepExecution.id)
    .limit(MOST_LATE),
    Due,
)


def late_steps(session: Session, now: datetime) -> list[Due]:
    """Answer the live steps that have taken longer than they may."""
    return _LATE_STEPS.rows(session, now=now)


def late_executions(session: Session, now: datetime) -> list[Due]:
    """Answer a live step of each execution that has taken longer than it may."""
    return list({row.execution_id: row for row in _LATE_EXECUTIONS.rows(session, now=now)}.values())


class Lost(NamedTuple):
    """A step whose lease has run out."""

    id: int
    execution_id: int
    path: str
    epoch: int
    owner: str
    effect: str | None
    crash_count: int

    @property
    def may_be_repeated(self) -> bool:
        """Whether doing it again can do no harm, also not to FlowApp itself."""
        return self.effect != Effect.AT_MOST_ONCE and self.crash_count + 1 < MOST_CRASHES

    @property
    def in_words(self) -> str:
        """What people are told."""
        if self.may_be_repeated:
            return LOST_WORDS
        return UNCERTAIN_WORDS if self.effect == Effect.AT_MOST_ONCE else CRASHES_WORDS


_EXPIRED = Prepared(
    select(
        StepExecution.id,
        StepExecution.execution_id,
        StepExecution.path,
        StepExecution.epoch,
        StepExecution.owner,
        StepExecution.effect,
        StepExecution.crash_count,
    ).where(
        StepExecution.status == StepStatus.RUNNING,
        StepExecution.lease_until < bindparam("now", type_=Instant),
    ),
    Lost,
)
LOST_WORDS = "The program stopped, or took longer than its lease, before the result was written."
MOST_CRASHES = 20  # then it may be the step itself that stops the program each time
CRASHES_WORDS = (
    f"The program stopped {MOST_CRASHES} times while it was at this step. It may be the step that stops it, "
    "so a person has to say whether to do it again."
)
UNCERTAIN_WORDS = f"{LOST_WORDS} It must not be done twice, so a person has to find out whether it was done."


def release_expired(session: Session, now: datetime) -> int:
    """Give back the steps whose lease has run out; answer how many.

    A step that must not be done again becomes uncertain instead, and its execution waits for a person.
    """
    lost = _EXPIRED.rows(session, now=now)
    if not lost:
        return 0
    count(session, LEASES_LOST, len(lost))
    session.execute(insert(ATTEMPTS), [_lost_attempt(each, now) for each in lost])
    again = [each.id for each in lost if each.may_be_repeated]
    free: dict[str, Any] = {"owner": None, "lease_until": None, "crash_count": STEPS.c.crash_count + 1}
    session.execute(update(STEPS).where(STEPS.c.id.in_(again)).values(status=StepStatus.PENDING, **free))
    for each in lost:
        if not each.may_be_repeated:
            error = {"code": "uncertain", "message": each.in_words}
            stuck = update(STEPS).where(STEPS.c.id == each.id)
            session.execute(stuck.values(status=StepStatus.UNCERTAIN, error=error, finished_at=now, **free))
            parked = update(EXECUTIONS).where(EXECUTIONS.c.id == each.execution_id)
            session.execute(parked.values(status=ExecutionStatus.WAITING, reason=each.in_words))
    return len(lost)


def _lost_attempt(lost: Lost, now: datetime) -> dict[str, Any]:
    at = {"execution_id": lost.execution_id, "path": lost.path, "epoch": lost.epoch, "owner": lost.owner, "at": now}
    return {**at, "result": "lost", "message": lost.in_words}


def count_due(session: Session, now: datetime) -> int:
    """Count the steps that are ready."""
    query = select(func.count()).where(_READY, StepExecution.run_at <= now)
    return session.scalar(query) or 0


def count_due_after(session: Session, after: datetime, now: datetime) -> int:
    """Count the steps that are ready, and that were not at an earlier moment."""
    query = select(func.count()).where(_READY, StepExecution.run_at > after, StepExecution.run_at <= now)
    return session.scalar(query) or 0


_ANY_STEP = Prepared(
    _JOINED.where(Execution.id == bindparam("execution_id")).order_by(StepExecution.id).limit(1),
    Due,
)


def any_step(session: Session, execution_id: int) -> Due | None:
    """Answer the first step of an execution with what is needed of the execution; None when it never had one."""
    return _ANY_STEP.first(session, execution_id=execution_id)


_STATUS: Prepared[Any] = Prepared(select(Execution.status).where(Execution.id == bindparam("execution_id")))


def is_live(session: Session, execution_id: int) -> bool:
    """Say whether an execution has not ended yet."""
    return _STATUS.value(session, execution_id=execution_id) in LIVE


_DEADLINE: Prepared[Any] = Prepared(select(Execution.deadline).where(Execution.id == bindparam("execution_id")))


def is_late(session: Session, execution_id: int, now: datetime) -> bool:
    """Say whether an execution has taken longer than it may; a person may have begun it anew since it was found."""
    deadline = _DEADLINE.value(session, execution_id=execution_id)
    return deadline is not None and deadline <= now
