"""Runs that ended long ago."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.engine.execution import Execution, StepAttempt, StepExecution
from flowapp.engine.manual import start_by_hand
from tests.factories import cause_of, run_all


def old_runs(flow: Flow, person: Person, workflow_id: int, *ages: tuple[str | None, int]) -> list[int]:
    """Write a run of each class that ended so many days ago, and answer their numbers."""
    cause = cause_of(person, flow.clock.now())

    def start(session: Session) -> list[int]:
        return [start_by_hand(flow.parts, session, cause, workflow_id, triggers=flow.triggers, inputs={}) for _ in ages]

    started = flow.database.write(start)
    run_all(flow)

    def age(session: Session) -> None:
        for number, (kept, days) in zip(started, ages, strict=True):
            at = flow.clock.now() - timedelta(days=days)
            aged = update(Execution).where(Execution.id == number)
            session.execute(aged.values(retention=kept, finished_at=at, created_at=at))

    flow.database.write(age)
    return started


def left(flow: Flow) -> list[int]:
    """Answer the numbers of the runs there are, and see to it that nothing is left of others."""
    with flow.database.read() as session:
        found = list(session.scalars(select(Execution.id).order_by(Execution.id)))
        for part in (StepExecution, StepAttempt):
            of_none = select(func.count()).where(part.execution_id.not_in(found))
            assert session.scalar(of_none) == 0
    return found


def carry_out(flow: Flow, statement: Any, **row: Any) -> None:
    """Change rows in a way that the application does not."""

    def write(session: Session) -> None:
        session.execute(statement, row or None)

    flow.database.write(write)
