"""No more steps act outside than can begin at once, and their leases are renewed for as long as they take."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from flowapp.bootstrap import Flow
from flowapp.engine import worker
from flowapp.engine.execution import ExecutionStatus, StepAttempt, StepExecution, StepStatus
from flowapp.engine.hands import Hands, Reserved
from flowapp.engine.worker import Worker
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.db import DatabaseFull
from flowapp.workflows.kinds import Run
from tests.cast import Cast
from tests.engine.made_actions import Outside, do, noted
from tests.engine.patience import until
from tests.factories import a_document, a_workflow, leave_asked, run_all, runs

THREADS = 4  # as the settings have it
TOO_MANY = THREADS + 3
LEASE = 30.0


class Line:
    """A line that is held until a test lets it go; it counts who has called."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.calls: list[str] = []

    def __call__(self, run: Run) -> None:
        self.calls.append(run.key)
        self.open.wait(10)


@pytest.fixture
def line(flow: Flow) -> Iterator[Line]:
    """What the steps that act outside wait for."""
    held, action = Line(), flow.actions["outside"]
    assert isinstance(action, Outside)
    action.does = held
    yield held
    held.open.set()


def calls_waiting(flow: Flow, cast: Cast, line: Line) -> None:
    """Start more runs that call than there are threads, and let as many call as can."""
    for number in range(TOO_MANY):
        a_workflow(flow, cast.maya, a_document(do("outside", "call"), name=f"Call {number}"), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    assert until(lambda: len(line.calls) == THREADS)


def steps(flow: Flow) -> list[StepExecution]:
    with flow.database.read() as session:
        return list(session.scalars(select(StepExecution).order_by(StepExecution.id)))


def results(flow: Flow) -> list[str]:
    with flow.database.read() as session:
        return list(session.scalars(select(StepAttempt.result).order_by(StepAttempt.id)))


def all_ended(flow: Flow) -> bool:
    return all(each.finished_at is not None for each in runs(flow))


def test_no_more_calls_are_taken_than_threads_can_begin(flow: Flow, cast: Cast, line: Line) -> None:
    calls_waiting(flow, cast, line)
    assert results(flow) == ["taken"] * THREADS
    waiting = [each for each in steps(flow) if each.status == StepStatus.PENDING]
    assert [(each.attempt, each.epoch, each.lease_until, each.deadline) for each in waiting] == [(0, 0, None, None)] * 3
    assert [each.status for each in runs(flow)] == [ExecutionStatus.RUNNING] * TOO_MANY

    line.open.set()
    assert until(lambda: run_all(flow) is None and all_ended(flow))
    assert sorted(set(line.calls)) == sorted(line.calls)  # each called once
    assert len(line.calls) == TOO_MANY
    assert all(each.attempt == 1 for each in steps(flow))


def test_calls_that_wait_for_a_thread_hold_up_nobody_else(
    flow: Flow, cast: Cast, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "AT_ONCE", TOO_MANY - THREADS)  # as many as wait, so that a pass sees nothing else
    calls_waiting(flow, cast, line)
    a_workflow(flow, cast.erin, a_document(do("note", "a"), name="Note"), home_id=cast.elm)
    leave_asked(flow, cast.vic)
    assert flow.worker.run_due() == 1
    with flow.database.read() as session:
        assert noted(session) == ["noted"]


def test_with_the_engine_at_work_a_free_thread_goes_on_with_the_next_at_once(
    flow: Flow, cast: Cast, line: Line
) -> None:
    line.open.set()
    flow.start()
    for number in range(TOO_MANY):
        a_workflow(flow, cast.maya, a_document(do("outside", "call"), name=f"Call {number}"), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    assert until(lambda: all_ended(flow), seconds=5)
    assert len(line.calls) == len(set(line.calls)) == TOO_MANY


def test_of_two_calls_side_by_side_after_a_call_both_are_made(flow: Flow, cast: Cast, line: Line) -> None:
    line.open.set()
    ways = [{"name": name, "steps": [do("outside", f"call_{name}")]} for name in ("a", "b")]
    document = a_document(do("outside", "first"), {"id": "both", "type": "branch", "branches": ways})
    a_workflow(flow, cast.maya, document, home_id=cast.rose)
    leave_asked(flow, cast.dan)
    flow.start()
    assert until(lambda: all_ended(flow), seconds=5)
    assert [key.partition(":")[2] for key in sorted(line.calls)] == ["both.a.call_a", "both.b.call_b", "first"]


def test_a_call_that_is_taken_back_in_the_transaction_of_its_taking_is_not_made(
    flow: Flow, cast: Cast, line: Line
) -> None:
    ways = [{"name": "a", "steps": [do("outside", "call")]}, {"name": "b", "steps": [do("note", "quick")]}]
    document = a_document({"id": "either", "type": "branch", "merge": "first", "branches": ways})
    a_workflow(flow, cast.maya, document, home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    assert all_ended(flow)
    flow.worker.close()  # waits for whatever was begun
    assert line.calls == []


def test_a_lease_is_renewed_for_as_long_as_the_call_takes(
    flow: Flow, cast: Cast, clock: FrozenClock, line: Line
) -> None:
    calls_waiting(flow, cast, line)
    clock.advance(seconds=LEASE - 1)
    assert flow.worker.effects.heartbeat.beat() == THREADS
    clock.advance(seconds=LEASE - 1)
    assert flow.worker.release_expired() == 0
    clock.advance(seconds=2)
    assert flow.worker.release_expired() == THREADS  # nothing renewed it any more


def test_a_lease_that_somebody_else_has_taken_over_is_not_renewed(
    flow: Flow, cast: Cast, clock: FrozenClock, line: Line
) -> None:
    calls_waiting(flow, cast, line)
    clock.advance(seconds=LEASE + 1)
    flow.worker.release_expired()
    assert flow.worker.effects.heartbeat.beat() == 0  # given back, taken by nobody
    with flow.database.writer.begin() as connection:
        connection.execute(text("UPDATE step_execution SET status = 'running', epoch = epoch + 1, owner = 'another'"))
    assert flow.worker.effects.heartbeat.beat() == 0


def test_whoever_stood_still_renews_its_leases_before_it_gives_back_what_others_lost(
    flow: Flow, cast: Cast, clock: FrozenClock, line: Line
) -> None:
    parts = replace(flow.parts, lease_seconds=0.001)  # so that every look comes late
    late = Worker(parts, flow.waiting, threads=1)
    a_workflow(flow, cast.maya, a_document(do("outside", "call")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    late.run_due()
    assert until(lambda: len(line.calls) == 1)
    clock.advance(seconds=1)
    late.look_after()
    assert results(flow) == ["taken"]
    line.open.set()
    late.close()
    assert results(flow) == ["taken", "completed"]


def test_what_was_called_is_not_renewed_any_more(flow: Flow, cast: Cast, line: Line) -> None:
    calls_waiting(flow, cast, line)
    line.open.set()
    assert until(lambda: results(flow).count("completed") == THREADS)
    assert until(lambda: flow.worker.effects.heartbeat.beat() == 0)


@pytest.mark.sqlite
def test_a_result_is_kept_once_the_disk_has_room_again(flow: Flow, cast: Cast, line: Line) -> None:
    document = a_document(do("outside", "call", "tea " * 4_000), do("note", "after"))
    a_workflow(flow, cast.maya, document, home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    assert until(lambda: len(line.calls) == 1)
    pages = let_grow_to(flow, 1)
    with pytest.raises(DatabaseFull, match="make room"):
        fill(flow, size=100_000, least=100_000)
    line.open.set()
    assert not until(lambda: all_ended(flow), seconds=0.2)
    assert runs(flow)[0].status == ExecutionStatus.RUNNING  # a full disk is no failure of the step

    let_grow_to(flow, pages * 100)
    assert until(lambda: all_ended(flow), seconds=5)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    assert len(line.calls) == 1
    assert results(flow) == ["taken", "completed", "completed"]


@pytest.mark.sqlite
def test_an_execution_is_not_given_up_because_the_disk_is_full(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, a_document(do("note", "a", "tea " * 100), name="Note"), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    pages = let_grow_to(flow, 1)
    fill(flow)
    with pytest.raises(DatabaseFull):
        flow.worker.run_due()
    assert runs(flow)[0].status == ExecutionStatus.PENDING
    let_grow_to(flow, pages * 100)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED


def let_grow_to(flow: Flow, pages: int) -> int:
    """Let the database have so many pages, but no fewer than it has; answer how many it has."""
    with flow.database.writer.begin() as connection:  # the one connection that writes
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        return int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())


def fill(flow: Flow, size: int = 4_000, least: int = 0) -> None:
    """Use up what room is left in the pages there are; raises DatabaseFull when there is none for the `least`."""
    while size > 4:
        try:
            insert = text(
                "INSERT INTO notification (user_id, title, message, created_at) "
                "SELECT id, 'fill', hex(randomblob(:size)), '2026-01-01' FROM user LIMIT 1"
            )
            flow.database.write(lambda session, insert=insert, size=size: session.execute(insert, {"size": size}))  # type: ignore[misc]
        except DatabaseFull:
            if size <= least:
                raise
            size //= 2


def test_hands_are_reserved_given_back_and_closed() -> None:
    hands = Hands(3)
    assert hands.reserve(2) == 2
    assert hands.reserve() == 1
    assert hands.reserve() == 0
    hands.give_back(2)
    hands.close()
    assert hands.closed
    assert hands.reserve() == 0


def test_a_transaction_takes_no_more_than_was_reserved() -> None:
    reserved = Reserved(1)
    assert [reserved.take(), reserved.take()] == [True, False]
    assert not Reserved().take()


def test_a_machine_that_slept_keeps_the_steps_that_it_is_acting_on(
    flow: Flow, cast: Cast, line: Line, clock: FrozenClock
) -> None:
    calls_waiting(flow, cast, line)
    clock.advance(hours=1)  # the clock on the wall went on; the machine's own stood still meanwhile
    flow.worker.look_after()
    assert len([each for each in steps(flow) if each.status == StepStatus.RUNNING]) == THREADS
    assert {each.crash_count for each in steps(flow)} == {0}


def test_whoever_works_everything_off_waits_for_what_is_acted_on_and_goes_on_behind_it(
    flow: Flow, cast: Cast, line: Line
) -> None:
    a_workflow(flow, cast.maya, a_document(do("outside", "call"), do("note", "after")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(flow.worker.work_off)
        until(lambda: bool(line.calls))
        with pytest.raises(TimeoutError):
            working.result(0.2)
        line.open.set()
        assert working.result(10) >= 1
    assert [each.status for each in runs(flow)] == [ExecutionStatus.COMPLETED]
