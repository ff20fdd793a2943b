"""Steps that start another workflow: both run on, and the step learns how the other one ended."""

from __future__ import annotations

from sqlalchemy import select

from flowapp.bootstrap import Flow
from flowapp.engine.execution import StepStatus
from flowapp.engine.waking import wake
from flowapp.kernel.clock import FrozenClock
from flowapp.workflows.workflow import Workflow
from tests.cast import Cast
from tests.engine.families import (
    COMPLETED,
    DELAY,
    WAITING,
    a_child,
    asked,
    failure,
    later,
    start,
    statuses,
    steps_of,
)
from tests.engine.made_actions import do
from tests.engine.test_burst import words
from tests.factories import run_all, runs


def test_the_other_workflow_runs_with_what_it_is_given_and_what_it_gave_is_the_output(flow: Flow, cast: Cast) -> None:
    child = a_child(flow, cast, do("note", "a", "${context.who} for ${context.days}"))
    given = {"who": "${context.staff.name}", "days": "${context.days}"}
    asked(flow, cast, start(child, **{"with": given}), do("note", "b", "after: ${steps.s.output.word}"))
    assert words(flow) == ["Dan for 1", "after: Dan for 1"]
    parent, made = runs(flow)
    assert (parent.status, made.status) == (COMPLETED, COMPLETED)
    assert (made.parent_id, made.parent_path, made.awaited) == (parent.id, "s", True)
    assert (made.trigger_type, made.home_id, made.started_by) == ("step", cast.rose, "Parent")
    assert made.context == given | {
        "who": "Dan", "days": 1, "care_home_id": cast.rose,
        "user": {"id": cast.maya.user_id, "name": "Parent", "role": "Manager"},
    }  # fmt: skip
    assert (made.correlation_id, made.causation_id, made.depth) == (
        parent.correlation_id, parent.causation_id, parent.depth,
    )  # fmt: skip
    step = steps_of(flow, parent.id)["s"]
    assert step.output == {"execution_id": made.id, "status": "completed", "output": made.result}
    assert made.result["word"] == "Dan for 1"
    assert step.input == {"who": "Dan", "days": 1}
    assert (parent.reason or "").startswith(f"Ran “Tell the family”, run {made.id}, then note after: ")


def test_it_may_be_named_by_its_uid_as_well(flow: Flow, cast: Cast) -> None:
    child = a_child(flow, cast, do("note", "a"))
    with flow.database.read() as session:
        uid = session.scalars(select(Workflow.uid).where(Workflow.id == child)).one()
    asked(flow, cast, start(uid), start(uid.lower(), "t"))
    assert words(flow) == ["noted", "noted"]
    assert statuses(flow) == ["completed"] * 3


