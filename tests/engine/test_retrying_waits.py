"""Going on with a failed run in which steps waited for events, or for runs of other workflows."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.engine import families
from tests.engine.families import DELAY, HOUR, a_child, asked, start
from tests.engine.made_actions import Flaky, do
from tests.engine.stepping_in import retry, skip, statuses, steps_of
from tests.engine.test_burst import words
from tests.engine.waits import begun, listening, recorded, taken, wait
from tests.factories import run_all, runs

DAY = {"timeout": {"days": 1}}
WAYS = {"then": [do("note", "came", "came: ${steps.w.event.context.leave_request_id}")],
        "timed_out": [do("note", "missed", "missed")]}  # fmt: skip


def beside(*steps: dict[str, Any]) -> dict[str, Any]:
    """Answer a branch of these steps and of some that fail after an hour."""
    bad = [HOUR, do("flaky", "f", "better")]
    return {"id": "p", "type": "branch", "branches": [{"name": "good", "steps": list(steps)},
                                                      {"name": "bad", "steps": bad}]}  # fmt: skip


@pytest.fixture
def flaky(flow: Flow) -> Flaky:
    """The action that fails at the paths it is told; at first beside what waits."""
    found = flow.actions["flaky"]
    assert isinstance(found, Flaky)
    found.fails_at = {"p.bad.f"}
    return found


def later(flow: Flow, clock: FrozenClock, **time: float) -> None:
    """Let time pass, and carry on."""
    clock.advance(**time)
    flow.worker.end_late()
    run_all(flow)


def again(flow: Flow, cast: Cast, flaky: Flaky, number: int = 1) -> None:
    """Mend what made a run fail, retry it and carry on."""
    assert runs(flow)[number - 1].status == ExecutionStatus.FAILED
    flaky.fails_at = set()
    retry(flow, cast.maya, number)
    flow.worker.end_late()
    run_all(flow)


def failed(flow: Flow, cast: Cast, clock: FrozenClock, *steps: dict[str, Any]) -> None:
    """Let a run of these steps fail an hour after it has begun, beside them."""
    begun(flow, cast, beside(*steps))
    later(flow, clock, hours=1)
    assert runs(flow)[0].status == ExecutionStatus.FAILED
    assert listening(flow) == []


def test_a_wait_listens_again_until_its_old_time(flow: Flow, cast: Cast, clock: FrozenClock, flaky: Flaky) -> None:
    failed(flow, cast, clock, wait("w", **WAYS, **DAY))
    later(flow, clock, hours=3)
    again(flow, cast, flaky)
    assert listening(flow) == [("p.good.w", "leave_requested")]
    assert steps_of(flow)["p.good.w"].deadline is None  # its time-out is a way that it goes, and no failure
    assert words(flow) == ["better"]
    later(flow, clock, hours=20, seconds=-1)
    assert runs(flow)[0].status == ExecutionStatus.WAITING
    later(flow, clock, seconds=1)
    assert words(flow) == ["better", "missed"]
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED


def test_it_takes_what_comes_then(flow: Flow, cast: Cast, clock: FrozenClock, flaky: Flaky) -> None:
    failed(flow, cast, clock, wait("w", **WAYS, **DAY))
    again(flow, cast, flaky)
    recorded(flow, cast, 5)
    run_all(flow)
    assert words(flow) == ["better", "came: 5"]
    assert taken(flow) == [("p.good.w", 1)]


@pytest.mark.parametrize(("hours", "expected"), [(1, "came: 7"), (40, "missed")])
def test_it_sees_what_came_meanwhile_if_it_came_in_time(
    flow: Flow, cast: Cast, clock: FrozenClock, flaky: Flaky, hours: int, expected: str
) -> None:
    failed(flow, cast, clock, wait("w", **WAYS, **DAY))
    later(flow, clock, hours=hours)
    recorded(flow, cast, 7)
    later(flow, clock, hours=40)
    again(flow, cast, flaky)
    assert sorted(words(flow)) == sorted(["better", expected])


def test_what_another_step_took_is_not_taken_twice(flow: Flow, cast: Cast, clock: FrozenClock, flaky: Flaky) -> None:
    begun(flow, cast, beside(wait("v"), wait("w", **WAYS, **DAY)))
    recorded(flow, cast, 3)
    run_all(flow)
    later(flow, clock, hours=1)
    again(flow, cast, flaky)
    assert taken(flow) == [("p.good.v", 1)]
    recorded(flow, cast, 4)
    run_all(flow)
    assert words(flow) == ["better", "came: 4"]


def test_a_wait_whose_own_question_failed_asks_again(flow: Flow, cast: Cast) -> None:
    match = "1 / (${event.leave_request_id} - 7) > 0"
    begun(flow, cast, wait("w", match=match, **WAYS, **DAY))
    recorded(flow, cast, 7)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.FAILED
    retry(flow, cast.maya)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.FAILED  # it is the same event, and the same question
    skip(flow, cast.maya)
    run_all(flow)
    assert (runs(flow)[0].status, listening(flow)) == (ExecutionStatus.COMPLETED, [])


@pytest.mark.parametrize("way", ["then", "timed_out"])
@pytest.mark.parametrize("inside", [False, True])
def test_a_failure_on_the_way_of_a_wait_is_retried_there(
    flow: Flow, cast: Cast, clock: FrozenClock, flaky: Flaky, way: str, inside: bool
) -> None:
    steps = [do("note", "x", way), do("flaky", "f", "better"), do("note", "y", "on")]
    waits = wait("w", **{way: steps}, **DAY)
    loop = {"id": "each", "type": "loop", "items": "[1]", "as": "n", "steps": [waits, do("note", "z", "end")]}
    flaky.fails_at = {f"{'each[0].' if inside else ''}w.{way}.f"}
    begun(flow, cast, *([loop] if inside else [waits, do("note", "z", "end")]))
    recorded(flow, cast, *([5] if way == "then" else ()), home_id=cast.rose if way == "then" else cast.elm)
    later(flow, clock, days=2)
    assert (runs(flow)[0].error or {})["path"] in flaky.fails_at
    again(flow, cast, flaky)
    assert words(flow) == [way, "better", "on", "end"]
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED


@pytest.mark.parametrize("way", ["then", "timed_out"])
def test_nothing_behind_a_wait_begins_before_its_way_is_gone(
    flow: Flow, cast: Cast, clock: FrozenClock, flaky: Flaky, way: str
) -> None:
    steps = [wait("w", **{way: [do("flaky", "f")]}, **DAY), do("note", "z", "end")]
    flaky.fails_at = {f"each[0].w.{way}.f"}
    begun(flow, cast, {"id": "each", "type": "loop", "items": "[1]", "as": "n", "steps": steps})
    if way == "then":
        recorded(flow, cast, 5)
    later(flow, clock, days=2)
    flaky.fails_at = set()
    retry(flow, cast.maya)
    assert "each[0].z" not in statuses(flow)


@pytest.mark.parametrize("way", ["then", "timed_out"])
def test_the_step_whose_turn_came_in_the_moment_of_the_failure_is_found_on_the_way_of_a_wait(
    flow: Flow, cast: Cast, clock: FrozenClock, flaky: Flaky, way: str
) -> None:
    """Both sides have their turn in one pass: the one that fails leaves the other without a row."""
    flaky.fails_at = {"p.bad.f"}
    slow = [do("slow", f"s{n}") for n in range(3)]
    waits = wait("w", **{way: slow}, timeout={"hours": 1})
    failing = {"name": "bad", "steps": [HOUR, do("flaky", "f", "better")]}
    begun(flow, cast, {"id": "p", "type": "branch", "branches": [{"name": "good", "steps": [waits]}, failing]})
    if way == "then":
        recorded(flow, cast, 5)
    later(flow, clock, hours=1)
    again(flow, cast, flaky)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    assert words(flow).count("noted") == 3
    assert set(statuses(flow).values()) == {"completed"}


def families_failed(flow: Flow, cast: Cast, clock: FrozenClock, child: int) -> None:
    """Let a run fail an hour after it has started another, beside it."""
    asked(flow, cast, beside(start(child)))
    families.later(flow, clock, hours=1)
    assert runs(flow)[0].status == ExecutionStatus.FAILED


def test_a_run_that_was_cancelled_with_the_failure_is_started_anew(
    flow: Flow, cast: Cast, clock: FrozenClock, flaky: Flaky
) -> None:
    families_failed(flow, cast, clock, a_child(flow, cast, DELAY, do("note", "n", "child")))
    assert families.statuses(flow) == ["failed", "cancelled"]
    again(flow, cast, flaky)
    assert families.statuses(flow) == ["waiting", "cancelled", "waiting"]
    families.later(flow, clock, hours=2)
    assert families.statuses(flow) == ["completed", "cancelled", "completed"]
    assert words(flow) == ["better", "child"]
    assert steps_of(flow)["p.good.s"].output["execution_id"] == 3


def test_a_run_that_ended_in_the_moment_of_the_failure_is_not_done_twice(
    flow: Flow, cast: Cast, clock: FrozenClock, flaky: Flaky
) -> None:
    families_failed(flow, cast, clock, a_child(flow, cast, HOUR, do("note", "n", "child")))
    assert families.statuses(flow) == ["failed", "completed"]
    assert statuses(flow)["p.good.s"] == "cancelled"
    again(flow, cast, flaky)
    assert families.statuses(flow) == ["completed", "completed"]
    assert words(flow) == ["child", "better"]


def test_a_run_that_failed_is_started_anew(flow: Flow, cast: Cast, flaky: Flaky) -> None:
    flaky.fails_at = {"f"}
    asked(flow, cast, start(a_child(flow, cast, do("flaky", "f", "child"))), do("note", "n", "after"))
    assert families.statuses(flow) == ["failed", "failed"]
    again(flow, cast, flaky)
    assert families.statuses(flow) == ["completed", "failed", "completed"]
    assert words(flow) == ["child", "after"]


def test_a_run_that_a_person_let_go_on_by_itself_is_not_started_anew(flow: Flow, cast: Cast, flaky: Flaky) -> None:
    flaky.fails_at = {"f"}
    asked(flow, cast, start(a_child(flow, cast, do("flaky", "f", "child"))), do("note", "n", "after"))
    again(flow, cast, flaky, 2)
    again(flow, cast, flaky)
    assert families.statuses(flow) == ["completed", "completed"]
    assert words(flow) == ["child", "after"]


def test_a_step_that_waits_for_a_run_is_skipped_after_a_failure(
    flow: Flow, cast: Cast, clock: FrozenClock, flaky: Flaky
) -> None:
    families_failed(flow, cast, clock, a_child(flow, cast, DELAY))
    skip(flow, cast.maya, 1, "p.good.s")
    flaky.fails_at = set()
    run_all(flow)
    assert families.statuses(flow) == ["completed", "cancelled"]
    assert statuses(flow)["p.good.s"] == "skipped"


def test_a_run_that_fails_by_its_workflows_number_of_tries_starts_with_the_first_again(
    flow: Flow, cast: Cast, clock: FrozenClock, flaky: Flaky
) -> None:
    flaky.fails_at = {"f"}
    tries = {"attempts": 2, "first": {"seconds": 1}, "jitter": False}
    child = a_child(flow, cast, do("flaky", "f", "child"))
    asked(flow, cast, start(child, retry=tries))
    families.later(flow, clock, seconds=1)
    assert families.statuses(flow) == ["failed", "failed", "failed"]
    retry(flow, cast.maya, 1)
    run_all(flow)
    assert families.statuses(flow) == ["running", "failed", "failed", "failed"]  # a try is left
    flaky.fails_at = set()
    families.later(flow, clock, seconds=1)
    assert families.statuses(flow)[0] == "completed"
