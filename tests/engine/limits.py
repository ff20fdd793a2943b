"""Workflows of which only so many runs may be under way, and how such runs stand."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from flowapp.bootstrap import Flow
from flowapp.engine.execution import LIVE, Execution, StepExecution, StepStatus
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.test_manual_start import start
from tests.factories import a_document, a_workflow

HOUR: dict[str, Any] = {"id": "pause", "type": "delay", "for": {"hours": 1}}


def limited(flow: Flow, cast: Cast, mode: str | None, *steps: dict[str, Any], **settings: Any) -> int:
    """Write a workflow that somebody starts, waits an hour and notes whom it was about."""
    said = {"mode": mode, **settings} if mode else settings
    does = steps or (HOUR, do("note", "a", "${context.word}"))
    document = a_document(*does, triggers=[{"id": "asked_for", "type": "manual"}], settings=said)
    return a_workflow(flow, cast.maya, document, home_id=cast.rose)


def begin(flow: Flow, cast: Cast, workflow_id: int, staff_id: int = 1, who: str = "") -> int:
    """Start it about somebody, and answer the run's number."""
    return start(flow, cast.maya, workflow_id, staff_id=staff_id, word=who or f"{staff_id}")


def run(flow: Flow, number: int) -> Execution:
    """Read one run."""
    with flow.database.read() as session:
        return session.scalars(select(Execution).where(Execution.id == number)).one()


def statuses(flow: Flow) -> list[str]:
    """Answer the status of every run, the first one first."""
    with flow.database.read() as session:
        return [str(each) for each in session.scalars(select(Execution.status).order_by(Execution.id))]


def stuck(flow: Flow) -> list[int]:
    """Answer the live runs of which no step is ready, waits for a time or is at work, and nobody is before them."""
    with flow.database.read() as session:
        live = list(session.scalars(select(Execution).where(Execution.status.in_(LIVE)).order_by(Execution.id)))
        steps = list(session.scalars(select(StepExecution)))
    going = {each.execution_id for each in steps if each.run_at and each.status in (StepStatus.PENDING, "waiting")}
    going |= {each.execution_id for each in steps if each.lease_until}
    before = {(each.workflow_id, each.run_key): each.id for each in reversed(live)}
    return [each.id for each in live if each.id not in going and before[each.workflow_id, each.run_key] == each.id]
