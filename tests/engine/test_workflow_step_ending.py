"""Runs that are not needed any more end with the step that waits for them, and the other way round."""

from __future__ import annotations

from sqlalchemy import select

from flowapp.bootstrap import Flow
from flowapp.engine.execution import StepExecution, StepStatus
from flowapp.events.signals import committed
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.engine.families import (
    CANCELLED,
    COMPLETED,
    DELAY,
    HOUR,
    WAITING,
    a_child,
    asked,
    cancel,
    failure,
    later,
    start,
    statuses,
    steps_of,
    ways,
)
from tests.engine.made_actions import do
from tests.engine.patience import until
from tests.engine.test_burst import words
from tests.factories import a_document, a_workflow, leave_asked, run_all, runs


def test_a_run_that_was_cancelled_fails_the_step_with_the_reason(flow: Flow, cast: Cast) -> None:
    asked(flow, cast, start(a_child(flow, cast, DELAY)))
    cancel(flow, 2)
    assert statuses(flow) == ["failed", "cancelled"]
    assert failure(flow) == ("workflow_cancelled", "“Tell the family” was cancelled: Maya does not want it.")


def test_who_cancels_a_run_cancels_what_it_waits_for_however_deep(flow: Flow, cast: Cast) -> None:
    inner = a_child(flow, cast, DELAY, name="Inner")
    alone = a_child(flow, cast, DELAY, name="Alone")
    middle = a_child(flow, cast, start(alone, "w", wait=False), start(inner), name="Middle")
    asked(flow, cast, start(middle))
    assert statuses(flow) == ["waiting"] * 4
    cancel(flow, 1)
    found = {each.workflow_id: each for each in runs(flow)}
    assert (found[middle].status, found[inner].status) == (CANCELLED, CANCELLED)
    assert found[alone].status == WAITING
    assert found[middle].reason == "“Parent” (run 1), which waited for this run, was cancelled."
    assert found[inner].reason == "“Middle” (run 2), which waited for this run, was cancelled."
    with flow.database.read() as session:
        live = session.scalars(select(StepExecution).where(StepExecution.finished_at.is_(None))).all()
    assert [each.execution_id for each in live] == [found[alone].id]


