"""What a change starts is carried on in its own transaction, as far as that can be done inside."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus
from flowapp.engine.sequel import Sequel
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.test_manual_start import by_hand, start
from tests.factories import a_document, a_workflow, leave_asked, runs


@pytest.fixture
def rung(flow: Flow) -> Iterator[list[int]]:
    """How often the loop is rung for; the loop itself does not run."""
    found: list[int] = []
    flow.database.carry_on_with(Sequel(flow.worker, lambda: found.append(1)))
    yield found
    flow.database.carry_on_with(None)


def test_a_run_is_over_when_the_change_that_started_it_is_kept(flow: Flow, cast: Cast, rung: list[int]) -> None:
    workflow_id = a_workflow(flow, cast.maya, by_hand(None, do("note", "a"), do("note", "b")), home_id=cast.rose)
    number = start(flow, cast.maya, workflow_id)
    assert [each.status for each in runs(flow)] == [ExecutionStatus.COMPLETED]
    assert flow.waiting.wait([number], 0)
    assert rung == []


def test_every_run_that_an_event_starts_is_carried_on(flow: Flow, cast: Cast, rung: list[int]) -> None:
    for _ in range(3):
        a_workflow(flow, cast.maya, a_document(do("note", "a")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    assert [each.status for each in runs(flow)] == [ExecutionStatus.COMPLETED] * 3
    assert rung == []


def test_an_event_that_nothing_waits_for_wakes_nobody(flow: Flow, cast: Cast, rung: list[int]) -> None:
    leave_asked(flow, cast.dan)
    assert (runs(flow), rung) == ([], [])


def test_what_acts_outside_is_left_to_the_loop(flow: Flow, cast: Cast, rung: list[int]) -> None:
    workflow_id = a_workflow(flow, cast.maya, by_hand(None, do("note", "a"), do("outside", "b")), home_id=cast.rose)
    start(flow, cast.maya, workflow_id)
    [found] = runs(flow)
    assert found.finished_at is None
    assert rung != []
    flow.worker.work_off()
    [found] = runs(flow)
    assert found.status is ExecutionStatus.COMPLETED


def test_a_run_that_waits_rings_so_that_the_loop_knows_until_when(flow: Flow, cast: Cast, rung: list[int]) -> None:
    wait = {"id": "wait", "type": "delay", "for": {"hours": 1}}
    workflow_id = a_workflow(flow, cast.maya, by_hand(None, wait, do("note", "a")), home_id=cast.rose)
    start(flow, cast.maya, workflow_id)
    [found] = runs(flow)
    assert found.status is ExecutionStatus.WAITING
    assert rung != []
