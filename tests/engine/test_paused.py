"""While a workflow is paused its events are noted and shown as not run; what runs goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.engine.accept import NOT_RUN_PAUSED
from flowapp.engine.execution import Execution, ExecutionStatus, StepExecution
from flowapp.engine.schedules import start_due
from flowapp.engine.start import started
from flowapp.events.outbox import record
from flowapp.kernel.clock import FrozenClock
from flowapp.workflows.switching import Switch
from tests.cast import Cast
from tests.engine.made_actions import do, noted
from tests.factories import a_document, a_workflow, leave_asked, leave_event, run_all, runs, switched


def asked(flow: Flow, cast: Cast) -> list[int]:
    """Let leave be asked for, and answer which executions a page would wait for."""
    event = leave_event(cast.dan, flow.clock.now(), home_id=cast.rose)

    def write(session: Session) -> list[int]:
        record(session, event)
        return started(session)

    return flow.database.write(write)


def test_what_comes_while_it_is_paused_is_noted_as_not_run(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)
    switched(flow, cast.maya, made, Switch.PAUSE)
    leave_asked(flow, cast.dan)
    [found] = runs(flow)
    assert (found.workflow_id, found.status, found.reason) == (made, ExecutionStatus.CANCELLED, NOT_RUN_PAUSED)
    assert (found.created_at, found.started_at, found.finished_at) == (flow.clock.now(), None, flow.clock.now())
    assert (found.error, found.started_by, found.subject_type) == (None, "Dan", "leave_request")
    assert found.context["staff_id"] == cast.dan.staff_id  # so that it can be run later
    with flow.database.read() as session:
        assert session.scalar(select(func.count()).select_from(StepExecution)) == 0
    assert flow.worker.run_due() == 0


def test_no_page_waits_for_what_is_not_run(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)
    assert len(asked(flow, cast)) == 1
    switched(flow, cast.maya, made, Switch.PAUSE)
    assert asked(flow, cast) == []


@pytest.mark.parametrize(("when", "number"), [("${context.days} > 100", 0), ("${context.days} <= 3", 1),
                                              ("1 / (${context.days} - 1) == 1", 1)])  # fmt: skip
def test_only_what_would_have_started_it_is_noted(flow: Flow, cast: Cast, when: str, number: int) -> None:
    trigger = {"id": "asked", "type": "event", "event": "leave_requested", "when": when}
    made = a_workflow(flow, cast.maya, a_document(triggers=[trigger]), home_id=cast.rose)
    switched(flow, cast.maya, made, Switch.PAUSE)
    asked(flow, cast)
    assert [each.status for each in runs(flow)] == [ExecutionStatus.CANCELLED] * number


def test_others_start_as_ever(flow: Flow, cast: Cast) -> None:
    paused, other = (a_workflow(flow, cast.maya, home_id=cast.rose) for _ in range(2))
    switched(flow, cast.maya, paused, Switch.PAUSE)
    asked(flow, cast)
    assert {each.workflow_id: each.status for each in runs(flow)} == {
        paused: ExecutionStatus.CANCELLED,
        other: ExecutionStatus.PENDING,
    }


def test_what_runs_goes_on(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, a_document(do("note", "a", "done")), home_id=cast.rose)
    asked(flow, cast)
    switched(flow, cast.maya, made, Switch.PAUSE)
    run_all(flow)
    with flow.database.read() as session:
        assert noted(session) == ["done"]


def test_an_archived_one_notes_nothing(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)
    switched(flow, cast.maya, made, Switch.ARCHIVE)
    asked(flow, cast)
    assert runs(flow) == []


def test_switched_on_again_it_starts_again(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)
    switched(flow, cast.maya, made, Switch.PAUSE)
    asked(flow, cast)
    switched(flow, cast.maya, made, Switch.ACTIVATE)
    asked(flow, cast)
    run_all(flow)
    assert [each.status for each in runs(flow)] == [ExecutionStatus.CANCELLED, ExecutionStatus.COMPLETED]


def test_times_pass_over_it_though_nobody_looked_meanwhile(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    trigger = {"id": "clock", "type": "schedule", "cron": "0 * * * *", "catch_up": "all"}
    made = a_workflow(flow, cast.maya, a_document(triggers=[trigger]), home_id=cast.rose)
    start_due(flow.parts, clock.now())
    switched(flow, cast.maya, made, Switch.PAUSE)
    clock.advance(hours=5.5)
    switched(flow, cast.maya, made, Switch.ACTIVATE)
    assert start_due(flow.parts, clock.now()) == 0
    clock.advance(minutes=30)
    assert start_due(flow.parts, clock.now()) == 1
    assert [each.created_at for each in runs(flow)] == [clock.now()]


def test_what_was_not_run_keeps_its_place_among_the_runs(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)
    asked(flow, cast)
    switched(flow, cast.maya, made, Switch.PAUSE)
    clock.advance(minutes=1)
    asked(flow, cast)
    with flow.database.read() as session:
        last = session.scalars(select(Execution).order_by(Execution.id.desc()).limit(1)).one()
    assert last.created_at - runs(flow)[0].created_at == timedelta(minutes=1)
    assert last.dedupe_key != runs(flow)[0].dedupe_key
