"""What a person does with a run, as the tests of the engine do it; and how the run stands then."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.engine.execution import Execution, StepExecution
from flowapp.engine.manual import start_by_hand
from flowapp.engine.people import calling_off, doubts, giving_up, retrying, skipping
from tests.cast import Cast
from tests.factories import a_document, a_workflow, cause_of, leave_asked, run_all, runs


def run_of(flow: Flow, cast: Cast, *steps: dict[str, Any], **given: Any) -> Execution:
    """Start a workflow of these steps, let it go as far as it goes, and answer the run."""
    a_workflow(flow, cast.maya, a_document(*steps, **given), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    return runs(flow)[0]


def by_hand(flow: Flow, person: Person, workflow_id: int) -> int:
    """Start a workflow by hand, and answer the run's number."""
    cause = cause_of(person, flow.clock.now())
    return flow.database.write(
        lambda session: start_by_hand(flow.parts, session, cause, workflow_id, triggers=flow.triggers, inputs={})
    )


def cancel(flow: Flow, person: Person, number: int = 1, *, reason: str = "Not needed") -> None:
    """Cancel a run."""
    cause = cause_of(person, flow.clock.now())
    flow.database.write(lambda session: calling_off.cancel(flow.parts, session, cause, number, reason=reason))


def retry(flow: Flow, person: Person, number: int = 1) -> None:
    """Retry the step that failed."""
    cause = cause_of(person, flow.clock.now())
    flow.database.write(lambda session: retrying.retry_step(flow.parts, session, cause, number))


def retry_from_start(flow: Flow, person: Person, number: int = 1, **given: Any) -> int:
    """Retry a run from the start, and answer the number of the new one."""
    cause = cause_of(person, flow.clock.now())
    return flow.database.write(lambda session: retrying.retry_from_start(flow.parts, session, cause, number, **given))


def skip(flow: Flow, person: Person, number: int = 1, path: str | None = None) -> str:
    """Skip a step."""
    cause = cause_of(person, flow.clock.now())
    return flow.database.write(lambda session: skipping.skip(flow.parts, session, cause, number, path))


def was_done(flow: Flow, person: Person, path: str, number: int = 1) -> None:
    """Say that a step was done."""
    cause = cause_of(person, flow.clock.now())
    flow.database.write(lambda session: doubts.was_done(flow.parts, session, cause, number, path))


def do_again(flow: Flow, person: Person, path: str, number: int = 1) -> None:
    """Let a step be done again."""
    cause = cause_of(person, flow.clock.now())
    flow.database.write(lambda session: doubts.do_again(flow.parts, session, cause, number, path))


def give_up(flow: Flow, person: Person, number: int = 1) -> None:
    """Say that a run is dealt with."""
    cause = cause_of(person, flow.clock.now())
    flow.database.write(lambda session: giving_up.give_up(session, cause, number))


def steps_of(flow: Flow, number: int = 1) -> dict[str, StepExecution]:
    """Read the steps of a run by their paths."""
    with flow.database.read() as session:
        rows = session.scalars(select(StepExecution).where(StepExecution.execution_id == number))
        return {row.path: row for row in rows}


def statuses(flow: Flow, number: int = 1) -> dict[str, str]:
    """Read how each step of a run stands."""
    return {path: str(row.status) for path, row in sorted(steps_of(flow, number).items())}
