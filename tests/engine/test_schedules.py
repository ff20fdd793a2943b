"""Schedules: each time starts a run once, whoever looks, and what was missed is made good as it was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus
from flowapp.engine.parts import EngineParts
from flowapp.engine.schedules import MissedStart, missed_starts, start_due
from flowapp.expressions import Environment
from flowapp.kernel import faults
from flowapp.kernel.clock import FrozenClock
from flowapp.rota.homes import CareHome
from flowapp.workflows.publishing import publish
from flowapp.workflows.workflow import CatchUp, Subscription, Version, WorkflowStatus, latest_version, workflow
from tests.cast import Cast
from tests.engine.made_actions import do, noted
from tests.factories import a_document, a_workflow, cause_of, run_all, runs

HOUR = timedelta(hours=1)


def at_times(cron: str = "0 * * * *", *steps: dict[str, Any], **given: Any) -> dict[str, Any]:
    """Answer a document that starts at set times; every hour unless told otherwise."""
    trigger = {"id": "clock", "type": "schedule", "cron": cron, **given}
    return a_document(*(steps or [do("note", "a")]), triggers=[trigger])


def tick(flow: Flow, clock: FrozenClock, **length: float) -> int:
    """Let time go by, look once as the scheduler does, and answer how many runs that started."""
    clock.advance(**length)
    return start_due(flow.parts, clock.now())


def due(flow: Flow) -> list[str]:
    """Answer for which times runs were started: hours and minutes, in UTC."""
    return [str(each.context["scheduled_for"])[11:16] for each in runs(flow)]


def next_time(flow: Flow) -> datetime | None:
    """Answer when the one schedule there is comes due."""
    with flow.database.read() as session:
        return session.scalars(select(Subscription.next_fire_at)).one()


def missed(flow: Flow, workflow_id: int) -> list[tuple[str, bool]]:
    """Answer the times that were missed, the latest first, and whether each was made good."""
    with flow.database.read() as session:
        found = missed_starts(session, workflow_id, limit=5000)
        return [(f"{each.due_at:%H:%M}", each.execution_id is not None) for each in found]


def switch(flow: Flow, workflow_id: int, status: WorkflowStatus) -> None:
    """Pause a workflow, put it away, or let it start again."""

    def write(session: Session) -> None:
        workflow(session, workflow_id).status = status

    flow.database.write(write)


@pytest.fixture
def hourly(flow: Flow, clock: FrozenClock, cast: Cast) -> int:
    """A workflow of Rose House that starts every hour, looked at when it was published at nine."""
    made = a_workflow(flow, cast.maya, at_times(), home_id=cast.rose)
    assert tick(flow, clock) == 0
    return made


def test_a_time_that_comes_starts_a_run(flow: Flow, clock: FrozenClock, cast: Cast, hourly: int) -> None:
    assert next_time(flow) == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert tick(flow, clock, minutes=59, seconds=59) == 0
    assert tick(flow, clock, seconds=1) == 1
    [found] = runs(flow)
    assert (found.workflow_id, found.home_id, found.trigger_id) == (hourly, cast.rose, "clock")
    assert (found.trigger_type, found.started_by, found.started_by_id) == ("schedule", "its schedule", None)
    assert found.context == {"care_home_id": cast.rose, "scheduled_for": "2026-11-23T10:00:00Z"}
    assert (found.depth, found.correlation_id, found.created_at) == (0, found.uid, clock.now())
    assert next_time(flow) == datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert missed(flow, hourly) == []


def test_the_run_does_what_the_workflow_says(flow: Flow, clock: FrozenClock, cast: Cast) -> None:
    document = at_times("0 10 * * *", do("note", "a", "For ${context.scheduled_for}"))
    a_workflow(flow, cast.maya, document, home_id=cast.rose)
    tick(flow, clock)
    tick(flow, clock, hours=1)
    run_all(flow)
    assert [each.status for each in runs(flow)] == [ExecutionStatus.COMPLETED]
    with flow.database.read() as session:
        assert noted(session) == ["For 2026-11-23T10:00:00Z"]


def test_looking_again_starts_nothing_twice(flow: Flow, clock: FrozenClock, hourly: int) -> None:
    assert [tick(flow, clock, hours=1), tick(flow, clock), tick(flow, clock, seconds=1)] == [1, 0, 0]
    assert due(flow) == ["10:00"]


def test_the_tick_of_the_application_looks(flow: Flow, clock: FrozenClock, hourly: int) -> None:
    clock.advance(hours=1)
    flow.tick()
    assert due(flow) == ["10:00"]


def test_a_time_between_publishing_and_the_first_look_is_not_lost(flow: Flow, clock: FrozenClock, cast: Cast) -> None:
    clock.advance(minutes=59, seconds=59.9)
    made = a_workflow(flow, cast.maya, at_times(), home_id=cast.rose)
    assert tick(flow, clock, seconds=0.5) == 1
    assert (due(flow), missed(flow, made)) == (["10:00"], [])


def test_the_home_decides_what_time_it_is_unless_the_trigger_does(flow: Flow, clock: FrozenClock, cast: Cast) -> None:
    def move(session: Session) -> None:
        session.execute(update(CareHome).where(CareHome.id == cast.rose).values(timezone="Europe/Riga"))

    flow.database.write(move)
    a_workflow(flow, cast.maya, at_times("0 13 * * *"), home_id=cast.rose)
    a_workflow(flow, cast.maya, at_times("0 13 * * *", timezone="America/New_York"), home_id=cast.rose)
    a_workflow(flow, cast.hana, at_times("0 13 * * *"), home_id=None)
    tick(flow, clock)
    with flow.database.read() as session:
        found = session.scalars(select(Subscription.next_fire_at).order_by(Subscription.id)).all()
    assert [each.hour if each else None for each in found] == [11, 18, 13]  # Riga, New York, the organisation


def test_two_processes_that_look_at_the_same_moment_start_one_run(
    flow: Flow, clock: FrozenClock, hourly: int, other: Flow
) -> None:
    for _ in range(5):
        clock.advance(hours=1)
        together, counts = Barrier(2), []

        def look(who: Flow, together: Barrier = together, counts: list[int] = counts) -> None:
            together.wait()
            counts.append(start_due(who.parts, clock.now()))

        threads = [Thread(target=look, args=(who,)) for who in (flow, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(counts) == 1
    assert due(flow) == ["10:00", "11:00", "12:00", "13:00", "14:00"]


@pytest.fixture
def other(flow: Flow, clock: FrozenClock) -> Iterator[Flow]:
    """Another process on the same database."""
    made = Flow(flow.settings, clock=clock, actions=flow.actions)
    yield made
    made.close()


def test_a_clock_that_is_put_back_starts_no_time_twice(flow: Flow, clock: FrozenClock, cast: Cast, hourly: int) -> None:
    tick(flow, clock, hours=1)
    clock.advance(hours=-1)
    assert tick(flow, clock) == 0

    def again(session: Session) -> None:
        found = workflow(session, hourly)
        publish(session, cause_of(cast.maya, clock.now()), found, actions=flow.actions, triggers=flow.triggers)

    flow.database.write(again)  # which plans anew, from an hour ago
    assert [tick(flow, clock), tick(flow, clock, hours=1)] == [0, 0]
    assert next_time(flow) == datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert tick(flow, clock, hours=1) == 1
    assert due(flow) == ["10:00", "11:00"]


def test_a_write_that_fails_leaves_the_time_to_the_next_look(flow: Flow, clock: FrozenClock, hourly: int) -> None:
    faults.arm("accept.before_commit:1:raise")
    assert tick(flow, clock, hours=1) == 0
    assert (runs(flow), next_time(flow)) == ([], datetime(2026, 11, 23, 10, tzinfo=UTC))
    assert tick(flow, clock, seconds=1) == 1
    assert due(flow) == ["10:00"]


def test_a_schedule_in_trouble_does_not_hold_up_the_others(
    flow: Flow, clock: FrozenClock, cast: Cast, hourly: int
) -> None:
    made = a_workflow(flow, cast.maya, at_times(), home_id=cast.rose)
    tick(flow, clock)

    def spoil(session: Session) -> None:
        session.execute(update(Subscription).where(Subscription.workflow_id == hourly).values(cron="every hour"))

    flow.database.write(spoil)
    assert tick(flow, clock, hours=1) == 1
    assert [each.workflow_id for each in runs(flow)] == [made]


def meanwhile(flow: Flow, do_it: Callable[[], object]) -> EngineParts:
    """Answer the engine's parts, with something happening between looking at a schedule and settling it."""

    def surroundings(session: Session, home_id: int | None, at: datetime) -> Environment:
        do_it()
        return flow.parts.surroundings(session, home_id, at)

    return replace(flow.parts, surroundings=surroundings)


