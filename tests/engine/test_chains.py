"""Workflows that start one another: how long that may go on, and never twice for one record."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus, StepExecution
from flowapp.events.cause import DEEPEST_CHAIN
from flowapp.events.outbox import EventRecord, record
from tests.cast import Cast
from tests.factories import a_document, a_workflow, approve, leave_asked, leave_event, notify, run_all, runs

AFTER_APPROVAL = [{"id": "approved", "type": "event", "event": "leave_approved"}]


def happens(flow: Flow, cast: Cast, *, request_id: int = 1, **chain: Any) -> None:
    """Record that Dan asks for leave, somewhere in a chain of workflows."""
    event = leave_event(cast.dan, flow.clock.now(), home_id=cast.rose, request_id=request_id, **chain)
    flow.database.write(lambda session: record(session, event) and None)


def test_what_a_workflow_does_may_start_the_next_workflow(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, a_document(approve(), name="First"), home_id=cast.rose)
    a_workflow(flow, cast.maya, a_document(notify("tell"), name="Second", triggers=AFTER_APPROVAL), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    first, second = runs(flow)
    with flow.database.read() as session:
        asked, approved = session.scalars(select(EventRecord).order_by(EventRecord.seq)).all()
    assert [first.status, second.status] == [ExecutionStatus.COMPLETED] * 2
    assert (approved.type, approved.execution_id, approved.depth) == ("leave_approved", first.id, 1)
    assert approved.correlation_id == asked.uid == first.correlation_id == second.correlation_id
    assert approved.causation_id == asked.uid  # the event that started the run that wrote it
    assert (second.causation_id, second.depth) == (approved.uid, 1)
    assert second.context["auto"] is True
    assert second.context["decided_by"] == "the workflow “First”"
    assert second.started_by == "First"


@pytest.mark.parametrize(("depth", "starts"), [(0, True), (1, True), (DEEPEST_CHAIN - 1, True), (DEEPEST_CHAIN, False)])
def test_a_chain_that_is_too_long_is_stopped_with_a_clear_reason(
    flow: Flow, cast: Cast, depth: int, starts: bool
) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    happens(flow, cast, depth=depth, correlation_id="CHAIN")
    [found] = runs(flow)
    if starts:
        assert (found.status, found.depth) == (ExecutionStatus.PENDING, depth)
    else:
        assert found.status == ExecutionStatus.FAILED
        assert found.error is not None
        assert found.error["code"] == "chain_too_long"
        assert "circle" in (found.reason or "")
        with flow.database.read() as session:
            assert session.scalars(select(StepExecution)).all() == []


def test_a_workflow_that_would_not_have_started_is_not_blamed_for_a_long_chain(flow: Flow, cast: Cast) -> None:
    trigger = {"id": "asked", "type": "event", "event": "leave_requested", "when": "${context.days} > 100"}
    a_workflow(flow, cast.maya, a_document(triggers=[trigger]), home_id=cast.rose)
    happens(flow, cast, depth=DEEPEST_CHAIN, correlation_id="CHAIN")
    assert runs(flow) == []


def test_in_one_chain_a_workflow_runs_once_for_one_record(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)
    happens(flow, cast, depth=1, correlation_id="CHAIN")
    happens(flow, cast, depth=2, correlation_id="CHAIN")
    assert [each.workflow_id for each in runs(flow)] == [made]


def test_the_first_event_of_a_chain_counts_too(flow: Flow, cast: Cast) -> None:
    """The workflow that the person's own event started is not started again by what it did."""
    a_workflow(flow, cast.maya, home_id=cast.rose)
    happens(flow, cast)
    [first] = runs(flow)
    happens(flow, cast, depth=1, correlation_id=first.correlation_id)
    assert len(runs(flow)) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"request_id": 2, "depth": 2, "correlation_id": "CHAIN"},  # another record
        {"request_id": 1, "depth": 1, "correlation_id": "OTHER"},  # another chain
        {"request_id": 1},  # somebody does it again
    ],
)
def test_for_another_record_or_in_another_chain_it_runs_again(flow: Flow, cast: Cast, other: dict[str, Any]) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    happens(flow, cast, depth=1, correlation_id="CHAIN")
    happens(flow, cast, **other)
    assert len(runs(flow)) == 2


def test_another_workflow_runs_beside_it_in_the_same_chain(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    happens(flow, cast, depth=1, correlation_id="CHAIN")
    second = a_workflow(flow, cast.maya, home_id=cast.rose)
    happens(flow, cast, depth=2, correlation_id="CHAIN")
    assert [each.workflow_id for each in runs(flow)][1:] == [second]


def test_two_workflows_that_start_each_other_come_to_an_end(flow: Flow, cast: Cast) -> None:
    """Each approves again what the other approved; every round would write a new event if nothing stopped it."""
    for name in ("One", "Two"):
        a_workflow(flow, cast.maya, a_document(notify("tell"), approve(), name=name, triggers=AFTER_APPROVAL),
                   home_id=cast.rose)  # fmt: skip
    a_workflow(flow, cast.maya, a_document(approve(), name="Begin"), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    assert len(runs(flow)) == 3
    with flow.database.read() as session:
        assert len(session.scalars(select(EventRecord)).all()) == 2


def test_what_was_stopped_leaves_the_change_itself_alone(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    happens(flow, cast, depth=DEEPEST_CHAIN, correlation_id="CHAIN")

    def read(session: Session) -> int:
        return len(session.scalars(select(EventRecord)).all())

    with flow.database.read() as session:
        assert read(session) == 1
