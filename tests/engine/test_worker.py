"""The worker: takes what is due, once, the longest waiting first, and lets no bad execution hold up the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus, StepExecution
from flowapp.engine.waiting import Waiting
from flowapp.engine.worker import AT_ONCE, Worker
from flowapp.events.outbox import record
from flowapp.kernel import faults
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.db import Database
from flowapp.workflows.workflow import Version
from tests.cast import Cast
from tests.engine.made_actions import do, noted
from tests.engine.patience import in_threads
from tests.factories import a_document, a_workflow, condition, leave_event, run_all, runs


def asked(flow: Flow, cast: Cast, number: int, *, first: int = 1) -> None:
    """Let this many leave requests be made, in one change; the n-th is about record n."""
    at = flow.clock.now()

    def write(session: Session) -> None:
        for request_id in range(first, first + number):
            record(session, leave_event(cast.dan, at, home_id=cast.rose, request_id=request_id))

    flow.database.write(write)


def words(flow: Flow) -> list[str]:
    """Read what the made actions wrote."""
    with flow.database.read() as session:
        return noted(session)


def statuses(flow: Flow) -> dict[int, str]:
    """Answer how each execution stands, by the record it is about."""
    return {each.subject_id or 0: each.status.value for each in runs(flow)}


NOTE_ITS_RECORD = a_document(do("note", "a", "record ${context.leave_request_id}"))


def poisoned(*records: int) -> dict[str, Any]:
    """Answer a document that fails beyond its step for these records, and notes its record for all others."""
    question = " or ".join(f"${{context.leave_request_id}} == {each}" for each in records)
    return a_document(condition("c", question, then=[do("poison", "p")], else_=NOTE_ITS_RECORD["steps"]))


def test_without_anything_due_a_pass_does_nothing(flow: Flow, cast: Cast) -> None:
    assert flow.worker.run_due() == 0


def test_what_is_done_is_not_done_again(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, NOTE_ITS_RECORD, home_id=cast.rose)
    asked(flow, cast, 1)
    assert flow.worker.run_due() == 1
    assert flow.worker.run_due() == 0
    assert words(flow) == ["record 1"]


def test_those_that_wait_longest_come_first(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    a_workflow(flow, cast.maya, NOTE_ITS_RECORD, home_id=cast.rose)
    clock.advance(seconds=10)
    asked(flow, cast, 1, first=1)
    clock.advance(seconds=-10)
    asked(flow, cast, 2, first=2)
    clock.advance(seconds=10)
    run_all(flow)
    assert words(flow) == ["record 2", "record 3", "record 1"]


def test_a_step_whose_time_has_not_come_is_left(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    a_workflow(flow, cast.maya, NOTE_ITS_RECORD, home_id=cast.rose)
    asked(flow, cast, 1)
    later = clock.now() + timedelta(minutes=5)
    flow.database.write(lambda session: session.execute(update(StepExecution).values(run_at=later)) and None)
    assert flow.worker.run_due() == 0
    clock.advance(minutes=5)
    assert flow.worker.run_due() == 1


def test_many_more_than_fit_into_one_pass_are_all_done_once(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, NOTE_ITS_RECORD, home_id=cast.rose)
    number = 2 * AT_ONCE + 7
    asked(flow, cast, number)
    run_all(flow)
    assert sorted(words(flow)) == sorted(f"record {n}" for n in range(1, number + 1))
    assert set(statuses(flow).values()) == {"completed"}


def test_one_pass_takes_no_more_than_it_may(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, NOTE_ITS_RECORD, home_id=cast.rose)
    asked(flow, cast, AT_ONCE + 20)
    assert 1 <= flow.worker.run_due() <= AT_ONCE


def test_a_pass_lets_others_write_after_a_short_while(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, a_document(do("slow", "a")), home_id=cast.rose)
    asked(flow, cast, 5)
    assert flow.worker.run_due() == 1  # one slow step used up the pass


def another_worker(flow: Flow) -> Worker:
    """Make the worker of another process: a database and a name of its own."""
    parts = replace(flow.parts, database=Database(flow.settings.database_url), owner="another")
    return Worker(parts, Waiting(), threads=1)


def test_two_workers_on_one_database_do_each_execution_once(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, NOTE_ITS_RECORD, home_id=cast.rose)
    asked(flow, cast, 120)
    workers = [flow.worker, another_worker(flow)]

    def work(index: int) -> None:
        while workers[index].run_due():
            continue

    assert in_threads(2, work) == []
    workers[1].close()
    workers[1].parts.database.dispose()
    assert sorted(words(flow)) == sorted(f"record {n}" for n in range(1, 121))
    assert set(statuses(flow).values()) == {"completed"}
    with flow.database.read() as session:
        steps = session.scalars(select(StepExecution)).all()
    assert {each.epoch for each in steps} == {1}


def test_one_execution_that_the_engine_cannot_carry_on_does_not_hold_up_the_others(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, poisoned(3), home_id=cast.rose)
    asked(flow, cast, 6)
    run_all(flow)
    assert statuses(flow) == {1: "completed", 2: "completed", 3: "failed", 4: "completed", 5: "completed",
                              6: "completed"}  # fmt: skip
    assert sorted(words(flow)) == [f"record {n}" for n in (1, 2, 4, 5, 6)]
    [failed] = [each for each in runs(flow) if each.status == ExecutionStatus.FAILED]
    assert failed.reason
    assert failed.finished_at is not None


def test_bad_executions_far_apart_do_not_drag_good_ones_down(flow: Flow, cast: Cast) -> None:
    far = AT_ONCE + 5
    a_workflow(flow, cast.maya, poisoned(1, far), home_id=cast.rose)
    asked(flow, cast, far + 5)
    run_all(flow)
    failed = {number for number, status in statuses(flow).items() if status != "completed"}
    assert failed == {1, far}


def test_an_execution_whose_version_cannot_be_read_any_more_does_not_hold_up_the_others(flow: Flow, cast: Cast) -> None:
    broken = a_workflow(flow, cast.maya, NOTE_ITS_RECORD, home_id=cast.rose)
    asked(flow, cast, 1)
    a_workflow(flow, cast.maya, NOTE_ITS_RECORD, home_id=cast.elm)
    gone = update(Version).where(Version.workflow_id == broken).values(document={"name": "x", "steps": [{"id": "a"}]})
    flow.database.write(lambda session: session.execute(gone) and None)
    flow.parts.plans._kept.clear()
    event = leave_event(cast.vic, flow.clock.now(), home_id=cast.elm, request_id=2)
    flow.database.write(lambda session: record(session, event) and None)
    run_all(flow)
    assert statuses(flow) == {1: "failed", 2: "completed"}


def test_a_home_whose_time_zone_cannot_be_read_fails_its_own_executions_only(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.hana, NOTE_ITS_RECORD, home_id=None)
    asked(flow, cast, 1)
    event = leave_event(cast.vic, flow.clock.now(), home_id=cast.elm, request_id=2)
    flow.database.write(lambda session: record(session, event) and None)
    broken = text("UPDATE care_home SET timezone = 'Mars/Base' WHERE id = :rose")
    flow.database.write(lambda session: session.execute(broken, {"rose": cast.rose}) and None)
    run_all(flow)
    assert statuses(flow)[2] == "completed"
    assert statuses(flow)[1] == "failed"


@pytest.mark.parametrize("point", ["claim.mid_tx", "complete.mid_tx", "complete.before_commit"])
def test_a_pass_that_is_broken_off_leaves_nothing_half_done(flow: Flow, cast: Cast, point: str) -> None:
    a_workflow(flow, cast.maya, NOTE_ITS_RECORD, home_id=cast.rose)
    asked(flow, cast, 3)
    faults.arm(f"{point}:1:raise")
    try:
        run_all(flow)
    finally:
        faults.arm(None)
    run_all(flow)
    assert sorted(words(flow)) == ["record 1", "record 2", "record 3"]
    assert set(statuses(flow).values()) == {"completed"}


def test_whoever_waits_for_an_execution_is_told_when_it_has_ended(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, NOTE_ITS_RECORD, home_id=cast.rose)
    a_workflow(flow, cast.maya, a_document(do("explode", "a")), home_id=cast.rose)
    asked(flow, cast, 1)
    numbers = [each.id for each in runs(flow)]
    assert not flow.waiting.wait(numbers, 0)
    run_all(flow)
    assert flow.waiting.wait(numbers, 0)


def test_the_rows_say_which_process_did_it(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, NOTE_ITS_RECORD, home_id=cast.rose)
    asked(flow, cast, 1)
    run_all(flow)
    with flow.database.read() as session:
        assert session.scalars(select(StepExecution.owner)).one() == flow.parts.owner


@pytest.mark.parametrize(("milliseconds", "seconds"), [(300, 0.3), (1_000, 1.0), (5_000, 1.0)])
def test_it_knows_how_long_nothing_falls_due(
    flow: Flow, cast: Cast, clock: FrozenClock, milliseconds: int, seconds: float
) -> None:
    assert flow.worker.seconds_to_next(1.0) == 1.0
    until = (clock.now() + timedelta(milliseconds=milliseconds)).isoformat()
    a_workflow(flow, cast.maya, a_document({"id": "d", "type": "delay", "until": f'"{until}"'}), home_id=cast.rose)
    asked(flow, cast, 1)
    assert flow.worker.seconds_to_next(1.0) == 1.0  # what is due already is not waited for
    run_all(flow)
    assert flow.worker.seconds_to_next(1.0) == pytest.approx(seconds)
