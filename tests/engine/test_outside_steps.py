"""Steps that act outside: taken under a lease, done with no transaction open, their result kept once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import select, update

from flowapp.bootstrap import Flow
from flowapp.engine.claim import MOST_CRASHES
from flowapp.engine.execution import ExecutionStatus, StepAttempt, StepExecution, StepStatus
from flowapp.engine.people.choices import choices
from flowapp.kernel.clock import FrozenClock
from flowapp.workflows.kinds import Run, StepFailed
from flowapp.workflows.workflow import Version
from tests.cast import Cast
from tests.engine.made_actions import Outside, do, noted, write_note
from tests.engine.patience import until
from tests.factories import a_document, a_workflow, condition, leave_asked, runs


def the_outside(flow: Flow, kind: str = "outside") -> Outside:
    """Answer the action that acts outside, to say what happens there."""
    found = flow.actions[kind]
    assert isinstance(found, Outside)
    return found


def begun(flow: Flow, cast: Cast, *steps: dict[str, Any]) -> None:
    """Start a workflow of these steps and take what is due."""
    a_workflow(flow, cast.maya, a_document(*steps), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    assert flow.worker.run_due() == 1


def ended(flow: Flow) -> bool:
    """Say whether the one execution has ended."""
    return runs(flow)[0].finished_at is not None


def step(flow: Flow, path: str) -> StepExecution:
    """Read one step."""
    with flow.database.read() as session:
        return session.scalars(select(StepExecution).where(StepExecution.path == path)).one()


def results(flow: Flow) -> list[tuple[str, str]]:
    """Read the log of attempts."""
    with flow.database.read() as session:
        rows = session.scalars(select(StepAttempt).order_by(StepAttempt.id))
        return [(each.path, each.result) for each in rows]


def test_the_execution_goes_on_with_what_the_step_brought_back(flow: Flow, cast: Cast) -> None:
    begun(flow, cast, do("note", "a"), do("outside", "b", "hello"), do("note", "c", "heard ${steps.b.word}"))
    assert until(lambda: ended(flow))
    [found] = runs(flow)
    assert found.status == ExecutionStatus.COMPLETED
    with flow.database.read() as session:
        assert noted(session) == ["noted", "heard hello"]
    assert the_outside(flow).keys == [f"{found.id}:b"]
    assert results(flow) == [("a", "completed"), ("b", "taken"), ("b", "completed"), ("c", "completed")]
    assert step(flow, "b").output == {"word": "hello", "key": f"{found.id}:b"}
    assert step(flow, "b").lease_until is None


def test_a_first_step_that_acts_outside_keeps_its_own_row(flow: Flow, cast: Cast) -> None:
    begun(flow, cast, do("outside", "a"))
    assert until(lambda: ended(flow))
    with flow.database.read() as session:
        assert len(session.scalars(select(StepExecution)).all()) == 1
    assert step(flow, "a").status == StepStatus.COMPLETED


def test_while_it_acts_the_step_is_leased_and_everybody_may_write(flow: Flow, cast: Cast) -> None:
    there, leave = threading.Event(), threading.Event()

    def act(_: Run) -> None:
        there.set()
        leave.wait(10)

    the_outside(flow).does = act
    begun(flow, cast, do("outside", "a"))
    assert there.wait(5)
    now = step(flow, "a")
    assert (now.status, now.owner) == (StepStatus.RUNNING, flow.parts.owner)
    assert now.lease_until is not None
    assert now.lease_until > flow.clock.now()
    assert runs(flow)[0].status == ExecutionStatus.RUNNING
    assert flow.worker.run_due() == 0  # nobody else takes it
    assert flow.worker.release_expired() == 0
    leave.set()
    assert until(lambda: ended(flow))


@pytest.mark.parametrize(
    ("error", "code"),
    [(StepFailed("no_answer", "Nobody answered."), "no_answer"), (ValueError("inside"), "internal")],
)
def test_what_fails_outside_fails_its_step(flow: Flow, cast: Cast, error: Exception, code: str) -> None:
    def act(_: Run) -> None:
        raise error

    the_outside(flow).does = act
    begun(flow, cast, do("outside", "a"), do("note", "b"))
    assert until(lambda: ended(flow))
    [found] = runs(flow)
    assert found.status == ExecutionStatus.FAILED
    assert found.error is not None
    assert (found.error["code"], found.error["path"]) == (code, "a")
    assert step(flow, "a").error["code"] == code
    assert results(flow) == [("a", "taken"), ("a", "failed")]


def test_what_acts_outside_cannot_write_to_our_database_past_the_engine(flow: Flow, cast: Cast) -> None:

    the_outside(flow).does = lambda run: write_note(run, "sneaky")
    begun(flow, cast, do("outside", "a"))
    assert until(lambda: ended(flow))
    assert runs(flow)[0].status == ExecutionStatus.FAILED
    with flow.database.read() as session:
        assert noted(session) == []


def test_a_lease_that_ran_out_gives_the_step_back_and_a_late_result_is_thrown_away(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    there, leave, passes = threading.Event(), threading.Event(), []

    def act(_: Run) -> None:
        passes.append(1)
        if len(passes) == 1:
            there.set()
            leave.wait(10)

    the_outside(flow).does = act
    begun(flow, cast, do("outside", "a"), do("note", "b"))
    assert there.wait(5)
    clock.advance(seconds=flow.parts.lease_seconds + 1)
    assert flow.worker.release_expired() == 1
    given_back = step(flow, "a")
    assert (given_back.status, given_back.crash_count, given_back.owner) == (StepStatus.PENDING, 1, None)
    assert flow.worker.run_due() == 1
    assert until(lambda: ended(flow))
    leave.set()  # the first one wakes up and comes too late
    assert until(lambda: ("a", "thrown_away") in results(flow))
    assert step(flow, "a").status == StepStatus.COMPLETED
    assert step(flow, "a").epoch == 2
    with flow.database.read() as session:
        assert noted(session) == ["noted"]  # what follows was done once
    assert len(set(the_outside(flow).keys)) == 1  # under the same key both times
    assert ("a", "lost") in results(flow)


def test_a_late_result_is_thrown_away_while_the_next_attempt_is_still_at_work(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    doors = [(threading.Event(), threading.Event()) for _ in range(2)]
    begun_attempts = iter(doors)

    def act(_: Run) -> None:
        there, leave = next(begun_attempts)
        there.set()
        leave.wait(10)

    the_outside(flow).does = act
    begun(flow, cast, do("outside", "a", "hello"))
    (first_there, first_leave), (second_there, second_leave) = doors
    assert first_there.wait(5)
    clock.advance(seconds=flow.parts.lease_seconds + 1)
    flow.worker.release_expired()
    assert flow.worker.run_due() == 1
    assert second_there.wait(5)
    first_leave.set()
    assert until(lambda: ("a", "thrown_away") in results(flow))
    assert step(flow, "a").status == StepStatus.RUNNING  # the second one still has it
    assert not ended(flow)
    second_leave.set()
    assert until(lambda: ended(flow))
    assert step(flow, "a").epoch == 2
    assert [result for _, result in results(flow)].count("completed") == 1


def test_a_step_that_must_not_be_repeated_becomes_uncertain_when_its_lease_runs_out(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    there, leave = threading.Event(), threading.Event()

    def act(_: Run) -> None:
        there.set()
        leave.wait(10)

    the_outside(flow, "outside_once").does = act
    try:
        begun(flow, cast, do("outside_once", "a"))
        assert there.wait(5)
        clock.advance(seconds=flow.parts.lease_seconds + 1)
        flow.worker.release_expired()
        assert step(flow, "a").status == StepStatus.UNCERTAIN
        assert runs(flow)[0].status == ExecutionStatus.WAITING  # a person must look
        assert flow.worker.run_due() == 0
        assert len(the_outside(flow, "outside_once").keys) == 1
    finally:
        leave.set()


@pytest.mark.parametrize(("crashes", "status"), [(MOST_CRASHES - 2, "pending"), (MOST_CRASHES - 1, "uncertain")])
def test_a_step_at_which_the_program_stops_again_and_again_is_left_to_a_person(
    flow: Flow, cast: Cast, clock: FrozenClock, crashes: int, status: str
) -> None:
    leave = threading.Event()
    the_outside(flow).does = lambda _: leave.wait(10)
    try:
        begun(flow, cast, do("outside", "a"))
        taken = update(StepExecution).where(StepExecution.path == "a").values(crash_count=crashes)
        flow.database.write(lambda session: bool(session.execute(taken)))
        clock.advance(seconds=flow.parts.lease_seconds + 1)
        flow.worker.release_expired()
        assert step(flow, "a").status == status
        [run] = runs(flow)
        assert (run.reason or "").startswith("The program stopped 20 times") == (status == "uncertain")
    finally:
        leave.set()


def test_the_reason_of_a_run_is_kept_over_a_step_that_acts_outside(flow: Flow, cast: Cast) -> None:
    begun(flow, cast, condition("c", "${context.days} <= 3", then=[do("outside", "a"), do("note", "b")]))
    assert until(lambda: ended(flow))
    assert "Days requested was 1" in (runs(flow)[0].reason or "")


def unreadable(flow: Flow) -> None:
    """Let the versions there are be such as nobody can read."""
    flow.database.write(lambda session: session.execute(update(Version).values(document={"format": "flowapp/0"})))
    flow.parts.plans._kept.clear()


def test_a_result_that_nobody_can_go_on_from_ends_the_run_and_is_not_come_by_again(flow: Flow, cast: Cast) -> None:
    the_outside(flow).does = lambda run: unreadable(flow)
    begun(flow, cast, do("outside", "a"), do("note", "z"))
    assert until(lambda: ended(flow))
    [found] = runs(flow)
    assert found.status == ExecutionStatus.FAILED
    assert step(flow, "a").status == StepStatus.FAILED
    assert step(flow, "a").lease_until is None
    with flow.database.read() as session:
        assert not choices(flow.parts, session, found.id).retry_step