def test_what_another_process_settled_meanwhile_is_neither_started_nor_listed_again(
    flow: Flow, clock: FrozenClock, hourly: int, other: Flow
) -> None:
    clock.advance(hours=3, minutes=30)
    parts = meanwhile(flow, lambda: start_due(other.parts, clock.now()))
    assert start_due(parts, clock.now()) == 0
    assert due(flow) == ["12:00"]
    assert missed(flow, hourly) == [("12:00", True), ("11:00", False), ("10:00", False)]


def test_a_workflow_that_is_paused_while_it_is_looked_at_is_not_started(
    flow: Flow, clock: FrozenClock, hourly: int
) -> None:
    clock.advance(hours=1)
    parts = meanwhile(flow, lambda: switch(flow, hourly, WorkflowStatus.PAUSED))
    assert (start_due(parts, clock.now()), runs(flow)) == (0, [])
    assert tick(flow, clock) == 0


def test_a_version_that_is_published_while_the_old_one_is_looked_at_goes_by_its_own_times(
    flow: Flow, clock: FrozenClock, cast: Cast
) -> None:
    made = a_workflow(flow, cast.maya, at_times(), home_id=cast.rose)

    def newer(session: Session) -> None:
        document = at_times("30 * * * *")
        session.add(Version(workflow_id=made, number=2, document=document, sha256="x", note="",
                            published_at=None, published_by_id=None))  # fmt: skip
        session.flush()
        found = workflow(session, made)
        publish(session, cause_of(cast.maya, clock.now()), found, actions=flow.actions, triggers=flow.triggers)

    start_due(meanwhile(flow, lambda: flow.database.write(newer)), clock.now())
    assert next_time(flow) is None
    tick(flow, clock)
    assert next_time(flow) == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("status", [WorkflowStatus.PAUSED, WorkflowStatus.ARCHIVED])
