"""Control-flow patterns (BPM-06-22): taking back what is under way, ending on purpose, and asking again in time."""

from __future__ import annotations

import pytest

from flowapp.engine.changes import TimedOut
from flowapp.engine.execution import ExecutionStatus
from tests.engine.test_branch import TWO, ways
from tests.engine.test_loop_step import name
from tests.engine.walking import act, begun, walked
from tests.factories import condition


@pytest.mark.parametrize(("closed_first", "gone"), [(True, "no.turn_away"), (False, "yes.let_in")])
def test_18_milestone(closed_first: bool, gone: str) -> None:
    """Asked when its turn comes, not when the run begins: the other way may have passed the milestone meanwhile."""
    asked = condition(
        "open", '${default(steps.door.open, "yes")} == "yes"', then=[act("let_in")], else_=[act("turn_away")]
    )
    run = begun(ways("p", {"day": [act("evening"), name("door", open="no")], "visit": [act("arrive"), asked]}))
    order = ["p.day.evening", "p.visit.arrive"]
    for path in order if closed_first else reversed(order):
        run.step(path)
    lane, step = gone.split(".")
    taken = "then" if lane == "yes" else "else"
    assert f"p.visit.open.{taken}.{step}" in run.acting


def test_19_cancel_task() -> None:
    run = begun(act("ask", timeout={"hours": 1}, on_error="continue"), act("z"))
    run.hear(TimedOut("ask"))
    assert run.acting == ["z"]  # the step is taken back, the run goes on


def test_25_cancel_region() -> None:
    region = ways("p", TWO, timeout={"hours": 1}, on_error={"steps": [act("instead")]})
    run = begun(act("before"), region, act("z"))
    run.step("before")
    run.step("p.left.a")
    run.hear(TimedOut("p"))
    assert run.acting == ["p.on_error.instead"]
    run.go()
    assert [line for line in run.log if line.endswith(" cancelled")] == ["p.left.b cancelled", "p.right.c cancelled"]
    assert run.log[-1] == "z"


@pytest.mark.parametrize("outcome", ["completed", "failed", "cancelled"])
def test_43_explicit_termination(outcome: str) -> None:
    stop = {"id": "s", "type": "stop", "outcome": outcome, "message": "Enough."}
    run = walked(ways("p", {"left": [act("a"), act("b")], "right": [stop]}), act("z"))
    assert run.end is not None
    assert run.end.status is ExecutionStatus(outcome)
    assert "p.left.a cancelled" in run.log
    assert "z" not in run.log
