"""What a step waits for, and what ends its waiting, at the same moment: nothing is lost, and nothing happens twice."""

from __future__ import annotations

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import Conflict
from tests.cast import Cast
from tests.engine.families import start as starts
from tests.engine.limits import run
from tests.engine.made_actions import do
from tests.engine.stepping_in import by_hand, cancel, skip
from tests.engine.waits import listening, recorded, taken, wait
from tests.factories import run_all, runs
from tests.races.racing import Lap, Race
from tests.races.runs import published, settle, words

COMPLETED, CANCELLED = ExecutionStatus.COMPLETED, ExecutionStatus.CANCELLED
DELAY = {"id": "d", "type": "delay", "for": {"minutes": 1}}
CAME, MISSED = [do("note", "c", "came")], [do("note", "m", "missed")]


@pytest.mark.parametrize("begun", [False, True])
def test_an_event_that_comes_as_a_step_begins_to_wait_is_taken_once(
    flow: Flow, cast: Cast, race: Race, begun: bool
) -> None:
    made = published(flow, cast, wait("w", then=CAME))

    def repetition(lap: Lap) -> str:
        number = by_hand(race.one, cast.maya, made)
        if begun:
            run_all(race.one)
        lap.meet(lambda each: each.worker.run_due(), lambda each: recorded(each, cast, lap.number))
        settle(race)
        assert run(flow, number).status == COMPLETED
        assert len(words(flow)) == len(taken(flow)) == lap.number
        return "came"

    race.run(repetition)
    assert listening(flow) == []
    assert len({seq for _, seq in taken(flow)}) == len(runs(flow))


def test_an_event_and_the_end_of_the_time_at_the_same_moment_go_one_way(
    flow: Flow, cast: Cast, race: Race, clock: FrozenClock
) -> None:
    made = published(flow, cast, wait("w", timeout={"minutes": 1}, then=CAME, timed_out=MISSED))

    def repetition(lap: Lap) -> str:
        number = by_hand(race.one, cast.maya, made)
        run_all(race.one)
        clock.advance(minutes=1)
        lap.meet(lambda each: each.worker.run_due(), lambda each: recorded(each, cast, lap.number))
        settle(race)
        assert run(flow, number).status == COMPLETED
        assert len(words(flow)) == lap.number
        assert len(taken(flow)) == words(flow).count("came")
        return words(flow)[-1]

    race.run(repetition)
    assert listening(flow) == []


def test_an_event_comes_as_somebody_passes_over_the_step_that_waits_for_it(flow: Flow, cast: Cast, race: Race) -> None:
    made = published(flow, cast, wait("w", then=CAME), do("note", "z", "end"))

    def repetition(lap: Lap) -> str:
        number = by_hand(race.one, cast.maya, made)
        run_all(race.one)

        def comes(each: Flow) -> None:
            recorded(each, cast, lap.number)
            each.worker.run_due()

        skipped, _ = lap.meet(lambda each: skip(each, cast.maya, number, "w"), comes)
        settle(race)
        assert run(flow, number).status == COMPLETED
        assert len(taken(flow)) == words(flow).count("came")
        return "skipped" if skipped == "w" else "came"

    ends = race.run(repetition)
    assert words(flow).count("end") == ends.total()
    assert words(flow).count("came") == len(taken(flow)) == ends["came"]
    assert listening(flow) == []


def test_a_run_ends_as_its_parent_is_cancelled(flow: Flow, cast: Cast, race: Race, clock: FrozenClock) -> None:
    child = published(flow, cast, DELAY, do("note", "c", "child"))
    made = published(flow, cast, starts(child), do("note", "z", "parent"))

    def repetition(lap: Lap) -> str:
        number = by_hand(race.one, cast.maya, made)
        run_all(race.one)
        assert run(flow, number + 1).parent_id == number
        clock.advance(minutes=1)
        told, _ = lap.meet(lambda each: cancel(each, cast.maya, number), lambda each: each.worker.run_due())
        settle(race)
        parent, its = run(flow, number).status, run(flow, number + 1).status
        assert (parent, its) in ((CANCELLED, CANCELLED), (CANCELLED, COMPLETED), (COMPLETED, COMPLETED))
        assert isinstance(told, Conflict) == (parent == COMPLETED)
        return f"parent {parent}, child {its}"

    ends = race.run(repetition)
    assert words(flow).count("parent") == ends[f"parent {COMPLETED}, child {COMPLETED}"]
    assert words(flow).count("child") == ends.total() - ends[f"parent {CANCELLED}, child {CANCELLED}"]


def test_a_run_that_is_not_due_never_outlives_its_parent_that_is_cancelled(
    flow: Flow, cast: Cast, race: Race, clock: FrozenClock
) -> None:
    child = published(flow, cast, DELAY, do("note", "c", "child"))
    made = published(flow, cast, starts(child), do("note", "z", "parent"))

    def repetition(lap: Lap) -> str:
        number = by_hand(race.one, cast.maya, made)
        lap.meet(lambda each: cancel(each, cast.maya, number), lambda each: each.worker.run_due())
        settle(race)
        clock.advance(minutes=1)
        settle(race)
        begun = [each.status for each in runs(flow) if each.parent_id == number]
        assert [run(flow, number).status, *begun] in ([CANCELLED], [CANCELLED, CANCELLED])
        return f"{len(begun)} begun"

    race.run(repetition)
    assert words(flow) == []


def test_a_run_ends_as_the_time_of_the_step_that_waits_for_it_is_over(
    flow: Flow, cast: Cast, race: Race, clock: FrozenClock
) -> None:
    child = published(flow, cast, DELAY, do("note", "c", "child"))
    step = starts(child, timeout={"minutes": 1}) | {"on_error": "continue"}
    made = published(flow, cast, step, do("note", "z", "parent"))

    def repetition(lap: Lap) -> str:
        number = by_hand(race.one, cast.maya, made)
        run_all(race.one)
        clock.advance(minutes=1)
        lap.meet(lambda each: each.worker.end_late(), lambda each: each.worker.run_due())
        settle(race)
        its = run(flow, number + 1).status
        assert run(flow, number).status == COMPLETED
        assert its in (COMPLETED, CANCELLED)
        return str(its)

    ends = race.run(repetition)
    assert words(flow).count("parent") == ends.total()
    assert words(flow).count("child") == ends["completed"]


def test_a_run_is_cancelled_as_its_parent_begins_to_wait_for_it(flow: Flow, cast: Cast, race: Race) -> None:
    child = published(flow, cast, DELAY)
    made = published(flow, cast, starts(child) | {"on_error": "continue"}, do("note", "z", "parent"))

    def repetition(lap: Lap) -> str:
        number = by_hand(race.one, cast.maya, made)
        race.one.worker.run_due()
        lap.meet(lambda each: cancel(each, cast.maya, number + 1), lambda each: each.worker.run_due())
        settle(race)
        assert (run(flow, number).status, run(flow, number + 1).status) == (COMPLETED, CANCELLED)
        return "gone on"

    ends = race.run(repetition)
    assert words(flow).count("parent") == ends.total()