def test_times_pass_over_a_workflow_that_is_switched_off(
    flow: Flow, clock: FrozenClock, hourly: int, status: WorkflowStatus
) -> None:
    switch(flow, hourly, status)
    assert [tick(flow, clock, hours=1), tick(flow, clock, hours=1)] == [0, 0]
    assert next_time(flow) is None
    switch(flow, hourly, WorkflowStatus.ACTIVE)
    assert [tick(flow, clock, minutes=30), tick(flow, clock, minutes=30)] == [0, 1]
    assert (due(flow), missed(flow, hourly)) == (["12:00"], [])


def test_publishing_again_goes_by_the_new_times(flow: Flow, clock: FrozenClock, cast: Cast, hourly: int) -> None:
    def other_times(session: Session) -> None:
        found = workflow(session, hourly)
        latest_version(session, hourly).document = at_times("30 * * * *")
        publish(session, cause_of(cast.maya, clock.now()), found, actions=flow.actions, triggers=flow.triggers)

    flow.database.write(other_times)
    assert [tick(flow, clock), tick(flow, clock, minutes=30), tick(flow, clock, minutes=30)] == [0, 1, 0]
    assert due(flow) == ["09:30"]


@pytest.mark.parametrize(
    ("catch_up", "started", "listed"),
    [
        (CatchUp.LAST, ["13:00"], [("13:00", True), ("12:00", False), ("11:00", False), ("10:00", False)]),
        (CatchUp.NONE, [], [("13:00", False), ("12:00", False), ("11:00", False), ("10:00", False)]),
        (CatchUp.ALL, ["10:00", "11:00", "12:00", "13:00"],
         [("13:00", True), ("12:00", True), ("11:00", True), ("10:00", True)]),
    ],
)  # fmt: skip
def test_what_was_missed_is_made_good_as_asked_and_listed(
    flow: Flow, clock: FrozenClock, cast: Cast, catch_up: CatchUp, started: list[str], listed: list[tuple[str, bool]]
) -> None:
    made = a_workflow(flow, cast.maya, at_times(catch_up=catch_up.value), home_id=cast.rose)
    tick(flow, clock)
    assert tick(flow, clock, hours=4, minutes=30) == len(started)
    assert due(flow) == started
    assert missed(flow, made) == listed
    assert tick(flow, clock, minutes=30) == 1  # and then it goes on as ever
    assert (due(flow)[-1], missed(flow, made)) == ("14:00", listed)


