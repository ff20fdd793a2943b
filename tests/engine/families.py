"""Workflows that start one another, and how their runs stand."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.engine import ending
from flowapp.engine.cancelling import cancel_executions
from flowapp.engine.execution import ExecutionStatus, StepExecution
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.factories import a_document, a_workflow, leave_asked, run_all, runs

COMPLETED, WAITING = ExecutionStatus.COMPLETED, ExecutionStatus.WAITING
FAILED, CANCELLED = ExecutionStatus.FAILED, ExecutionStatus.CANCELLED
BY_HAND = [{"id": "asked_for", "type": "manual"}]
DELAY = {"id": "d", "type": "delay", "for": {"hours": 2}}


def a_child(flow: Flow, cast: Cast, *steps: dict[str, Any], owner: Person | None = None, home: int | None = None,
            **given: Any) -> int:  # fmt: skip
    """Write a workflow that only other workflows start, and answer its number; of Rose House unless told otherwise."""
    document = a_document(*steps, **{"name": "Tell the family", "triggers": BY_HAND, **given})
    return a_workflow(flow, owner or cast.maya, document, home_id=home or cast.rose)


def start(workflow: int | str, id_: Any = "s", **given: Any) -> dict[str, Any]:
    """Answer a step that starts a workflow."""
    return {"id": id_, "type": "workflow", "workflow": workflow, **given}


def asked(flow: Flow, cast: Cast, *steps: dict[str, Any], **given: Any) -> None:
    """Let Dan ask for leave, which starts a workflow of these steps, and carry on until nothing is due."""
    owner, home = given.pop("owner", cast.maya), given.pop("home", cast.rose)
    a_workflow(flow, owner, a_document(*steps, **{"name": "Parent", **given}), home_id=home)
    leave_asked(flow, cast.dan)
    run_all(flow)


def steps_of(flow: Flow, execution_id: int) -> dict[str, StepExecution]:
    """Read the steps of one run, by path."""
    with flow.database.read() as session:
        query = select(StepExecution).where(StepExecution.execution_id == execution_id).order_by(StepExecution.id)
        return {row.path: row for row in session.scalars(query)}


def statuses(flow: Flow) -> list[str]:
    """Answer how every run stands, the first one first."""
    return [each.status.value for each in runs(flow)]


def later(flow: Flow, clock: FrozenClock, **time: float) -> None:
    """Let time pass, and carry on."""
    clock.advance(**time)
    flow.worker.end_late()
    run_all(flow)


def cancel(flow: Flow, execution_id: int, reason: str = "Maya does not want it.") -> None:
    """Cancel a run as a person does."""
    at = flow.clock.now()

    def write(session: Session) -> None:
        ending.follow(flow.parts, session, cancel_executions(session, [execution_id], reason=reason, at=at))

    flow.database.write(write)
    run_all(flow)


def failure(flow: Flow, number: int = 0) -> tuple[str, str]:
    """Answer the code and the words of why a run failed."""
    found = runs(flow)[number]
    assert found.status == FAILED
    assert found.error is not None
    return found.error["code"], found.error["message"]


def ways(*steps: dict[str, Any], **given: Any) -> dict[str, Any]:
    """Answer a branch of ways with a step each."""
    return {"id": "p", "type": "branch", "branches": [{"name": f"w{n}", "steps": [s]} for n, s in enumerate(steps)],
            **given}  # fmt: skip


HOUR = {"id": "h", "type": "delay", "for": {"hours": 1}}
