"""Passing over a step, and saying whether a step was done that may or may not have been."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.engine.people.choices import choices
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import Conflict, Refused
from tests.cast import Cast
from tests.engine.limits import begin, limited
from tests.engine.made_actions import Flaky, Outside, do, noted
from tests.engine.patience import until
from tests.engine.stepping_in import cancel, do_again, give_up, run_of, skip, statuses, steps_of, was_done
from tests.factories import run_all, runs

LATER = {"id": "later", "type": "delay", "for": {"hours": 1}}


def failing(flow: Flow, *paths: str) -> None:
    """Let steps fail."""
    found = flow.actions["flaky"]
    assert isinstance(found, Flaky)
    found.fails_at = set(paths)


def test_a_skipped_step_gives_nothing_and_the_run_goes_on_behind_it(flow: Flow, cast: Cast) -> None:
    failing(flow, "a")
    run_of(flow, cast, do("flaky", "a"), {"id": "s", "type": "set", "values": {"n": "${steps.a}"}})
    assert skip(flow, cast.maya) == "a"
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    passed = steps_of(flow)["a"]
    assert (passed.status, passed.output, passed.explanation) == (StepStatus.SKIPPED, None, "Skipped by Maya.")
    assert steps_of(flow)["s"].output == {"n": None}


def test_the_last_step_skipped_ends_the_run(flow: Flow, cast: Cast) -> None:
    failing(flow, "a")
    run_of(flow, cast, do("flaky", "a"))
    skip(flow, cast.maya)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED


def test_a_step_in_a_loop_is_skipped_and_its_item_goes_on(flow: Flow, cast: Cast) -> None:
    failing(flow, "l[1].a")
    loop = {"id": "l", "type": "loop", "items": "[1, 2, 3]", "as": "x", "at_once": 2}
    run_of(flow, cast, loop | {"steps": [do("flaky", "a", "a${x}"), do("note", "b", "b${x}")]})
    skip(flow, cast.maya)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    with flow.database.read() as session:
        assert sorted(noted(session)) == ["a1", "a3", "b1", "b2", "b3"]


def test_a_step_with_others_inside_it_is_skipped_with_them(flow: Flow, cast: Cast) -> None:
    failing(flow, "w.one.a")
    ways = [{"name": "one", "steps": [do("flaky", "a")]}, {"name": "two", "steps": [LATER]}]
    run_of(flow, cast, {"id": "w", "type": "branch", "branches": ways}, do("note", "b"))
    skip(flow, cast.maya, path="w")
    run_all(flow)
    assert statuses(flow) == {
        "w": "skipped",
        "w.one.a": "failed",
        "w.two.later": "cancelled",
        "b": "completed",
    }


def test_a_repeat_that_used_up_its_turns_is_skipped(flow: Flow, cast: Cast) -> None:
    run_of(flow, cast, {"id": "r", "type": "repeat", "until": "1 > 2", "max": 2, "steps": [do("note", "a")]})
    skip(flow, cast.maya)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED


def test_a_step_that_waits_is_skipped(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    run_of(flow, cast, LATER, do("note", "b"))
    assert skip(flow, cast.maya) == "later"
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED


def test_where_nothing_can_be_skipped_it_is_said(flow: Flow, cast: Cast) -> None:
    failing(flow, "a")
    run_of(flow, cast, LATER, do("flaky", "a"))
    with pytest.raises(Refused, match="At this place"):
        skip(flow, cast.maya, path="nonsense")
    cancel(flow, cast.maya)
    with pytest.raises(Conflict, match="over"):
        skip(flow, cast.maya)


def test_a_path_of_a_failed_run_that_did_not_fail_is_refused_and_nothing_is_changed(flow: Flow, cast: Cast) -> None:
    failing(flow, "b")
    run_of(flow, cast, do("note", "a"), do("flaky", "b"))
    with pytest.raises(Refused, match="At this place"):
        skip(flow, cast.maya, path="a")
    assert runs(flow)[0].status == ExecutionStatus.FAILED
    assert statuses(flow) == {"a": "completed", "b": "failed"}


def test_a_run_that_is_dealt_with_may_still_be_retried(flow: Flow, cast: Cast) -> None:
    failing(flow, "a")
    run_of(flow, cast, do("flaky", "a"))
    give_up(flow, cast.maya)
    give_up(flow, cast.ada)
    found = runs(flow)[0]
    assert (found.given_up_by, found.given_up_at) == ("Maya", flow.clock.now())
    skip(flow, cast.maya)
    found = runs(flow)[0]
    assert (found.given_up_by, found.given_up_at) == (None, None)
    with pytest.raises(Conflict, match="did not fail"):
        give_up(flow, cast.maya)


@pytest.fixture
def in_doubt(flow: Flow, cast: Cast, clock: FrozenClock) -> Iterator[Outside]:
    """A run with a step that must not be done twice, whose result never came."""
    once = flow.actions["outside_once"]
    assert isinstance(once, Outside)
    leave = threading.Event()
    once.does = lambda _: leave.wait(10) and None
    run_of(flow, cast, do("outside_once", "a"), do("note", "b"))
    assert until(lambda: once.keys)
    clock.advance(seconds=flow.parts.lease_seconds + 1)
    assert flow.worker.release_expired() == 1
    once.does = lambda _: None
    yield once
    leave.set()


def test_a_step_that_a_person_knows_was_done_is_done(flow: Flow, cast: Cast, in_doubt: Outside) -> None:
    was_done(flow, cast.maya, "a")
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    said = steps_of(flow)["a"]
    assert (said.status, said.output, said.error) == (StepStatus.COMPLETED, None, None)
    assert said.explanation == "Maya looked, and said that it was done."
    assert len(in_doubt.keys) == 1
    with pytest.raises(Conflict, match="over"):
        was_done(flow, cast.maya, "a")


def test_a_step_that_was_not_done_is_done_now(flow: Flow, cast: Cast, in_doubt: Outside) -> None:
    do_again(flow, cast.maya, "a")
    with pytest.raises(Conflict, match="Nobody has to say"):
        do_again(flow, cast.maya, "a")
    run_all(flow)
    assert until(lambda: runs(flow)[0].status == ExecutionStatus.COMPLETED)
    assert len(in_doubt.keys) == 2


def test_a_step_in_doubt_is_skipped_before_any_that_waits(flow: Flow, cast: Cast, in_doubt: Outside) -> None:
    assert skip(flow, cast.maya) == "a"
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED


def test_a_run_that_may_not_begin_yet_cannot_be_skipped_into_its_turn(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "queued", LATER, LATER | {"id": "again"})
    numbers = [begin(flow, cast, made) for _ in range(2)]
    run_all(flow)
    with pytest.raises(Conflict, match="has not begun"):
        skip(flow, cast.maya, numbers[1])
    with flow.database.read() as session:
        assert choices(flow.parts, session, numbers[1]).waiting == ()
        assert choices(flow.parts, session, numbers[0]).waiting == ("later",)


def test_a_step_that_is_done_again_has_all_its_time(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    held, outside = threading.Event(), flow.actions["outside_once"]
    assert isinstance(outside, Outside)
    outside.does = lambda run: held.wait(10) and None
    run_of(flow, cast, do("outside_once", "a") | {"timeout": {"minutes": 5}})
    clock.advance(seconds=flow.parts.lease_seconds + 1)
    flow.worker.release_expired()
    held.set()
    clock.advance(hours=1)
    do_again(flow, cast.maya, "a")
    assert flow.worker.end_late() == 0
    assert steps_of(flow)["a"].status == StepStatus.PENDING
