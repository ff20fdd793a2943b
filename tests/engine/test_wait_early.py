"""Events that come before a step waits for them, or together with something else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.engine.cancelling import cancel_executions
from flowapp.engine.ending import follow
from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.test_accept_cost import statements
from tests.engine.test_burst import steps_of, words
from tests.engine.waits import accepted, begun, branch, happens, listening, recorded, taken, wait
from tests.factories import a_document, a_workflow, approve, leave_asked, run_all, runs
from tests.support.statements import plan, read_to_the_end

DELAY = {"id": "d", "type": "delay", "for": {"hours": 1}}
CAME = {
    "then": [do("note", "came", "came")],
    "timed_out": [do("note", "missed", "missed")],
    "timeout": {"minutes": 1},
}


def delay(id_: str, hours: int = 1) -> dict[str, Any]:
    """Answer a step that waits for a time."""
    return {"id": id_, "type": "delay", "for": {"hours": hours}}


def test_an_event_that_came_before_the_wait_is_taken_at_once(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    begun(flow, cast, DELAY, wait("w", **CAME))
    happens(flow, cast)
    clock.advance(hours=1)
    assert flow.worker.run_due() == 1  # in the same pass, and so in the same transaction
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    assert words(flow) == ["came"]
    assert listening(flow) == []


def test_an_event_between_acceptance_and_the_first_step_counts(flow: Flow, cast: Cast) -> None:
    accepted(flow, cast, wait("w"))
    assert happens(flow, cast).status == ExecutionStatus.COMPLETED


def test_what_happened_before_the_run_was_accepted_does_not_count(flow: Flow, cast: Cast) -> None:
    recorded(flow, cast, 1)
    begun(flow, cast, wait("w"))
    assert runs(flow)[0].status == ExecutionStatus.WAITING


def test_the_event_that_started_the_run_is_not_what_it_waits_for(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, a_document(wait("w")), home_id=cast.rose)
    happens(flow, cast, 1)
    [found] = runs(flow)
    assert found.status == ExecutionStatus.WAITING
    happens(flow, cast, 2)
    assert [each.status for each in runs(flow)] == [ExecutionStatus.COMPLETED, ExecutionStatus.WAITING]


def test_of_several_early_events_the_first_that_fits_is_taken(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    begun(flow, cast, DELAY, wait("w", match="${event.leave_request_id} > 4"))
    for number in (4, 5, 6):
        happens(flow, cast, number)
    clock.advance(hours=1)
    run_all(flow)
    assert taken(flow) == [("w", 2)]


def test_an_event_elsewhere_or_of_another_type_does_not_even_wake_it(flow: Flow, cast: Cast) -> None:
    begun(flow, cast, branch("b", left=[wait("w")], right=[wait("v", "leave_approved")]))
    happens(flow, cast, home_id=cast.elm)
    assert {row.path: row.attempt for row in steps_of(flow)} == {"b": 1, "b.left.w": 1, "b.right.v": 1}
    happens(flow, cast)
    assert {row.path: row.attempt for row in steps_of(flow)} == {"b": 1, "b.left.w": 2, "b.right.v": 1}


def test_an_early_event_of_another_home_is_not_meant(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    begun(flow, cast, DELAY, wait("w"))
    happens(flow, cast, home_id=cast.elm)
    clock.advance(hours=1)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.WAITING


def test_of_two_events_at_once_one_is_taken_and_the_other_kept_for_the_next_wait(flow: Flow, cast: Cast) -> None:
    begun(flow, cast, wait("w"), wait("v"), wait("u"))
    happens(flow, cast, 1, 2)
    assert taken(flow) == [("w", 1), ("v", 2)]
    assert [step.status for step in steps_of(flow)] == [StepStatus.COMPLETED, StepStatus.COMPLETED, StepStatus.WAITING]


def test_waits_in_turns_one_after_the_other_take_one_event_each(flow: Flow, cast: Cast) -> None:
    loop = {"id": "l", "type": "loop", "items": "[1, 2, 3]", "as": "x", "steps": [wait("w")]}
    begun(flow, cast, loop)
    happens(flow, cast, 1, 2)
    assert taken(flow) == [("l[0].w", 1), ("l[1].w", 2)]
    assert runs(flow)[0].status == ExecutionStatus.WAITING


def test_a_wait_inside_the_way_of_another_does_not_take_the_same_event(flow: Flow, cast: Cast) -> None:
    begun(flow, cast, wait("w", then=[wait("v")]))
    assert happens(flow, cast).status == ExecutionStatus.WAITING
    assert happens(flow, cast).status == ExecutionStatus.COMPLETED


def test_waits_side_by_side_may_take_the_same_event_at_whatever_time_they_begin(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    begun(flow, cast, branch("b", left=[wait("w")], right=[wait("v")], late=[DELAY, wait("u")]))
    happens(flow, cast)
    assert taken(flow) == [("b.left.w", 1), ("b.right.v", 1)]
    clock.advance(hours=1)
    run_all(flow)
    assert taken(flow)[2:] == [("b.late.u", 1)]
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED


def test_items_at_once_do_not_all_run_through_on_one_event(flow: Flow, cast: Cast) -> None:
    loop = {"id": "l", "type": "loop", "items": "[1, 2, 3, 4]", "as": "x", "at_once": 2, "steps": [wait("w")]}
    begun(flow, cast, loop)
    happens(flow, cast)
    assert taken(flow) == [("l[0].w", 1), ("l[1].w", 1)]
    happens(flow, cast)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED


RACES = [
    # when the event comes, when the engine looks (seconds after the time-out), which way is gone
    (-1, 0, "came"),
    (0, 0, "came"),  # at the very moment
    (-1, 90, "came"),  # the engine was away
    (1, 90, "missed"),  # both are due in the same pass, and the time-out was first
]


@pytest.mark.parametrize(("comes", "looks", "word"), RACES)
def test_of_event_and_time_out_the_first_wins_however_late_the_engine_looks(
    flow: Flow, cast: Cast, clock: FrozenClock, comes: int, looks: int, word: str
) -> None:
    begun(flow, cast, wait("w", **CAME))
    clock.advance(seconds=60 + comes)
    recorded(flow, cast, 1)
    clock.advance(seconds=looks - comes)
    flow.worker.end_late()
    run_all(flow)
    assert words(flow) == [word]
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED


def test_an_event_after_the_time_out_is_kept_for_the_next_wait(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    begun(flow, cast, wait("w", timeout={"minutes": 1}), wait("v"))
    clock.advance(seconds=61)
    recorded(flow, cast, 1)
    clock.advance(seconds=61)
    run_all(flow)
    assert taken(flow) == [("v", 1)]


@pytest.mark.parametrize("first", ["wait", "action"])
def test_an_event_of_the_very_transaction_in_which_the_wait_begins_is_not_missed(
    flow: Flow, cast: Cast, first: str
) -> None:
    """The run's own step raises it, before or after the row of the wait could be written."""
    ways = {"left": [wait("w", "leave_approved")], "right": [approve()]}
    names = ("left", "right") if first == "wait" else ("right", "left")
    document = a_document(branch("b", **{name: ways[name] for name in names}))
    a_workflow(flow, cast.maya, document, home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    assert [path for path, _ in taken(flow)] == ["b.left.w"]


def test_an_event_of_another_run_in_the_transaction_in_which_the_wait_begins_is_not_missed(
    flow: Flow, cast: Cast
) -> None:
    for name, step in (("One", wait("w", "leave_approved")), ("Two", approve())):
        a_workflow(flow, cast.maya, a_document(step, name=name), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    assert flow.worker.run_due() == 2  # one transaction
    run_all(flow)
    assert [each.status for each in runs(flow)] == [ExecutionStatus.COMPLETED] * 2


def test_an_event_in_the_transaction_in_which_it_goes_back_to_waiting_is_not_missed(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    """Its row is written with the time-out after a step beside it has raised what it waits for."""
    waiting = {
        "id": "w",
        "type": "wait",
        "timeout": {"hours": 9},
        "for_events": [
            {"event": "leave_approved", "match": "${event.leave_request_id} == ${context.leave_request_id}"},
            {"event": "leave_requested", "match": "false"},
        ],
    }
    document = a_document(branch("b", left=[waiting], right=[DELAY, approve()]))
    a_workflow(flow, cast.maya, document, home_id=cast.rose)
    asked = leave_asked(flow, cast.dan)
    run_all(flow)
    clock.advance(hours=1)
    recorded(flow, cast, asked + 50)  # wakes it in vain, in the same pass in which the time of the delay has come
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    assert [path for path, _ in taken(flow)] == ["b.left.w"]


def test_a_wait_in_a_way_that_is_taken_back_listens_no_more(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    step = branch("b", left=[wait("w", then=CAME["then"])], right=[DELAY]) | {"merge": "first"}
    begun(flow, cast, step, delay("z", 5))
    assert listening(flow) == [("b.left.w", "leave_requested")]
    clock.advance(hours=1)
    run_all(flow)
    assert listening(flow) == []
    happens(flow, cast)
    assert words(flow) == []
    assert {row.path: row.status for row in steps_of(flow)}["b.left.w"] == StepStatus.CANCELLED


def test_a_wait_in_an_item_whose_loop_has_enough_listens_no_more(flow: Flow, cast: Cast) -> None:
    match = "${event.leave_request_id} == ${x}"
    loop = {"id": "l", "type": "loop", "items": "[1, 2, 3]", "as": "x", "at_once": 3, "need": 1,
            "steps": [wait("w", match=match)]}  # fmt: skip
    begun(flow, cast, loop, delay("z", 5))
    happens(flow, cast, 2)
    assert listening(flow) == []
    assert taken(flow) == [("l[1].w", 1)]


def test_a_run_that_is_cancelled_listens_no_more_and_hears_nothing(flow: Flow, cast: Cast) -> None:
    number = begun(flow, cast, wait("w", **CAME))

    def cancel(session: Session) -> None:
        follow(flow.parts, session, cancel_executions(session, [number], reason="No.", at=flow.clock.now()))

    flow.database.write(cancel)
    assert listening(flow) == []
    happens(flow, cast)
    assert words(flow) == []
    assert runs(flow)[0].status == ExecutionStatus.CANCELLED


def test_a_row_that_is_left_over_wakes_nothing(flow: Flow, cast: Cast) -> None:
    number = begun(flow, cast, wait("w", **CAME))

    def cancel(session: Session) -> None:
        cancel_executions(session, [number], reason="No.", at=flow.clock.now())  # and nothing follows

    flow.database.write(cancel)
    assert listening(flow) == [("w", "leave_requested")]
    happens(flow, cast)
    [step] = steps_of(flow)
    assert (step.status, step.run_at) == (StepStatus.CANCELLED, flow.clock.now() + timedelta(minutes=1))


def test_a_run_that_fails_beside_it_listens_no_more(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    begun(flow, cast, branch("b", left=[wait("w")], right=[DELAY, do("refuse", "r")]))
    clock.advance(hours=1)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.FAILED
    assert listening(flow) == []


def test_a_change_takes_as_many_statements_whether_one_waits_or_many(flow: Flow, cast: Cast) -> None:
    begun(flow, cast, wait("w", match="false"))
    statements(flow, cast)
    run_all(flow)
    one = len(statements(flow, cast))
    run_all(flow)
    loop = {"id": "l", "type": "loop", "items": str(list(range(50))), "as": "x", "at_once": 50,
            "steps": [wait("w", match="${event.leave_request_id} < ${x}")]}  # fmt: skip
    begun(flow, cast, loop)
    assert len(listening(flow)) == 51
    seen = statements(flow, cast)
    assert len(seen) == one
    waking = next(each for each in seen if each.startswith("UPDATE step_execution"))
    with flow.database.read() as session:
        found = plan(session, waking)
    assert any("ix_awaited_event_home" in each for each in found), found
    assert not read_to_the_end(found), found
    run_all(flow)
    assert len(taken(flow)) == 48  # those whose number is more than 1
