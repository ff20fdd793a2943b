"""Steps and runs that take longer than they may."""

from __future__ import annotations

import threading
from typing import Any

from flowapp.bootstrap import Flow
from flowapp.engine.claim import MOST_LATE, due, late_executions
from flowapp.engine.execution import LIVE, ExecutionStatus, StepStatus
from flowapp.engine.failing import failure_of
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.patience import until
from tests.engine.stepping_in import cancel, retry
from tests.engine.test_burst import steps_of, went, words
from tests.engine.test_outside_steps import begun, results, the_outside
from tests.engine.waits import recorded
from tests.factories import a_document, a_workflow, leave_asked, run_all, runs

WAIT = {"id": "w", "type": "delay", "for": {"hours": 5}}
TWO = [{"name": "left", "steps": [WAIT]}, {"name": "right", "steps": [WAIT | {"id": "v"}]}]


def test_a_step_that_takes_too_long_fails_the_run_at_that_step(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    went(flow, cast, WAIT | {"timeout": {"hours": 1}}, do("note", "z"))
    clock.advance(minutes=59)
    assert flow.worker.end_late() == 0
    clock.advance(minutes=1)
    assert flow.worker.end_late() == 1
    assert flow.worker.end_late() == 0
    [found] = runs(flow)
    assert (found.status, found.reason) == (ExecutionStatus.FAILED, "This took longer than 1 hour.")
    assert found.error is not None
    assert (found.error["code"], found.error["path"]) == ("timed_out", "w")
    clock.advance(hours=9)
    run_all(flow)
    assert words(flow) == []


def test_what_is_under_way_inside_is_taken_back_and_the_run_may_go_on(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    instead = {"steps": [do("note", "n", "${error.message}")]}
    step = {"id": "p", "type": "branch", "branches": TWO, "timeout": {"minutes": 30}, "on_error": instead}
    went(flow, cast, step, do("note", "z", "after"))
    clock.advance(minutes=30)
    assert flow.worker.end_late() == 1
    assert words(flow) == ["This took longer than 30 minutes.", "after"]
    assert {row.path: row.status for row in steps_of(flow)} == {
        "p": StepStatus.COMPLETED, "p.left.w": StepStatus.CANCELLED, "p.right.v": StepStatus.CANCELLED,
        "p.on_error.n": StepStatus.COMPLETED, "z": StepStatus.COMPLETED,
    }  # fmt: skip
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED


def test_the_result_of_an_outside_effect_that_took_too_long_is_thrown_away(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    leave = threading.Event()

    def act_outside(_: Any) -> None:
        leave.wait(10)

    the_outside(flow).does = act_outside
    begun(flow, cast, do("outside", "a") | {"timeout": {"seconds": 5}}, do("note", "z"))
    clock.advance(seconds=5)
    assert flow.worker.end_late() == 1
    assert runs(flow)[0].status == ExecutionStatus.FAILED
    leave.set()
    assert until(lambda: ("a", "thrown_away") in results(flow))
    assert [row.status for row in steps_of(flow)] == [StepStatus.FAILED]


def test_a_run_that_takes_too_long_fails_as_a_whole(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    step = {"id": "p", "type": "branch", "branches": TWO}
    document = a_document(step, settings={"timeout": {"hours": 2}})
    a_workflow(flow, cast.maya, document, home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    clock.advance(hours=2, seconds=-1)
    assert flow.worker.end_late() == 0
    clock.advance(seconds=1)
    assert flow.worker.end_late() == 1
    assert flow.worker.end_late() == 0
    [found] = runs(flow)
    assert (found.status, found.reason) == (ExecutionStatus.FAILED, "This took longer than 2 hours.")
    assert {row.status for row in steps_of(flow)} == {StepStatus.CANCELLED}


def test_a_run_that_a_person_began_anew_since_it_was_found_late_is_left_alone(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    document = a_document(WAIT | {"timeout": {"hours": 1}}, settings={"timeout": {"hours": 2}})
    a_workflow(flow, cast.maya, document, home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    clock.advance(hours=2)
    with flow.database.read() as session:
        [found] = late_executions(session, clock.now())
    # Meanwhile another process fails the step, and its run with it, and Maya tries again.
    assert flow.database.write(lambda session: flow.worker._time_out(session, row=found, path="w")) is not None
    retry(flow, cast.maya)
    assert flow.database.write(lambda session: flow.worker._time_out(session, row=found, path=None)) is None
    assert runs(flow)[0].status in LIVE


def test_a_run_in_time_is_left_alone(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    document = a_document(do("note", "a") | {"timeout": {"minutes": 1}}, settings={"timeout": {"minutes": 1}})
    a_workflow(flow, cast.maya, document, home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    clock.advance(hours=1)
    assert flow.worker.end_late() == 0
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED


def test_what_cannot_be_ended_in_words_is_given_up_and_holds_up_nothing(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    poisoned = {"steps": [do("poison", "p")]}
    went(flow, cast, {"id": "b", "type": "branch", "branches": TWO, "timeout": {"hours": 1}, "on_error": poisoned})
    clock.advance(hours=1)
    flow.worker.end_late()
    assert flow.worker.end_late() == 0
    assert runs(flow)[0].status == ExecutionStatus.FAILED
    assert {row.status for row in steps_of(flow)} == {StepStatus.FAILED, StepStatus.CANCELLED}


def test_what_is_done_instead_is_not_late_because_the_step_was(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    inside = [{"name": "left", "steps": [WAIT | {"timeout": {"minutes": 20}}]}]
    instead = {"steps": [do("note", "n"), WAIT | {"id": "v"}]}
    step = {"id": "p", "type": "branch", "branches": inside, "timeout": {"minutes": 30}, "on_error": instead}
    went(flow, cast, step)
    clock.advance(minutes=30)
    assert flow.worker.end_late() == 1
    assert runs(flow)[0].status == ExecutionStatus.WAITING
    assert words(flow) == ["noted"]


def test_of_very_many_that_are_late_some_are_ended_in_one_look(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    a_workflow(flow, cast.maya, a_document(WAIT | {"timeout": {"hours": 1}}), home_id=cast.rose)
    for _ in range(MOST_LATE + 1):
        recorded(flow, cast)
    run_all(flow)
    clock.advance(hours=1)
    assert [flow.worker.end_late() for _ in range(3)] == [MOST_LATE, 1, 0]


def test_who_gives_up_a_run_leaves_one_alone_that_has_ended_meanwhile(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, a_document(WAIT), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    with flow.database.read() as session:
        [found] = due(session, flow.clock.now(), limit=1)
    cancel(flow, cast.maya)
    flow.worker.effects.give_up(found, failure_of(ZeroDivisionError("the boiler")))
    assert runs(flow)[0].status == ExecutionStatus.CANCELLED
