"""A person steps in while something else happens to the run: one of the two comes first, and the other is told."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from flowapp.bootstrap import Flow
from flowapp.engine.execution import Execution, ExecutionStatus
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import Conflict
from flowapp.workflows.switching import Switch
from tests.cast import Cast
from tests.engine.limits import run
from tests.engine.made_actions import do
from tests.engine.stepping_in import (
    by_hand,
    cancel,
    do_again,
    give_up,
    retry,
    retry_from_start,
    skip,
    steps_of,
    was_done,
)
from tests.factories import run_all, switched
from tests.races.racing import Lap, Race
from tests.races.runs import at_work, published, results, settle, words

COMPLETED, FAILED, CANCELLED = ExecutionStatus.COMPLETED, ExecutionStatus.FAILED, ExecutionStatus.CANCELLED
DELAY = {"id": "d", "type": "delay", "for": {"minutes": 1}}


@pytest.mark.parametrize("ahead", ["outside", "note"])
def test_a_run_that_is_cancelled_while_it_goes_on_stays_cancelled_or_has_ended(
    flow: Flow, cast: Cast, race: Race, ahead: str
) -> None:
    made = published(flow, cast, do(ahead, "a"), do("note", "z", "end"))
    outside: Any = flow.actions["outside"]

    def repetition(lap: Lap) -> str:
        number = by_hand(race.one, cast.maya, made)
        go = at_work(race.one, outside) if ahead == "outside" else None
        told, _ = lap.meet(
            lambda each: cancel(each, cast.maya, number), lambda each: go.set() if go else each.worker.run_due()
        )
        settle(race)
        status = run(flow, number).status
        assert isinstance(told, Conflict) == (status == COMPLETED)
        assert status == (COMPLETED if told else CANCELLED)
        return str(status)

    ends = race.run(repetition)
    assert words(flow).count("end") == ends["completed"]


def test_a_delay_that_is_over_and_its_run_that_is_cancelled_at_the_same_moment(
    flow: Flow, cast: Cast, race: Race, clock: FrozenClock
) -> None:
    made = published(flow, cast, DELAY, do("note", "z"))

    def repetition(lap: Lap) -> str:
        number = by_hand(race.one, cast.maya, made)
        run_all(race.one)
        clock.advance(minutes=1)
        told, _ = lap.meet(lambda each: cancel(each, cast.maya, number), lambda each: each.worker.run_due())
        settle(race)
        status = run(flow, number).status
        assert status == (COMPLETED if told else CANCELLED)
        return str(status)

    ends = race.run(repetition)
    assert len(words(flow)) == ends["completed"]


def a_failed_run(race: Race, cast: Cast, made: int) -> int:
    """Start a run and let it fail; the workflow must not be paused for it."""
    flaky: Any = race.one.actions["flaky"]
    flaky.fails_at = {"a"}
    number = by_hand(race.one, cast.maya, made)
    run_all(race.one)
    assert run(race.one, number).status == FAILED
    flaky.fails_at = set()
    return number


def test_a_run_that_two_people_retry_goes_on_once(flow: Flow, cast: Cast, race: Race) -> None:
    made = published(flow, cast, do("flaky", "a"), do("note", "z", "end"))

    def repetition(lap: Lap) -> str:
        number = a_failed_run(race, cast, made)
        told = lap.meet(*[lambda each: retry(each, cast.maya, number)] * 2)
        settle(race)
        assert [type(each) for each in told].count(Conflict) == 1
        assert (run(flow, number).status, results(flow, number, "a")) == (COMPLETED, ["failed", "completed"])
        return str([each is None for each in told])

    ends = race.run(repetition)
    assert words(flow).count("end") == ends.total()


def test_a_run_that_two_people_retry_from_the_start_is_begun_anew_once(flow: Flow, cast: Cast, race: Race) -> None:
    made = published(flow, cast, do("flaky", "a"), do("note", "z", "end"))

    def repetition(lap: Lap) -> str:
        number = a_failed_run(race, cast, made)
        first, second = lap.meet(*[lambda each: retry_from_start(each, cast.maya, number)] * 2)
        settle(race)
        assert first == second == number + 1
        assert run(flow, first).status == COMPLETED
        return "one"

    ends = race.run(repetition)
    assert words(flow).count("end") == ends.total()


def test_two_people_answer_a_failed_run_differently_and_both_answers_hold_or_one_is_told(
    flow: Flow, cast: Cast, race: Race
) -> None:
    made = published(flow, cast, do("flaky", "a"), do("note", "z", "end"))
    answers = {
        "give up": lambda each, number: give_up(each, cast.maya, number),
        "skip": lambda each, number: skip(each, cast.maya, number),
        "retry from the start": lambda each, number: retry_from_start(each, cast.maya, number),
    }

    def repetition(lap: Lap) -> str:
        name, answer = list(answers.items())[lap.number % len(answers)]
        number = a_failed_run(race, cast, made)
        retried, answered = lap.meet(lambda each: retry(each, cast.maya, number), lambda each: answer(each, number))
        with flow.database.read() as session:
            given_up = session.scalar(select(Execution.given_up_at).where(Execution.id == number))
        settle(race)
        assert given_up is None  # that somebody lets it go on is the stronger answer, whichever came first
        if name == "retry from the start":
            assert isinstance(retried, Conflict) != isinstance(answered, Conflict)
            went_on = number if retried is None else answered
        else:
            assert retried is None or isinstance(retried, Conflict)
            assert not (isinstance(retried, Conflict) and isinstance(answered, Conflict))
            assert isinstance(retried, Conflict) == (name == "skip" and not isinstance(answered, Conflict))
            went_on = number
        assert run(flow, went_on).status == COMPLETED
        return f"{name}: {'retried' if retried is None else 'not retried'}"

    ends = race.run(repetition)
    assert words(flow).count("end") == ends.total()


def test_two_people_say_of_a_step_in_doubt_that_it_was_done_and_that_it_was_not(
    flow: Flow, cast: Cast, race: Race, clock: FrozenClock
) -> None:
    made = published(flow, cast, do("outside_once", "a"), do("note", "z"))
    outside: Any = flow.actions["outside_once"]

    def repetition(lap: Lap) -> str:
        number = by_hand(race.one, cast.maya, made)
        go = at_work(race.one, outside)
        clock.advance(seconds=31)
        race.other.worker.release_expired()
        go.set()
        settle(race)
        done, again = lap.meet(
            lambda each: was_done(each, cast.maya, "a", number), lambda each: do_again(each, cast.maya, "a", number)
        )
        settle(race)
        assert [type(each) for each in (done, again)].count(Conflict) == 1
        assert run(flow, number).status == COMPLETED
        completed = results(flow, number, "a").count("completed")
        assert completed == (0 if done is None else 1)
        return "was done" if done is None else "done again"

    ends = race.run(repetition)
    assert len(words(flow)) == ends.total()
    assert len(outside.keys) == ends.total() + ends["done again"]


def test_a_step_whose_time_is_up_has_failed_or_brought_its_result(
    flow: Flow, cast: Cast, race: Race, clock: FrozenClock
) -> None:
    made = published(flow, cast, do("outside", "a") | {"timeout": {"seconds": 10}}, do("note", "z"))
    outside: Any = flow.actions["outside"]

    def repetition(lap: Lap) -> str:
        number = by_hand(race.one, cast.maya, made)
        go = at_work(race.one, outside)
        clock.advance(seconds=11)
        _, late = lap.meet(lambda _: go.set(), lambda _: race.other.worker.end_late())
        settle(race)
        status = run(flow, number).status
        assert status == (FAILED if late else COMPLETED)
        assert steps_of(flow, number)["a"].status == status.value
        if late:
            give_up(race.one, cast.maya, number)
            resume(race, cast, made)
        return str(status)

    ends = race.run(repetition)
    assert len(words(flow)) == ends["completed"]


def resume(race: Race, cast: Cast, made: int) -> None:
    """Count the failures of a workflow anew, so that it is not paused by itself."""
    switched(race.one, cast.maya, made, Switch.PAUSE)
    switched(race.one, cast.maya, made, Switch.ACTIVATE)
