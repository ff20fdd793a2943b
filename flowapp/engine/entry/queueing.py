"""Runs that count together: which are under way, and whose turn it is.

Runs of one workflow with the same `run_key` count together. One that is held back by the queue may begin when it is
the oldest of them that lives: it is let go in the transaction in which the one before it ends, and by a look once a
second, should that ever have been missed. Nobody else can change the answer between the look and the change: a
process writes one transaction at a time. A database with several writers would have to lock the row of the workflow
(`SELECT … FOR UPDATE`) first, here in `let_go` and in `entry.enter`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.orm import Session, aliased

from flowapp.engine.execution import EXECUTIONS, STEPS, Execution, ExecutionStatus, HeldBack, StepStatus
from flowapp.engine.over import has_ended
from flowapp.engine.parts import EngineParts
from flowapp.engine.writes import Ended
from flowapp.kernel.columns import Instant
from flowapp.kernel.prepared import Prepared

MOST_AT_ONCE = 100  # let go in one look
# Written out as in the index, so that the database sees that it answers the question.
_LIVE = text("run_key IS NOT NULL AND finished_at IS NULL")
_TOGETHER: Prepared[Any] = Prepared(
    select(Execution.id, Execution.held_back)
    .where(Execution.workflow_id == bindparam("workflow_id"), Execution.run_key == bindparam("run_key"), _LIVE)
    .order_by(Execution.id)
)
_before = aliased(Execution, name="earlier")
_MISSED: Prepared[Any] = Prepared(
    select(Execution.workflow_id, Execution.run_key)
    .where(text("execution.held_back IS NOT NULL AND execution.finished_at IS NULL"))
    .where(Execution.held_back == HeldBack.QUEUE)
    .where(
        ~select(_before.id)
        .where(_before.workflow_id == Execution.workflow_id, _before.run_key == Execution.run_key)
        .where(text("earlier.run_key IS NOT NULL AND earlier.finished_at IS NULL"), _before.id < Execution.id)
        .exists()
    )
    .order_by(Execution.id)
    .limit(MOST_AT_ONCE)
)
_BEGIN: Prepared[Any] = Prepared(
    update(EXECUTIONS)
    .where(EXECUTIONS.c.id == bindparam("execution_id"))
    .values(held_back=None, status=ExecutionStatus.PENDING, reason=None)
)
_BEGIN_FIRST: Prepared[Any] = Prepared(
    update(STEPS)
    .where(STEPS.c.execution_id == bindparam("of_execution"), STEPS.c.status == StepStatus.WAITING)
    .values(status=StepStatus.PENDING, run_at=bindparam("at", type_=Instant))
)


def together(session: Session, workflow_id: int, run_key: str) -> list[tuple[int, HeldBack | None]]:
    """Answer the living runs that count together, the oldest first."""
    over = has_ended(session)
    found = _TOGETHER.rows(session, workflow_id=workflow_id, run_key=run_key)
    return [(number, held) for number, held in found if number not in over]


def let_go(session: Session, workflow_id: int, run_key: str, at: datetime) -> int | None:
    """Let the oldest of the runs that count together begin, if the queue holds it back; answer its number."""
    for number, held in together(session, workflow_id, run_key)[:1]:
        if held == HeldBack.QUEUE:
            begin(session, number, at)
            return number
    return None


def begin(session: Session, execution_id: int, at: datetime) -> None:
    """Let the first step of an execution that is held back have its turn."""
    _BEGIN.run(session, execution_id=execution_id)
    _BEGIN_FIRST.run(session, of_execution=execution_id, at=at)


def let_next_go(parts: EngineParts, session: Session, ended: Sequence[Ended]) -> Sequence[Ended]:
    """Let those go that waited for executions that have ended."""
    for workflow_id, run_key, at in dict.fromkeys((each.workflow_id, each.run_key, each.at) for each in ended):
        if run_key is not None:
            let_go(session, workflow_id, run_key, at)
    return ()


def let_missed_go(parts: EngineParts) -> int:
    """Let runs go whose turn it is although nobody said so; answer how many those were."""
    with parts.database.read() as session:
        missed = _MISSED.rows(session)
    if not missed:
        return 0

    def write(session: Session) -> int:
        at = parts.clock.now()
        return sum(let_go(session, workflow_id, run_key, at) is not None for workflow_id, run_key in missed)

    return parts.database.write(write)