def test_the_run_of_a_branch_that_lost_is_cancelled(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    child = a_child(flow, cast, DELAY)
    asked(flow, cast, ways(start(child), HOUR, merge="first"), do("note", "b", "after"), DELAY)
    later(flow, clock, hours=1)
    assert words(flow) == ["after"]
    parent, made = runs(flow)
    assert (parent.status, made.status) == (WAITING, CANCELLED)
    assert made.reason == "“Parent” (run 1), which waited for this run, does not need it any more."
    assert steps_of(flow, 1)["p.w0.s"].status == StepStatus.CANCELLED


def test_it_is_so_also_where_the_branch_loses_as_soon_as_it_has_begun(flow: Flow, cast: Cast) -> None:
    child = a_child(flow, cast, do("note", "a", "never"))
    asked(flow, cast, ways(start(child), do("note", "n", "first"), merge="first"), do("note", "b", "after"))
    assert words(flow) == ["first", "after"]
    assert statuses(flow) == ["completed", "cancelled"]


def test_others_that_finish_by_themselves_keep_their_run(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    child = a_child(flow, cast, DELAY, do("note", "a", "child"))
    asked(flow, cast, ways(start(child), do("note", "n", "first"), merge="first", others="finish"))
    later(flow, clock, hours=2)
    assert words(flow) == ["first", "child"]
    assert statuses(flow) == ["completed", "completed"]


def test_a_run_that_ends_or_fails_elsewhere_cancels_what_it_waits_for(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    child = a_child(flow, cast, DELAY)
    branch = {"id": "p", "type": "branch", "branches": [
        {"name": "x", "steps": [start(child)]}, {"name": "y", "steps": [HOUR, do("refuse", "f")]}]}  # fmt: skip
    asked(flow, cast, branch)
    later(flow, clock, hours=1)
    assert statuses(flow) == ["failed", "cancelled"]
    assert runs(flow)[1].reason == "“Parent” (run 1), which waited for this run, has failed."


def test_a_step_that_takes_too_long_cancels_its_run_and_the_other_may_go_on(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    instead = {"steps": [HOUR, do("note", "n", "${error.code}")]}
    asked(flow, cast, start(a_child(flow, cast, DELAY), timeout={"hours": 1}, on_error=instead))
    later(flow, clock, hours=1)
    assert statuses(flow) == ["waiting", "cancelled"]
    assert runs(flow)[1].finished_at == clock.now()
    later(flow, clock, hours=1)
    assert words(flow) == ["timed_out"]
    assert statuses(flow) == ["completed", "cancelled"]


def test_a_whole_run_that_takes_too_long_cancels_what_it_waits_for(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    asked(flow, cast, start(a_child(flow, cast, DELAY)), settings={"timeout": {"hours": 1}})
    later(flow, clock, hours=1)
    assert statuses(flow) == ["failed", "cancelled"]


def test_two_run_side_by_side_in_branches(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    one = a_child(flow, cast, DELAY, do("note", "a", "slow"), name="One")
    two = a_child(flow, cast, HOUR, do("note", "a", "quick"), name="Two")
    asked(flow, cast, ways(start(one, "s"), start(two, "t")), do("note", "b", "${steps.p.w0.output.word}"))
    assert statuses(flow) == ["waiting"] * 3
    later(flow, clock, hours=1)
    assert statuses(flow) == ["waiting", "waiting", "completed"]
    later(flow, clock, hours=1)
    assert words(flow) == ["quick", "slow", "slow"]


def test_a_loop_starts_one_for_each_item_several_at_once(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    child = a_child(flow, cast, HOUR, do("note", "a", "no ${context.n}"))
    turn = start(child, **{"with": {"n": "${item}"}})
    loop = {"id": "each", "type": "loop", "items": "[7, 8, 9]", "as": "item", "steps": [turn], "at_once": 2}
    asked(flow, cast, loop, do("note", "b", "${length(steps.each)}, last ${steps.each[2].output.word}"))
    assert [each.parent_path for each in runs(flow)] == [None, "each[0].s", "each[1].s"]
    later(flow, clock, hours=1)
    assert words(flow) == ["no 7", "no 8"]
    later(flow, clock, hours=1)
    assert words(flow) == ["no 7", "no 8", "no 9", "3, last no 9"]


def test_only_the_run_of_the_step_that_lost_is_cancelled(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    one, two = a_child(flow, cast, DELAY, name="One"), a_child(flow, cast, DELAY, name="Two")
    race = ways(start(one), HOUR, merge="first")
    both = {"id": "both", "type": "branch",
            "branches": [{"name": "x", "steps": [race]}, {"name": "y", "steps": [start(two, "t")]}]}  # fmt: skip
    asked(flow, cast, both)
    later(flow, clock, hours=1)
    found = {each.workflow_id: each.status for each in runs(flow)}
    assert (found[one], found[two]) == (CANCELLED, WAITING)
    later(flow, clock, hours=1)
    assert runs(flow)[0].status == COMPLETED


def test_a_step_that_is_passed_over_in_its_run_leaves_those_without_waiting_alone(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    child = a_child(flow, cast, DELAY)
    asked(flow, cast, start(child, wait=False), start(99, "t"))
    assert statuses(flow) == ["failed", "waiting"]
    later(flow, clock, hours=2)
    assert statuses(flow) == ["failed", "completed"]


def test_a_run_that_the_engine_itself_gives_up_is_told_too(flow: Flow, cast: Cast) -> None:
    child = a_child(flow, cast, do("poison", "x"))
    asked(flow, cast, start(child, on_error="continue"), do("note", "b", "went on"))
    assert statuses(flow) == ["completed", "failed"]
    assert words(flow) == ["went on"]


def test_a_run_that_acts_outside_rings_for_the_step_that_waits(flow: Flow, cast: Cast) -> None:
    rung: list[str] = []

    def ring(_: object) -> None:
        rung.append(runs(flow)[-1].status.value)

    child = a_child(flow, cast, do("outside", "x", "heard"))
    a_workflow(flow, cast.maya, a_document(start(child), do("note", "b", "${steps.s.output.word}")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    committed.connect(ring)
    flow.worker.run_due()
    assert rung == ["pending"]  # for the run that was started
    flow.worker.run_due()
    assert until(lambda: rung == ["pending", "completed"])  # for the step that waited, from another thread
    run_all(flow)
    assert words(flow) == ["heard"]


def test_a_step_whose_run_is_replaced_in_the_transaction_in_which_it_began_hears_of_it(flow: Flow, cast: Cast) -> None:
    child = a_child(flow, cast, DELAY, settings={"mode": "restart"})
    asked(flow, cast, ways(start(child, on_error="continue"), start(child, "t", on_error="continue")))
    assert [each.status for each in runs(flow)] == [WAITING, CANCELLED, WAITING]
    assert steps_of(flow, 1)["p.w0.s"].status == StepStatus.COMPLETED
    assert steps_of(flow, 1)["p.w1.t"].status == StepStatus.WAITING
