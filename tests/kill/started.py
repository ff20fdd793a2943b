"""Executions that are about to act outside."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.engine.execution import Execution, StepAttempt, StepExecution
from flowapp.engine.manual import start_by_hand
from flowapp.messaging.in_app import Notification
from tests.factories import a_document, a_workflow, cause_of, notify


def about_to_knock(flow: Flow, owner: Person, *, home_id: int, action: str = "knock") -> int:
    """Write an execution that knocks and then tells the manager, and answer its number."""
    knock = {"id": "knock", "type": "action", "action": action, "with": {"door": "7"}}
    document = a_document(knock, notify("tell", message="${steps.knock.by} knocked"))
    workflow_id = a_workflow(flow, owner, document, home_id=home_id)
    cause = cause_of(owner, flow.clock.now())

    def write(session: Session) -> int:
        return start_by_hand(flow.parts, session, cause, workflow_id, triggers=flow.triggers, inputs={})

    return flow.database.write(write)


def status_of(flow: Flow, execution_id: int) -> str:
    """Answer where an execution stands."""
    with flow.database.read() as session:
        return str(session.get_one(Execution, execution_id).status)


def steps_of(flow: Flow, execution_id: int) -> list[tuple[str, str]]:
    """Answer each step of an execution with where it stands."""
    query = select(StepExecution).where(StepExecution.execution_id == execution_id).order_by(StepExecution.id)
    with flow.database.read() as session:
        return [(row.path, str(row.status)) for row in session.scalars(query)]


def attempts_of(flow: Flow, path: str) -> Sequence[tuple[int, str]]:
    """Answer the epoch and the result of every attempt at a step, in the order they were written."""
    query = select(StepAttempt).where(StepAttempt.path == path).order_by(StepAttempt.id)
    with flow.database.read() as session:
        return [(row.epoch, row.result) for row in session.scalars(query)]


def told(flow: Flow) -> list[str]:
    """Answer what people were told."""
    with flow.database.read() as session:
        return list(session.scalars(select(Notification.message).order_by(Notification.id)))
