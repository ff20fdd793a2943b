"""Two who start a workflow at the same moment: no more begin than may, in order, and none is started twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.engine.entry.flood import count_held, start_held
from flowapp.engine.execution import Execution, ExecutionStatus, HeldBack
from flowapp.engine.schedules import start_due
from flowapp.kernel.clock import FrozenClock
from flowapp.messaging.in_app import Notification
from flowapp.workflows.workflow import Subscription, Workflow, WorkflowStatus
from tests.cast import Cast
from tests.engine.limits import limited, run, stuck
from tests.engine.made_actions import do
from tests.engine.stepping_in import by_hand, cancel
from tests.engine.test_manual_start import start
from tests.engine.test_schedules import at_times
from tests.engine.waits import recorded
from tests.factories import a_document, a_workflow, cause_of, run_all, runs
from tests.races.racing import Lap, Race
from tests.races.runs import count, last_runs, published, settle, words

LIVE = ("pending", "running", "waiting")
HOUR: dict[str, Any] = {"id": "pause", "type": "delay", "for": {"hours": 1}}
NOTED = do("note", "a", "${context.word}")
# Of three that start together: which are under way at once, and how they end.
BEGUN = {
    "single": [True, False, False],
    "restart": [False, False, True],
    "queued": [True, False, False],
    "parallel": [True, True, False],
}
ENDS = {
    "single": ["completed", "cancelled", "cancelled"],
    "restart": ["cancelled", "cancelled", "completed"],
    "queued": ["completed", "completed", "cancelled"],
    "parallel": ["completed", "completed", "cancelled"],
}


@pytest.mark.parametrize("mode", ["single", "restart", "queued", "parallel"])
def test_of_those_who_start_at_once_no_more_begin_than_may(
    flow: Flow, cast: Cast, race: Race, clock: FrozenClock, mode: str
) -> None:
    most = {"max": 2} if mode in ("queued", "parallel") else {}
    made = limited(flow, cast, mode, HOUR, NOTED, key="${context.staff_id}", **most)

    def repetition(lap: Lap) -> str:
        word = str(lap.number)

        def starts(each: Flow) -> int:
            number = start(each, cast.maya, made, staff_id=lap.number, word=word)
            each.worker.run_due()
            return number

        numbers = sorted(lap.meet(*[starts] * 3))
        run_all(race.one)
        found = last_runs(flow, 3)
        assert [each.id for each in found] == numbers
        under_way = [each.held_back is None and each.status in LIVE for each in found]
        assert under_way == BEGUN[mode]
        assert [each.held_back for each in found].count(HeldBack.QUEUE) == (mode == "queued")
        for _ in range(2):
            clock.advance(hours=1)
            lap.meet(*[lambda each: each.worker.run_due()] * 2)
            settle(race)
        assert stuck(flow) == []
        return str([str(each.status) for each in last_runs(flow, 3)])

    ends = race.run(repetition)
    assert set(ends) == {str(ENDS[mode])}
    assert len(words(flow)) == sum(number * end.count("completed") for end, number in ends.items())


def test_a_queue_goes_on_once_whoever_ends_and_whoever_looks(
    flow: Flow, cast: Cast, race: Race, clock: FrozenClock
) -> None:
    made = limited(flow, cast, "queued", HOUR, NOTED)

    def repetition(lap: Lap) -> str:
        for word in ("first", "second"):
            start(race.one, cast.maya, made, staff_id=1, word=f"{word} {lap.number}")
        run_all(race.one)
        clock.advance(hours=1)
        lap.meet(lambda each: each.worker.run_due(), lambda each: each.worker.let_missed_go(),
                 lambda each: start(each, cast.maya, made, staff_id=1, word=f"third {lap.number}"))  # fmt: skip
        settle(race)
        assert stuck(flow) == []
        assert [each.held_back for each in last_runs(flow, 3)] == [None, None, HeldBack.QUEUE]
        for _ in range(2):
            clock.advance(hours=1)
            settle(race)
        return "in order"

    ends = race.run(repetition)
    assert words(flow) == [f"{word} {lap + 1}" for lap in range(ends.total()) for word in ("first", "second", "third")]


def test_one_that_is_cancelled_in_a_queue_lets_nobody_go_before_the_oldest_ends(
    flow: Flow, cast: Cast, race: Race, clock: FrozenClock
) -> None:
    made = limited(flow, cast, "queued", HOUR, NOTED)

    def repetition(lap: Lap) -> str:
        first, second, third = (
            start(race.one, cast.maya, made, staff_id=1, word=f"{word} {lap.number}")
            for word in ("first", "second", "third")
        )
        run_all(race.one)
        lap.meet(lambda each: cancel(each, cast.maya, second), lambda each: each.worker.let_missed_go())
        settle(race)
        assert [run(flow, each).held_back for each in (first, third)] == [None, HeldBack.QUEUE]
        for _ in range(2):
            clock.advance(hours=1)
            settle(race)
        return "in order"

    ends = race.run(repetition)
    assert words(flow) == [f"{word} {lap + 1}" for lap in range(ends.total()) for word in ("first", "third")]


def test_a_time_on_a_schedule_starts_one_run_whoever_leads(
    flow: Flow, cast: Cast, race: Race, clock: FrozenClock
) -> None:
    a_workflow(flow, cast.maya, at_times(), home_id=cast.rose)
    start_due(flow.parts, clock.now())

    def repetition(lap: Lap) -> str:
        clock.advance(hours=1)
        started = lap.meet(*[lambda each: start_due(each.parts, clock.now())] * 2)
        assert sorted(started) == [0, 1]
        settle(race)
        assert len(words(flow)) == lap.number
        return str(started)

    ends = race.run(repetition)
    assert len({each.dedupe_key for each in runs(flow)}) == ends.total()
    with flow.database.read() as session:
        assert session.scalars(select(Subscription.next_fire_at)).one() == clock.now() + timedelta(hours=1)


def test_a_flood_from_two_sides_is_held_and_told_of_once(
    flow: Flow, cast: Cast, race: Race, clock: FrozenClock
) -> None:
    limit, each_sends = 6, 8
    made = a_workflow(flow, cast.maya, a_document(do("note", "a")), home_id=cast.rose)
    for each in (race.one, race.other):
        each.parts.gauge.limit = limit

    def repetition(lap: Lap) -> str:
        before = count(flow, Execution)

        def floods(each: Flow) -> None:
            for number in range(each_sends):
                recorded(each, cast, number)

        lap.meet(*[floods] * 2)
        with flow.database.read() as session:
            held = count_held(session, made)
            told = session.scalar(select(func.count()).where(Notification.title.startswith("Runs are held")))
        begun = count(flow, Execution) - before - held
        assert begun + held == 2 * each_sends
        # Each further process may let half of the limit begin before it notices (`engine/entry/gauge.py`).
        assert limit <= begun <= limit + limit // 2
        assert told == lap.number
        flow.database.write(lambda session: answered(session, flow, cast, made))
        settle(race)
        clock.advance(minutes=2)
        settle(race)
        return f"{begun} begun"

    ends = race.run(repetition, times=max(5, race.repetitions // 5))
    assert len(words(flow)) == 2 * each_sends * ends.total()


def answered(session: Session, flow: Flow, cast: Cast, workflow_id: int) -> None:
    """Let what is held start."""
    start_held(flow.parts, session, cause_of(cast.maya, flow.clock.now()), workflow_id)


def test_failures_that_two_workers_see_are_counted_and_pause_the_workflow_once(
    flow: Flow, cast: Cast, race: Race
) -> None:
    made = published(flow, cast, do("outside", "o"), do("refuse", "a"))
    more = flow.parts.pause_after_failures + 3  # that are under way when it is paused go on, and fail, too

    def repetition(lap: Lap) -> str:
        for _ in range(more):
            by_hand(race.one, cast.maya, made)
        lap.meet(*[lambda each: each.worker.work_off()] * 2)
        settle(race)
        with flow.database.read() as session:
            found = session.get_one(Workflow, made)
            titles = list(session.scalars(select(Notification.title).where(Notification.user_id == cast.maya.user_id)))
        assert (found.failures_in_a_row, found.status) == (more, WorkflowStatus.PAUSED)
        assert [sum(word in title for title in titles) for word in ("failed", "paused by itself")] == [lap.number] * 2

        def anew(session: Session) -> None:
            values = {"failures_in_a_row": 0, "failing_since": None, "status": WorkflowStatus.ACTIVE}
            session.execute(update(Workflow).where(Workflow.id == made).values(values))

        flow.database.write(anew)
        return "paused"

    ends = race.run(repetition, times=max(5, race.repetitions // 5))
    assert {each.status for each in runs(flow)} == {ExecutionStatus.FAILED}
    assert len(runs(flow)) == more * ends.total()
