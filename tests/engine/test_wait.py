"""Steps that wait for events: the first that fits is taken, and its way is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.test_burst import steps_of, words
from tests.engine.waits import begun, happens, listening, recorded, taken, wait
from tests.factories import run_all, runs

ONE_DAY = {"timeout": {"days": 1}}
SEVEN = "${event.leave_request_id} == 7"
WAYS = {
    "then": [do("note", "came", "came: ${steps.w.event.context.leave_request_id}")],
    "timed_out": [do("note", "missed", "missed")],
}
AFTER = do("note", "z", "after")


def test_it_waits_until_the_event_comes_and_goes_its_way(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    begun(flow, cast, wait("w", **WAYS, **ONE_DAY), AFTER)
    assert runs(flow)[0].status == ExecutionStatus.WAITING
    assert listening(flow) == [("w", "leave_requested")]
    clock.advance(hours=3)
    assert happens(flow, cast, 5).status == ExecutionStatus.COMPLETED
    assert words(flow) == ["came: 5", "after"]
    waited = steps_of(flow)[0]
    assert waited.output["timed_out"] is False
    assert waited.output["event"] | {"context": None} == {
        "name": "leave_requested", "at": clock.now().isoformat(), "context": None,
    }  # fmt: skip
    assert taken(flow) == [("w", 1)]
    assert listening(flow) == []


def test_when_nothing_comes_in_time_the_other_way_is_gone(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    begun(flow, cast, wait("w", **WAYS, **ONE_DAY), AFTER)
    clock.advance(days=1, seconds=-1)
    flow.worker.end_late()
    run_all(flow)
    assert words(flow) == []
    clock.advance(seconds=1)
    assert flow.worker.end_late() == 0  # its time-out is no failure
    run_all(flow)
    assert words(flow) == ["missed", "after"]
    [found] = runs(flow)
    assert found.status == ExecutionStatus.COMPLETED
    assert (found.reason or "").startswith("What was waited for did not happen within 1 day. So: note missed")
    assert steps_of(flow)[0].output == {"timed_out": True, "event": None}
    assert listening(flow) == []


def test_without_steps_for_the_time_out_it_simply_goes_on(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    begun(flow, cast, wait("w", **ONE_DAY), do("note", "z", "late: ${steps.w.timed_out}"))
    clock.advance(days=1)
    run_all(flow)
    assert words(flow) == ["late: yes"]


def test_without_a_timeout_it_waits_however_long_it_takes(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    begun(flow, cast, wait("w", **{"then": WAYS["then"]}))
    clock.advance(days=3000)
    flow.worker.end_late()
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.WAITING
    happens(flow, cast, 9)
    assert words(flow) == ["came: 9"]


def test_any_of_several_events_wakes_it(flow: Flow, cast: Cast) -> None:
    begun(flow, cast, wait("w", "leave_cancelled", "leave_requested"), do("note", "z", "${steps.w.event.name}"))
    assert listening(flow) == [("w", "leave_cancelled"), ("w", "leave_requested")]
    happens(flow, cast)
    assert words(flow) == ["leave_requested"]
    assert listening(flow) == []


def test_what_does_not_fit_does_not_wake_it_and_the_time_goes_on(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    begun(flow, cast, wait("w", match=SEVEN, **WAYS, **ONE_DAY))
    until = clock.now() + timedelta(days=1)
    clock.advance(hours=5)
    happens(flow, cast, 1)
    happens(flow, cast, 2)
    [waiting] = steps_of(flow)
    assert (waiting.status, waiting.run_at) == (StepStatus.WAITING, until)
    assert taken(flow) == []
    happens(flow, cast, 7)
    assert words(flow) == ["came: 7"]
    assert taken(flow) == [("w", 3)]


def test_with_events_that_do_not_fit_the_time_out_comes_when_it_must(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    begun(flow, cast, wait("w", match=SEVEN, **WAYS, **ONE_DAY))
    clock.advance(hours=23)
    happens(flow, cast, 1)
    clock.advance(hours=1)
    run_all(flow)
    assert words(flow) == ["missed"]


def test_a_match_reads_what_the_run_knows(flow: Flow, cast: Cast) -> None:
    match = "${event.leave_request_id} == ${steps.s.wanted} + ${loop.index}"
    loop = {"id": "l", "type": "loop", "items": "[1, 2]", "as": "x", "steps": [wait("w", match=match)]}
    begun(flow, cast, {"id": "s", "type": "set", "values": {"wanted": 7}}, loop)
    for number in (6, 8, 7):
        happens(flow, cast, number)
    assert taken(flow) == [("l[0].w", 3), ("l[1].w", 2)]  # what came early for the second turn is kept


def test_a_match_that_cannot_be_answered_fails_the_step_and_never_the_change(flow: Flow, cast: Cast) -> None:
    begun(flow, cast, wait("w", match="1 / (${event.leave_request_id} - 7) > 0"), AFTER)
    recorded(flow, cast, 7)
    assert runs(flow)[0].status == ExecutionStatus.WAITING  # nothing was asked in the transaction of the change
    run_all(flow)
    [found] = runs(flow)
    assert found.status == ExecutionStatus.FAILED
    assert (found.error or {})["path"] == "w"
    assert (found.reason or "").endswith(".")
    assert words(flow) == []
    assert listening(flow) == []


def test_a_failing_match_goes_the_way_of_its_step(flow: Flow, cast: Cast) -> None:
    match = "1 / (${event.leave_request_id} - 7) > 0"
    begun(flow, cast, wait("w", match=match, on_error="continue"), do("note", "z", "${default(steps.w.code, '')}"))
    happens(flow, cast, 7)
    assert words(flow) == ["divide_by_zero"]
    assert listening(flow) == []


@pytest.mark.parametrize(
    ("everywhere", "at", "hears"),
    [(False, "rose", True), (False, "elm", False), (True, "rose", True), (True, "elm", True)],
)
def test_a_run_hears_what_happens_in_its_home_and_one_of_the_organisation_hears_all(
    flow: Flow, cast: Cast, everywhere: bool, at: str, hears: bool
) -> None:
    begun(flow, cast, wait("w"), everywhere=everywhere)
    found = happens(flow, cast, home_id=getattr(cast, at))
    assert found.status == (ExecutionStatus.COMPLETED if hears else ExecutionStatus.WAITING)


def test_a_run_that_is_switched_past_its_wait_listens_to_nothing(flow: Flow, cast: Cast) -> None:
    begun(flow, cast, wait("w", enabled=False), AFTER)
    assert words(flow) == ["after"]
    assert listening(flow) == []


def test_many_events_that_do_not_fit_are_looked_through_in_turns(flow: Flow, cast: Cast) -> None:
    begun(flow, cast, wait("w", match=SEVEN, **WAYS, **ONE_DAY))
    happens(flow, cast, *(1000 + number for number in range(250)))
    assert runs(flow)[0].status == ExecutionStatus.WAITING
    happens(flow, cast, *(1000 + number for number in range(130)), 7)
    assert words(flow) == ["came: 7"]


def test_a_step_that_looked_once_does_not_look_at_the_same_events_again(flow: Flow, cast: Cast) -> None:
    begun(flow, cast, wait("w", match=SEVEN))
    happens(flow, cast, 1, 2)
    happens(flow, cast, 3)
    [waiting] = steps_of(flow)
    assert waiting.attempt == 3  # begun, and woken twice
    with flow.database.read() as session:
        assert session.connection().exec_driver_sql("SELECT after_seq FROM awaited").scalar() == 3