@pytest.mark.parametrize(
    ("catch_up", "started"), [(CatchUp.LAST, ["13:00"]), (CatchUp.NONE, ["13:00"]), (CatchUp.ALL, None)]
)
def test_what_is_due_just_now_was_not_missed(
    flow: Flow, clock: FrozenClock, cast: Cast, catch_up: CatchUp, started: list[str] | None
) -> None:
    made = a_workflow(flow, cast.maya, at_times(catch_up=catch_up.value), home_id=cast.rose)
    tick(flow, clock)
    tick(flow, clock, hours=4, seconds=20)
    assert due(flow) == (started or ["10:00", "11:00", "12:00", "13:00"])
    assert "13:00" not in dict(missed(flow, made))


@pytest.mark.parametrize(("hours", "started"), [(23.5, 1), (24.5, 0)])
def test_the_last_time_is_made_good_within_a_day(
    flow: Flow, clock: FrozenClock, cast: Cast, hours: float, started: int
) -> None:
    made = a_workflow(flow, cast.maya, at_times("0 10 23 11 *"), home_id=cast.rose)
    tick(flow, clock)
    assert tick(flow, clock, hours=1 + hours) == started
    assert missed(flow, made) == [("10:00", bool(started))]


def test_all_the_times_of_a_long_absence_are_made_good_a_few_each_second(
    flow: Flow, clock: FrozenClock, cast: Cast
) -> None:
    made = a_workflow(flow, cast.maya, at_times(catch_up="all"), home_id=cast.rose)
    tick(flow, clock)
    assert [tick(flow, clock, hours=60, minutes=30), tick(flow, clock, seconds=1), tick(flow, clock)] == [50, 10, 0]
    assert len(set(each.dedupe_key for each in runs(flow))) == 60
    assert [done for _, done in missed(flow, made)] == [True] * 60


def test_of_a_very_long_absence_the_first_time_and_the_last_day_are_listed(
    flow: Flow, clock: FrozenClock, cast: Cast
) -> None:
    made = a_workflow(flow, cast.maya, at_times("* * * * *", catch_up="none"), home_id=cast.rose)
    tick(flow, clock)
    assert tick(flow, clock, days=400, seconds=30) == 1  # that of this minute is on time
    found = missed(flow, made)
    assert len(found) == 1 + 24 * 60 - 1
    assert next_time(flow) == clock.now() + timedelta(seconds=30)


def test_a_crash_while_much_is_made_good_neither_loses_nor_doubles_a_time(
    flow: Flow, clock: FrozenClock, cast: Cast
) -> None:
    made = a_workflow(flow, cast.maya, at_times(catch_up="all"), home_id=cast.rose)
    tick(flow, clock)
    faults.arm("accept.before_commit:3:raise")
    assert tick(flow, clock, hours=5, minutes=30) == 0  # two were started before the third failed
    assert due(flow) == ["10:00", "11:00"]
    assert tick(flow, clock, seconds=1) == 3
    assert due(flow) == ["10:00", "11:00", "12:00", "13:00", "14:00"]
    assert len(missed(flow, made)) == 5


def test_the_missed_times_of_another_workflow_are_not_shown(
    flow: Flow, clock: FrozenClock, cast: Cast, hourly: int
) -> None:
    made = a_workflow(flow, cast.maya, at_times("0 10 * * *"), home_id=cast.rose)
    tick(flow, clock)
    tick(flow, clock, hours=2, minutes=30)
    assert missed(flow, made) == [("10:00", True)]
    with flow.database.read() as session:
        assert {each.workflow_id for each in session.scalars(select(MissedStart))} == {made, hourly}


def test_a_time_zone_that_is_gone_does_not_hold_up_other_schedules(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    broken = a_workflow(flow, cast.maya, at_times(), home_id=cast.rose)
    a_workflow(flow, cast.maya, at_times(), home_id=cast.rose)
    tick(flow, clock)
    of_broken = update(Subscription).where(Subscription.workflow_id == broken)
    flow.database.write(lambda session: session.execute(of_broken.values(timezone="Nowhere/City")))
    assert tick(flow, clock, hours=1) == 1
