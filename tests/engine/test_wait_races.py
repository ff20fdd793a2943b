"""An event, a time-out and a process that dies, in whatever order: the rows alone decide, and one way is gone."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus
from flowapp.kernel import faults
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.patience import in_threads
from tests.engine.test_burst import words
from tests.engine.waits import begun, branch, listening, recorded, taken, wait
from tests.factories import run_all, runs

WAITING = wait("w", timeout={"minutes": 1}, then=[do("note", "a", "came")], timed_out=[do("note", "b", "missed")])
LATER = {"id": "z", "type": "delay", "for": {"hours": 5}}
POINTS = ["accept.in_change", "claim.mid_tx", "complete.mid_tx", "complete.before_commit", "complete.after_commit"]


def broken_off(point: str, work: Any) -> None:
    """Do something that fails at a point; what it had begun must not be seen."""
    faults.arm(f"{point}:1:raise")
    try:
        work()
    except faults.FaultRaised:
        pass
    finally:
        faults.arm(None)


@pytest.mark.parametrize("point", POINTS[1:])
def test_a_pass_that_is_broken_off_when_the_wait_begins_loses_no_event(flow: Flow, cast: Cast, point: str) -> None:
    delay = {"id": "d", "type": "delay", "for": {"seconds": 5}}
    begun(flow, cast, delay, WAITING)
    recorded(flow, cast, 1)
    flow.clock.advance(seconds=5)  # type: ignore[attr-defined]
    broken_off(point, lambda: run_all(flow))
    run_all(flow)
    assert (words(flow), taken(flow), listening(flow)) == (["came"], [("w", 1)], [])


@pytest.mark.parametrize("point", POINTS[1:])
@pytest.mark.parametrize("comes", [True, False])
def test_a_pass_that_is_broken_off_when_the_wait_ends_goes_one_way_once(
    flow: Flow, cast: Cast, clock: FrozenClock, point: str, comes: bool
) -> None:
    begun(flow, cast, WAITING)
    if comes:
        recorded(flow, cast, 1)
    clock.advance(minutes=1)
    broken_off(point, lambda: run_all(flow))
    run_all(flow)
    assert words(flow) == (["came"] if comes else ["missed"])
    assert len(taken(flow)) == comes


def test_a_change_that_is_taken_back_wakes_nothing(flow: Flow, cast: Cast) -> None:
    begun(flow, cast, WAITING)
    broken_off("accept.in_change", lambda: recorded(flow, cast, 1))
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.WAITING
    assert taken(flow) == []


def test_an_event_and_the_end_of_the_time_at_the_same_moment_go_one_way(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    for number in range(1, 31):
        begun(flow, cast, WAITING)
        clock.advance(minutes=1)
        work = [lambda: recorded(flow, cast, 1), lambda: flow.worker.run_due()]
        raised = in_threads(2, lambda index, work=work: work[index]() and None)  # type: ignore[misc]
        assert raised == []
        run_all(flow)
        found = words(flow)
        assert len(found) == number, found
        assert len(taken(flow)) == found.count("came")
    assert {run.status for run in runs(flow)} == {ExecutionStatus.COMPLETED}
    assert listening(flow) == []


def test_a_wait_that_is_taken_back_as_soon_as_it_begins_never_listens(flow: Flow, cast: Cast) -> None:
    at_once = {"id": "s", "type": "set", "values": {"n": 1}}
    begun(flow, cast, branch("b", left=[wait("w")], right=[at_once]) | {"merge": "first"}, LATER)
    assert listening(flow) == []


def test_an_early_event_for_one_of_two_takes_the_other_back_before_it_has_looked(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    step = branch("b", left=[wait("w")], right=[wait("v", then=[do("note", "a", "came")])]) | {"merge": "first"}
    begun(flow, cast, {**LATER, "id": "d"}, step, LATER)
    recorded(flow, cast, 1)
    clock.advance(hours=5)
    run_all(flow)
    assert (taken(flow), words(flow), listening(flow)) == ([("b.left.w", 1)], [], [])