def test_without_waiting_both_go_on_by_themselves(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    child = a_child(flow, cast, DELAY, do("note", "late", "late"))
    asked(flow, cast, start(child, wait=False), do("note", "b", "run ${steps.s.execution_id}"))
    parent, made = runs(flow)
    assert words(flow) == [f"run {made.id}"]
    assert (parent.status, made.status, made.awaited) == (COMPLETED, WAITING, False)
    assert steps_of(flow, parent.id)["s"].output == {"execution_id": made.id}
    assert (parent.reason or "").startswith(f"Started “Tell the family”, run {made.id}, then ")
    later(flow, clock, hours=2)
    assert words(flow) == [f"run {made.id}", "late"]
    assert statuses(flow) == ["completed", "completed"]


def test_it_waits_as_long_as_the_other_one_takes(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    child = a_child(flow, cast, DELAY, do("note", "a", "done"))
    asked(flow, cast, start(child), do("note", "b", "after"))
    assert statuses(flow) == ["waiting", "waiting"]
    step = steps_of(flow, 1)["s"]
    assert (step.status, step.run_at) == (StepStatus.WAITING, None)
    later(flow, clock, hours=2, seconds=-1)
    assert words(flow) == []
    later(flow, clock, seconds=1)
    assert words(flow) == ["done", "after"]
    assert statuses(flow) == ["completed", "completed"]
    step = steps_of(flow, 1)["s"]
    assert (step.epoch, step.attempt) == (1 + 1, 2)  # taken once to start it, woken once


def test_a_step_that_is_woken_for_nothing_waits_on(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    asked(flow, cast, start(a_child(flow, cast, DELAY)), do("note", "b", "after"))
    for _ in range(2):
        assert flow.database.write(lambda session: wake(session, 1, "s", clock.now()))
        run_all(flow)
        assert statuses(flow) == ["waiting", "waiting"]
    later(flow, clock, hours=2)
    assert not flow.database.write(lambda session: wake(session, 1, "s", clock.now()))
    run_all(flow)
    assert words(flow) == ["after"]
    assert statuses(flow) == ["completed", "completed"]


BAD = do("refuse", "x")
SAID = "“Tell the family” failed: There is no tea left. Buy some, then try again."


def test_a_run_that_fails_fails_the_step_that_waits_for_it(flow: Flow, cast: Cast) -> None:
    asked(flow, cast, start(a_child(flow, cast, BAD)), do("note", "b"))
    assert statuses(flow) == ["failed", "failed"]
    assert failure(flow) == ("workflow_failed", SAID)
    assert words(flow) == []


def test_the_run_may_go_on_with_the_error(flow: Flow, cast: Cast) -> None:
    child = a_child(flow, cast, BAD)
    asked(flow, cast, start(child, on_error="continue"), do("note", "b", "${steps.s.code}: ${steps.s.step}"))
    assert words(flow) == ["workflow_failed: s"]
    assert statuses(flow) == ["completed", "failed"]


def test_other_steps_may_be_gone_through_instead(flow: Flow, cast: Cast) -> None:
    child = a_child(flow, cast, BAD)
    instead = {"steps": [do("note", "n", "${error.message}")]}
    asked(flow, cast, start(child, on_error=instead), do("note", "b", "then ${steps.s.word}"))
    assert words(flow) == [SAID, f"then {SAID}"]


def test_it_is_tried_again_where_that_is_asked_for(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    retry = {"attempts": 3, "first": {"minutes": 1}, "max": {"hours": 1}, "jitter": False}
    asked(flow, cast, start(a_child(flow, cast, BAD), retry=retry), do("note", "b"))
    assert statuses(flow) == ["waiting", "failed"] or statuses(flow) == ["running", "failed"]
    later(flow, clock, seconds=59)
    assert len(runs(flow)) == 2
    later(flow, clock, seconds=1)
    assert len(runs(flow)) == 3
    later(flow, clock, minutes=2)
    assert statuses(flow) == ["failed"] * 4
    assert {each.parent_path for each in runs(flow)[1:]} == {"s"}
    assert failure(flow) == ("workflow_failed", SAID)


def test_of_several_tries_the_last_one_counts(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    busy = flow.actions["busy"]
    busy.failures = 1  # type: ignore[attr-defined]
    child = a_child(flow, cast, do("busy", "x", "day ${context.days}") | {"retry": {"attempts": 1}})
    again = {"attempts": 2, "first": {"minutes": 1}, "jitter": False}
    asked(flow, cast, start(child, retry=again, **{"with": {"days": 4}}))
    later(flow, clock, minutes=1)
    assert statuses(flow) == ["completed", "failed", "completed"]
    assert steps_of(flow, 1)["s"].output["execution_id"] == 3
    assert runs(flow)[0].result["output"]["word"] == "day 4"


def test_a_run_that_stops_on_purpose_gives_what_it_says(flow: Flow, cast: Cast) -> None:
    stop = {"id": "e", "type": "stop", "outcome": "completed", "message": "Nobody to tell."}
    asked(flow, cast, start(a_child(flow, cast, stop)), do("note", "b", "${steps.s.output.message}"))
    assert words(flow) == ["Nobody to tell."]
