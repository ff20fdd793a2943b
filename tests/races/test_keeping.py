"""The nightly clean-up beside everything else: each row goes once, and nothing goes that somebody has taken up."""

from __future__ import annotations

import threading

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.engine.execution import Execution, ExecutionStatus, StepAttempt, StepExecution
from flowapp.engine.keeping.clean_up import CleanUp, clean, run_batches
from flowapp.engine.keeping.retention import removed_before
from flowapp.kernel.errors import NotFound
from flowapp.scheduler.nightly import Nightly
from tests.cast import Cast
from tests.engine.limits import run
from tests.engine.made_actions import do
from tests.engine.old_runs import left, old_runs
from tests.engine.stepping_in import by_hand, retry, retry_from_start
from tests.factories import a_document, a_workflow
from tests.races.racing import Lap, Race
from tests.races.runs import count, settle, words

COMPLETED = ExecutionStatus.COMPLETED


def clean_runs(flow: Flow) -> int:
    """Remove the runs whose time is over, and answer how many those were."""
    batches = run_batches(removed_before(flow.clock.now(), days=90, dull_days=14))
    return sum(clean(flow.database, each, threading.Event()) for each in batches.values())


def a_failed_run_of_long_ago(race: Race, cast: Cast, made: int) -> int:
    """Let a run fail, and two years go by."""
    race.one.actions["flaky"].fails_at = {"a"}  # type: ignore[attr-defined]
    [number] = old_runs(race.one, cast.maya, made, ("lasting", 731))
    race.one.actions["flaky"].fails_at = set()  # type: ignore[attr-defined]
    assert run(race.one, number).status == ExecutionStatus.FAILED
    return number


def test_a_run_that_is_retried_as_it_is_removed_goes_on_or_is_gone(flow: Flow, cast: Cast, race: Race) -> None:
    made = a_workflow(flow, cast.maya, a_document(do("flaky", "a"), do("note", "z", "end")), home_id=cast.rose)
    ended: list[int] = []

    def repetition(lap: Lap) -> str:
        number = a_failed_run_of_long_ago(race, cast, made)
        from_start = lap.number % 2 == 0
        retried, removed = lap.meet(
            lambda each: (retry_from_start if from_start else retry)(each, cast.maya, number), clean_runs
        )
        settle(race)
        if isinstance(retried, NotFound):
            assert removed == 1
            return "gone"
        assert removed == 0 or from_start  # one that was begun anew may go, and the new one stays
        ended.append(retried if from_start else number)
        assert run(flow, ended[-1]).status == COMPLETED
        return "goes on"

    ends = race.run(repetition)
    assert set(ended) <= set(left(flow))
    assert words(flow).count("end") == ends["goes on"]


def test_two_who_clean_up_at_once_remove_each_row_once(flow: Flow, cast: Cast, race: Race) -> None:
    made = a_workflow(flow, cast.maya, a_document(do("note", "a")), home_id=cast.rose)
    kept = old_runs(flow, cast.maya, made, ("lasting", 700))

    def repetition(lap: Lap) -> str:
        old_runs(race.one, cast.maya, made, *[("dull", 15)] * 12)
        removed = lap.meet(*[lambda each: Nightly(each).run(threading.Event())] * 2)
        assert sum(each["dull_runs"] for each in removed) == 12
        assert left(flow) == kept
        return "twelve"

    ends = race.run(repetition, times=max(10, race.repetitions // 5))
    assert count(flow, CleanUp) == 2 * ends.total()
    with flow.database.read() as session:
        assert steps_left(session) == set(kept)


def steps_left(session: Session) -> set[int]:
    """Read of which runs there are steps or attempts."""
    return {number for each in (StepExecution, StepAttempt) for number in session.scalars(select(each.execution_id))}


def test_a_clean_up_beside_runs_that_go_on_takes_none_of_them(flow: Flow, cast: Cast, race: Race) -> None:
    made = a_workflow(flow, cast.maya, a_document(do("note", "a")), home_id=cast.rose)

    def repetition(lap: Lap) -> str:
        old_runs(race.one, cast.maya, made, ("dull", 15))
        before = count(flow, Execution)

        def starts(each: Flow) -> None:
            by_hand(each, cast.maya, made)
            each.worker.run_due()

        _, removed = lap.meet(starts, clean_runs)
        assert removed == 1
        assert count(flow, Execution) == before
        return "one"

    race.run(repetition)
    left(flow)
