"""`on_error: "rollback"`: what the run did is undone in the transaction in which it fails."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.user_changes import deactivate
from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus
from flowapp.kernel import faults
from flowapp.kernel.clock import FrozenClock
from flowapp.rota.leave import LeaveRequest, LeaveStatus
from flowapp.workflows.kinds import Run, StepFailed
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.patience import until
from tests.engine.test_outside_steps import the_outside
from tests.engine.undos import states, undos, went, words
from tests.engine.walking import Walking, act, walked
from tests.factories import a_document, a_workflow, approve, cause_of, condition, leave_asked, run_all, runs

BACK = {"on_error": "rollback"}
CHAIN = (do("chalk", "a", "tea"), do("chalk", "b", "cake"), do("chalk", "c", "jam"))


def failing(*paths: str, steps: list[dict[str, Any]]) -> Walking:
    """Go through these steps, of which those at these paths fail."""
    return walked(*steps, fails=lambda path: path in paths)


def loop(**given: Any) -> dict[str, Any]:
    """Answer a loop over two items."""
    return {"id": "l", "type": "loop", "items": "${[1, 2]}", "as": "n", **given}


def branch(**given: Any) -> dict[str, Any]:
    """Answer two ways side by side."""
    ways = [{"name": "left", "steps": [act("x", **BACK)]}, {"name": "right", "steps": [act("y")]}]
    return {"id": "b", "type": "branch", "branches": ways, **given}


TABLE = {
    "a step that says so": ("a", [act("a", **BACK)], True),
    "a step that says stop": ("a", [act("a")], False),
    "in a loop that would go on": ("l[0].a", [loop(steps=[act("a", **BACK)], on_item_error="continue")], True),
    "in a loop whose own failure would not matter": (
        "l[0].a",
        [loop(steps=[act("a", **BACK)], on_error="continue")],
        True,
    ),
    "on a loop": ("l[0].a", [loop(steps=[act("a")], **BACK)], True),
    "on a loop that goes on with the next item": (
        "l[0].a",
        [loop(steps=[act("a")], on_item_error="continue", **BACK)],
        None,
    ),
    "on a loop, caught inside": ("l[0].a", [loop(steps=[act("a", on_error="continue")], **BACK)], None),
    "in a branch": ("b.left.x", [branch()], True),
    "in a branch that needs only one": ("b.left.x", [branch(merge="first", on_error="continue")], True),
    "in a condition": ("c.then.a", [condition("c", "true", then=[act("a", **BACK)])], True),
    "on a condition": ("c.then.a", [condition("c", "true", then=[act("a")]) | BACK], True),
    "on a condition, caught inside": (
        "c.then.a",
        [condition("c", "true", then=[act("a", on_error="continue")]) | BACK],
        None,
    ),
    "on a condition in a loop that would go on": (
        "l[1].c.then.a",
        [loop(steps=[condition("c", "true", then=[act("a")]) | BACK], on_item_error="continue")],
        True,
    ),
    "in steps that are gone through instead": (
        "a",
        [act("a", on_error={"steps": [{"id": "s", "type": "set", "values": {"n": "${1 / 0}"}, **BACK}]})],
        True,
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_whether_everything_is_undone(case: str) -> None:
    path, steps, expected = TABLE[case]
    end = failing(path, steps=[act("first"), *steps]).end
    assert end is not None
    if expected is None:
        assert (end.status, end.rollback) == (ExecutionStatus.COMPLETED, False)
        return
    assert (end.status, end.rollback) == (ExecutionStatus.FAILED, expected)
    assert end.error is not None


def test_the_run_fails_with_its_own_error_and_says_what_was_undone(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, *CHAIN, do("refuse", "d") | BACK, do("note", "e", "never"))
    assert found.status == ExecutionStatus.FAILED
    assert found.error == {"code": "no_tea", "message": "There is no tea left. Buy some, then try again.", "path": "d"}
    assert found.reason == (
        "There is no tea left. Buy some, then try again. "
        "The run was undone: “jam” is wiped off. “cake” is wiped off. “tea” is wiped off."
    )
    assert words(flow) == ["tea", "cake", "jam", "no jam", "no cake", "no tea"]
    assert {each.undone_by for each in undos(flow)} == {"the workflow “A workflow”"}
    with flow.database.read() as session:
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.action == "execution.undo"))
    assert (entry.actor, entry.after) == (f"execution:{found.id}/step:d", dict.fromkeys("abc", "undone"))


def test_what_cannot_be_undone_is_said_and_the_rest_is_undone(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, CHAIN[0], do("ink", "b", "cake"), CHAIN[2], do("refuse", "d") | BACK)
    assert found.error is not None
    assert found.error["code"] == "no_tea"
    assert states(flow) == [("a", "undone"), ("b", "refused"), ("c", "undone")]
    assert (found.reason or "").endswith(
        "“jam” is wiped off. “tea” is wiped off. This could not be undone: Somebody has painted over “cake” since."
    )


def test_an_outside_step_that_fails_takes_back_what_was_done_before_it(flow: Flow, cast: Cast) -> None:
    def act_outside(_: Run) -> None:
        raise StepFailed("shut", "The shop is shut.")

    the_outside(flow).does = act_outside
    found = went(flow, cast, *CHAIN, do("outside", "d") | BACK)
    assert until(lambda: runs(flow)[0].status == ExecutionStatus.FAILED)
    assert states(flow) == [(path, "undone") for path in "abc"]
    assert (runs(flow)[0].reason or "").startswith("The shop is shut. The run was undone: ")
    assert found.id == runs(flow)[0].id


def test_a_run_that_had_done_nothing_fails_as_it_would_with_stop(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, do("note", "a"), do("refuse", "d") | BACK)
    assert (found.status, found.reason) == (ExecutionStatus.FAILED, "There is no tea left. Buy some, then try again.")


def test_without_an_owner_nothing_is_undone_and_the_run_says_why(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    pause = {"id": "p", "type": "delay", "for": {"hours": 1}}
    went(flow, cast, CHAIN[0], pause, do("refuse", "d") | BACK)
    cause = cause_of(cast.ada, clock.now())
    flow.database.write(lambda session: deactivate(session, cause, cast.maya.user_id))
    clock.advance(hours=1)
    run_all(flow)
    found = runs(flow)[0]
    assert found.error is not None
    assert (found.status, found.error["code"]) == (ExecutionStatus.FAILED, "no_owner")
    assert states(flow) == [("a", "refused")]
    assert "This could not be undone: The workflow's owner has no account any more." in (found.reason or "")


def test_a_run_that_stops_without_asking_for_it_keeps_what_it_did(flow: Flow, cast: Cast) -> None:
    assert went(flow, cast, CHAIN[0], do("refuse", "d")).status == ExecutionStatus.FAILED
    assert states(flow) == [("a", "registered")]


def test_leave_that_was_approved_waits_again(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, approve(), do("explode", "b") | BACK)
    assert found.status == ExecutionStatus.FAILED
    with flow.database.read() as session:
        assert session.scalars(select(LeaveRequest)).one().status == LeaveStatus.REQUESTED
    assert "Dan’s leave on 7 December 2026 waits for a decision again." in (found.reason or "")


@pytest.mark.parametrize("point", ["complete.mid_tx", "complete.before_commit", "complete.after_commit"])
def test_a_failure_of_the_transaction_neither_loses_nor_doubles_it(flow: Flow, cast: Cast, point: str) -> None:
    a_workflow(flow, cast.maya, a_document(*CHAIN, do("refuse", "d") | BACK), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    faults.arm(f"{point}:1:raise")
    try:
        flow.worker.run_due()
    except faults.FaultRaised:
        assert point == "complete.after_commit"
    finally:
        faults.arm(None)
    flow.worker.run_due()
    assert words(flow) == ["tea", "cake", "jam", "no jam", "no cake", "no tea"]
    assert states(flow) == [(path, "undone") for path in "abc"]
    assert runs(flow)[0].status == ExecutionStatus.FAILED
