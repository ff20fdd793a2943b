"""Retrying a run: from the step that failed, or from the start."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.engine.people.choices import choices
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import Conflict
from flowapp.workflows.kinds import Run, StepFailed
from flowapp.workflows.reading import read_document
from flowapp.workflows.workflow import Version, workflow
from tests.cast import Cast
from tests.engine.limits import HOUR, begin, limited
from tests.engine.made_actions import Busy, Flaky, Outside, do, noted
from tests.engine.patience import until
from tests.engine.stepping_in import cancel, retry, retry_from_start, run_of, skip, statuses, steps_of
from tests.engine.undos import undo
from tests.factories import a_document, approve, condition, run_all, runs

LATER = {"id": "later", "type": "delay", "for": {"hours": 1}}
BOTH = {
    "id": "both",
    "type": "branch",
    "branches": [{"name": "one", "steps": [do("flaky", "a")]}, {"name": "two", "steps": [LATER, do("note", "b")]}],
}


@pytest.fixture
def flaky(flow: Flow) -> Flaky:
    """The action that fails where a test says."""
    found = flow.actions["flaky"]
    assert isinstance(found, Flaky)
    return found


def test_what_is_done_is_not_done_again_and_the_rest_is(flow: Flow, cast: Cast, flaky: Flaky) -> None:
    flaky.fails_at = {"b"}
    assert run_of(flow, cast, do("note", "a", "1"), do("flaky", "b", "2"), do("note", "c", "3")).error is not None
    flaky.fails_at = set()
    retry(flow, cast.maya)
    found = runs(flow)[0]
    assert (found.status, found.error, found.reason, found.finished_at) == (ExecutionStatus.RUNNING, None, None, None)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    with flow.database.read() as session:
        assert noted(session) == ["1", "2", "3"]
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "execution.retry")).one()
    assert (entry.actor_name, entry.entity_id, entry.after) == ("Maya", found.id, {"from": "failed", "path": "b"})


def test_a_step_that_fails_again_fails_the_run_again(flow: Flow, cast: Cast, flaky: Flaky) -> None:
    flaky.fails_at = {"both.one.a"}
    run_of(flow, cast, BOTH)
    for _ in range(2):
        assert runs(flow)[0].status == ExecutionStatus.FAILED
        retry(flow, cast.maya)
        run_all(flow)
    assert statuses(flow)["both.two.later"] == StepStatus.CANCELLED
    assert steps_of(flow)["both.one.a"].epoch == 3


def test_what_was_cancelled_because_of_the_failure_keeps_its_time(
    flow: Flow, cast: Cast, clock: FrozenClock, flaky: Flaky
) -> None:
    flaky.fails_at = {"both.one.a"}
    run_of(flow, cast, BOTH)
    due = steps_of(flow)["both.two.later"].run_at
    assert statuses(flow)["both.two.later"] == StepStatus.CANCELLED
    clock.advance(minutes=10)
    flaky.fails_at = set()
    retry(flow, cast.maya)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.WAITING
    assert steps_of(flow)["both.two.later"].run_at == due
    clock.advance(minutes=50)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED


def test_tries_are_counted_anew_and_claims_go_on(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    busy = flow.actions["busy"]
    assert isinstance(busy, Busy)
    busy.failures = 3
    run_of(flow, cast, do("busy", "a") | {"retry": {"attempts": 2}})
    clock.advance(minutes=5)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.FAILED
    retry(flow, cast.maya)
    run_all(flow)
    again = steps_of(flow)["a"]
    assert (again.status, again.attempt, again.epoch) == (StepStatus.PENDING, 1, 3)  # fails, and is tried once more
    clock.advance(minutes=5)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED


def test_the_times_allowed_begin_anew(flow: Flow, cast: Cast, clock: FrozenClock, flaky: Flaky) -> None:
    flaky.fails_at = {"w.one.a"}
    ways = {**BOTH, "id": "w", "timeout": {"hours": 2}}
    run_of(flow, cast, ways, settings={"timeout": {"hours": 3}})
    clock.advance(hours=5)
    flaky.fails_at = set()
    retry(flow, cast.maya)
    assert flow.worker.end_late() == 0
    now = flow.clock.now()
    assert runs(flow)[0].deadline == now + timedelta(hours=3)
    assert steps_of(flow)["w"].deadline == now + timedelta(hours=2)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    assert runs(flow)[0].deadline == now + timedelta(hours=3)


def test_items_of_a_loop_that_were_too_few_have_their_turn_again(flow: Flow, cast: Cast, flaky: Flaky) -> None:
    flaky.fails_at = {"l[0].a", "l[1].a"}
    loop = {"id": "l", "type": "loop", "items": "[1, 2, 3]", "as": "x", "need": 2, "on_item_error": "continue"}
    run_of(flow, cast, loop | {"steps": [do("flaky", "a", "x${x}")]})
    assert (runs(flow)[0].error or {})["code"] == "too_few"
    flaky.fails_at = {"l[0].a"}
    retry(flow, cast.maya)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    assert len(steps_of(flow)["l"].output) == 3


def test_steps_done_instead_go_on_where_they_failed(flow: Flow, cast: Cast, flaky: Flaky) -> None:
    flaky.fails_at = {"a", "a.on_error.b"}
    instead = {"on_error": {"steps": [do("note", "x", "${error.code}"), do("flaky", "b")]}}
    run_of(flow, cast, do("flaky", "a") | instead)
    assert statuses(flow) == {"a": "failed", "a.on_error.b": "failed", "a.on_error.x": "completed"}
    flaky.fails_at = set()
    retry(flow, cast.maya)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    assert steps_of(flow)["a"].output["word"] == "noted"
    with flow.database.read() as session:
        assert noted(session) == ["flaky", "noted"]


def test_a_step_at_work_outside_that_must_not_be_repeated_becomes_uncertain(flow: Flow, cast: Cast) -> None:
    outside, once = flow.actions["outside"], flow.actions["outside_once"]
    assert isinstance(outside, Outside)
    assert isinstance(once, Outside)
    leave = threading.Event()

    def fail(_: Run) -> None:
        raise StepFailed("no_answer", "Nobody answered.")

    outside.does, once.does = fail, lambda _: leave.wait(10) and None
    ways = [{"name": "one", "steps": [do("outside_once", "b")]}, {"name": "two", "steps": [do("outside", "a")]}]
    try:
        run_of(flow, cast, {"id": "both", "type": "branch", "branches": ways})
        assert until(lambda: runs(flow)[0].status == ExecutionStatus.FAILED)
        retry(flow, cast.maya)
        assert statuses(flow)["both.one.b"] == StepStatus.UNCERTAIN
        assert statuses(flow)["both.two.a"] == StepStatus.PENDING
    finally:
        leave.set()


FAILING: list[tuple[list[dict[str, Any]], dict[str, Any], str]] = [
    ([do("note", "a"), {"id": "s", "type": "stop", "outcome": "failed", "message": "No"}], {}, "on purpose"),
    ([{"id": "r", "type": "repeat", "until": "1 > 2", "max": 2, "steps": [do("note", "a")]}], {}, "Skip it"),
    ([LATER], {"settings": {"timeout": {"minutes": 1}}}, "took longer"),
    ([do("note", "a")], {"triggers": [
        {"id": "asked", "type": "event", "event": "leave_requested", "when": "context.days / 0 > 1"}]}, "before its"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "given", "words"), FAILING)
def test_a_run_that_cannot_go_on_at_a_step_says_why(
    flow: Flow, cast: Cast, clock: FrozenClock, steps: list[dict[str, Any]], given: dict[str, Any], words: str
) -> None:
    run_of(flow, cast, *steps, **given)
    clock.advance(minutes=2)
    flow.worker.end_late()
    before = runs(flow)[0]
    assert before.status == ExecutionStatus.FAILED
    with pytest.raises(Conflict, match=words):
        retry(flow, cast.maya)
    assert runs(flow)[0].finished_at == before.finished_at
    assert retry_from_start(flow, cast.maya) == 2


def test_a_run_that_did_not_fail_is_not_retried(flow: Flow, cast: Cast) -> None:
    run_of(flow, cast, LATER)
    with pytest.raises(Conflict, match="under way"):
        retry(flow, cast.maya)
    with pytest.raises(Conflict, match="under way"):
        retry_from_start(flow, cast.maya)
    cancel(flow, cast.maya)
    with pytest.raises(Conflict, match="was cancelled"):
        retry(flow, cast.maya)
    assert retry_from_start(flow, cast.maya) == 2


def test_a_retry_from_the_start_is_a_new_run_of_what_started_it(flow: Flow, cast: Cast, flaky: Flaky) -> None:
    flaky.fails_at = {"a"}
    step = condition("c", "${context.days} <= 3", then=[do("flaky", "b")])
    old = run_of(flow, cast, do("flaky", "a"), step)
    flaky.fails_at = set()
    assert retry_from_start(flow, cast.maya) == retry_from_start(flow, cast.maya) == 2  # a second click is the same
    run_all(flow)
    _, new = runs(flow)
    assert (new.retry_of, new.started_by, new.started_by_id) == (old.id, "Maya", cast.maya.user_id)
    assert (new.status, new.context, new.version_id) == (ExecutionStatus.COMPLETED, old.context, old.version_id)
    assert (new.correlation_id, new.causation_id, new.event_seq) == (
        old.correlation_id,
        old.causation_id,
        old.event_seq,
    )
    assert (new.trigger_id, new.subject_type, new.subject_id) == (old.trigger_id, old.subject_type, old.subject_id)
    assert runs(flow)[0].status == ExecutionStatus.FAILED


@pytest.mark.parametrize(("which", "word"), [("same", "old"), ("current", "new")])
def test_a_retry_from_the_start_takes_the_version_that_is_asked_for(
    flow: Flow, cast: Cast, flaky: Flaky, which: str, word: str
) -> None:
    flaky.fails_at = {"a"}
    run_of(flow, cast, do("flaky", "a", "old"))
    document = read_document(a_document(do("note", "a", "new"))).as_data()

    def anew(session: Any) -> None:
        session.add(Version(workflow_id=1, number=2, document=document, sha256="x", published_at=flow.clock.now()))
        workflow(session, 1).current_version = 2

    flow.database.write(anew)
    flaky.fails_at = set()
    retry_from_start(flow, cast.maya, which=which)
    run_all(flow)
    with flow.database.read() as session:
        assert noted(session) == [word]


@pytest.mark.parametrize("step_in", [retry, skip])
def test_a_run_that_was_undone_can_only_be_retried_from_the_start(
    flow: Flow, cast: Cast, flaky: Flaky, step_in: Callable[[Flow, Person], object]
) -> None:
    flaky.fails_at = {"b"}
    failed = run_of(flow, cast, approve(), do("flaky", "b"))
    with flow.database.read() as session:
        assert choices(flow.parts, session, failed.id).retry_step
    undo(flow, cast.maya, failed.id)
    with pytest.raises(Conflict, match="was undone, so the steps after it"):
        step_in(flow, cast.maya)
    with flow.database.read() as session:
        left = choices(flow.parts, session, failed.id)
    assert (left.retry_step, left.skip, left.retry_start) == (False, None, True)


def test_a_run_that_was_retried_from_the_start_does_not_go_on_as_well(flow: Flow, cast: Cast, flaky: Flaky) -> None:
    flaky.fails_at = {"a"}
    run_of(flow, cast, do("flaky", "a"))
    again = retry_from_start(flow, cast.maya)
    with pytest.raises(Conflict, match=f"as run {again}"):
        retry(flow, cast.maya)
    with flow.database.read() as session:
        assert not choices(flow.parts, session, 1).retry_step


@pytest.mark.parametrize(("mode", "most", "goes_on"), [
    ("single", {}, False), ("queued", {}, False), ("restart", {}, False),
    ("parallel", {"max": 1}, False), ("parallel", {"max": 2}, True), (None, {}, True),
])  # fmt: skip
def test_a_run_goes_on_only_where_it_may_be_under_way_beside_the_others(
    flow: Flow, cast: Cast, clock: FrozenClock, flaky: Flaky, mode: str | None, most: dict[str, int], goes_on: bool
) -> None:
    flaky.fails_at = {"a"}
    made = limited(flow, cast, mode, HOUR, do("flaky", "a"), **most)
    failed = begin(flow, cast, made)
    run_all(flow)
    clock.advance(hours=1)
    run_all(flow)
    other = begin(flow, cast, made)
    run_all(flow)
    if not goes_on:
        with pytest.raises(Conflict, match=f"Run {other} of"):
            retry(flow, cast.maya, failed)
        cancel(flow, cast.maya, other)
    retry(flow, cast.maya, failed)
