"""Two workers at the same step: it is taken once, and its result is kept once."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.engine.limits import run
from tests.engine.made_actions import do
from tests.engine.stepping_in import by_hand, steps_of
from tests.engine.waits import branch
from tests.races.racing import Lap, Race
from tests.races.runs import at_work, published, results, settle, words

COMPLETED = ExecutionStatus.COMPLETED
OVER_THE_LEASE = 31


@pytest.mark.parametrize("kind", ["note", "outside"])
def test_a_step_that_two_workers_see_due_is_taken_by_one(flow: Flow, cast: Cast, race: Race, kind: str) -> None:
    made = published(flow, cast, do(kind, "a"))

    def repetition(lap: Lap) -> str:
        number = by_hand(race.one, cast.maya, made)
        lap.meet(*[lambda each: each.worker.work_off()] * 2)
        assert run(flow, number).status == COMPLETED
        assert results(flow, number, "a") == (["completed"] if kind == "note" else ["taken", "completed"])
        step = steps_of(flow, number)["a"]
        assert (step.epoch, step.attempt) == (1, 1)
        return "first" if step.owner == race.one.parts.owner else "second"

    ends = race.run(repetition)
    acted = flow.actions["outside"].keys if kind == "outside" else words(flow)  # type: ignore[attr-defined]
    assert len(acted) == ends.total()
    if kind == "outside":
        assert len(set(acted)) == ends.total()


@pytest.mark.parametrize(("merge", "others"), [("all", "cancel"), ("first", "cancel"), ("first", "finish")])
def test_two_branches_that_end_at_the_same_moment_are_merged_once(
    flow: Flow, cast: Cast, race: Race, merge: str, others: str
) -> None:
    ways = branch("b", left=[do("outside", "l")], right=[do("outside", "r")])
    made = published(flow, cast, {**ways, "merge": merge, "others": others}, do("note", "z"))
    outside: Any = flow.actions["outside"]

    def repetition(lap: Lap) -> str:
        both = threading.Barrier(2)
        outside.does = lambda _: both.wait(60)
        number = by_hand(race.one, cast.maya, made)
        for each in (race.one, race.other):
            each.worker.run_due()  # each has a hand for one of the two
        lap.meet(*[lambda each: each.worker.work_off()] * 2)
        settle(race)
        assert run(flow, number).status == COMPLETED
        assert results(flow, number, "z") == ["completed"]
        ended = [result for path in ("b.left.l", "b.right.r") for result in results(flow, number, path)]
        assert ended.count("completed") + ended.count("thrown_away") == 2
        if (merge, others) != ("first", "cancel"):
            assert ended.count("completed") == 2
        return f"{ended.count('completed')} kept"

    ends = race.run(repetition)
    assert len(words(flow)) == ends.total()


@pytest.mark.parametrize("kind", ["outside", "outside_once"])
def test_a_result_and_the_end_of_its_lease_at_the_same_moment(
    flow: Flow, cast: Cast, race: Race, clock: FrozenClock, kind: str
) -> None:
    made = published(flow, cast, do(kind, "a"), do("note", "z"))
    outside: Any = flow.actions[kind]

    def repetition(lap: Lap) -> str:
        number = by_hand(race.one, cast.maya, made)
        go = at_work(race.one, outside)
        clock.advance(seconds=OVER_THE_LEASE)
        _, released = lap.meet(lambda _: go.set(), lambda _: race.other.worker.release_expired())
        settle(race)
        found, step = results(flow, number, "a"), steps_of(flow, number)["a"]
        if not released:
            assert found == ["taken", "completed"]
            assert (run(flow, number).status, step.epoch) == (COMPLETED, 1)
            return "result first"
        assert found.count("lost") == found.count("thrown_away") == 1
        if kind == "outside":
            assert (run(flow, number).status, step.epoch, found.count("completed")) == (COMPLETED, 2, 1)
        else:
            assert (run(flow, number).status, step.status) == (ExecutionStatus.WAITING, StepStatus.UNCERTAIN)
        return "lease first"

    ends = race.run(repetition)
    gone_on = ends.total() if kind == "outside" else ends["result first"]
    assert len(words(flow)) == gone_on
    assert len(outside.keys) == ends.total() + (ends["lease first"] if kind == "outside" else 0)


def test_a_lease_that_has_run_out_is_given_back_by_one(flow: Flow, cast: Cast, race: Race, clock: FrozenClock) -> None:
    made = published(flow, cast, do("outside", "a"))
    outside: Any = flow.actions["outside"]

    def repetition(lap: Lap) -> str:
        number = by_hand(race.one, cast.maya, made)
        go = at_work(race.one, outside)
        clock.advance(seconds=OVER_THE_LEASE)
        released = lap.meet(*[lambda each: each.worker.release_expired()] * 2)
        assert sorted(released) == [0, 1]
        assert (results(flow, number, "a"), steps_of(flow, number)["a"].crash_count) == (["taken", "lost"], 1)
        go.set()
        settle(race)
        assert run(flow, number).status == COMPLETED
        return str(released)

    race.run(repetition)


def test_a_lease_is_renewed_or_given_back_and_never_both(
    flow: Flow, cast: Cast, race: Race, clock: FrozenClock
) -> None:
    made = published(flow, cast, do("outside", "a"))
    outside: Any = flow.actions["outside"]

    def repetition(lap: Lap) -> str:
        number = by_hand(race.one, cast.maya, made)
        go = at_work(race.one, outside)
        clock.advance(seconds=OVER_THE_LEASE)
        renewed, released = lap.meet(
            lambda _: race.one.worker.effects.heartbeat.beat(), lambda _: race.other.worker.release_expired()
        )
        assert (renewed, released) in ((1, 0), (0, 1))
        go.set()
        settle(race)
        assert run(flow, number).status == COMPLETED
        assert results(flow, number, "a").count("completed") == 1
        return "renewed" if renewed else "given back"

    race.run(repetition)
