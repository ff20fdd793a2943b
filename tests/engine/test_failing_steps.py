"""What happens when a step fails: another try, its own way of going on, or the run stops there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.changes import Failed
from flowapp.engine.control.failing import next_try
from flowapp.engine.control.walk import Walk
from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.engine.memory import Memory
from flowapp.kernel.clock import FrozenClock
from flowapp.workflows.kinds import Run, StepFailed
from tests.cast import Cast
from tests.engine.made_actions import Busy, do
from tests.engine.patience import until
from tests.engine.test_burst import attempts_of, steps_of, went, words
from tests.engine.test_outside_steps import begun, ended, the_outside
from tests.engine.walking import HERE, NO_ERROR, Walking, act, plan_of, walked
from tests.factories import condition, run_all, runs


def name(id_: str, **values: Any) -> dict[str, Any]:
    """Answer a step that names values."""
    return {"id": id_, "type": "set", "values": values}


def fails(*paths: str, steps: list[dict[str, Any]]) -> Walking:
    """Go through these steps, of which those at these paths fail."""
    return walked(*steps, fails=lambda path: path in paths)


SAYS = "${error.code} ${error.message} ${error.step}"
TABLE = {
    "go on with the error": (
        ("a",), [act("a", on_error="continue"), name("s", e="${steps.a.code} ${steps.a.step}")],
        ["a", "a completed", "s completed"], {"s": {"e": "x a"}, "a": {"code": "x", "message": "No.", "step": "a"}},
    ),
    "other steps instead": (
        ("a",), [act("a", on_error={"steps": [name("s", e=SAYS)]}), name("t", e="${steps.a.e}")],
        ["a", "a.on_error.s completed", "a completed", "t completed"], {"t": {"e": "x No. a"}},
    ),
    "a value that cannot be worked out": (
        (), [name("s", n="${1 / 0}") | {"on_error": "continue"}, name("t", e="${steps.s.code}")],
        ["s completed", "t completed"], {"t": {"e": "divide_by_zero"}},
    ),
    "a question that cannot be answered goes neither way": (
        (), [condition("c", "1 / 0 > 1", then=[act("x")]) | {"on_error": "continue"}, act("z")],
        ["c completed", "z"], {},
    ),
    "no failure, no other steps": (
        (), [act("a", on_error={"steps": [act("x")]}), act("z")], ["a", "z"], {},
    ),
    "instead of a step that is instead of another": (
        ("a", "a.on_error.b"),
        [act("a", on_error={"steps": [act("b", on_error={"steps": [name("s", e=SAYS)]})]}), act("z")],
        ["a", "a.on_error.b", "a.on_error.b.on_error.s completed", "a.on_error.b completed", "a completed", "z"],
        {"a.on_error.b.on_error.s": {"e": "x No. b"}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_a_step_that_fails_may_go_on_in_its_own_way(case: str) -> None:
    failing, steps, log, outputs = TABLE[case]
    run = fails(*failing, steps=steps)
    assert run.log == log
    assert run.end is not None
    assert run.end.status is ExecutionStatus.COMPLETED
    assert {path: run.outputs[path] for path in outputs} == outputs


def test_what_fails_while_another_failure_is_dealt_with_is_not_caught_again() -> None:
    run = fails("a", "a.on_error.b", steps=[act("a", on_error={"steps": [act("b"), act("c")]}), act("z")])
    assert run.log == ["a", "a.on_error.b", "a.on_error.b failed", "a failed"]
    assert run.end is not None
    assert (run.end.status, run.end.path) == (ExecutionStatus.FAILED, "a.on_error.b")


PAUSES = [
    # what the step says, the try that failed, the pause in seconds (None: not again)
    ({}, 1, 1), ({}, 2, 2), ({}, 3, 4), ({}, 4, None),
    ({"attempts": 10, "max": {"seconds": 100}}, 9, 100),
    ({"attempts": 1}, 1, None),
    ({"first": {"minutes": 1}, "factor": 3, "max": {"hours": 1}}, 3, 540),
]  # fmt: skip


@pytest.mark.parametrize(("retry", "attempt", "pause"), PAUSES)
def test_the_pauses_grow_up_to_the_longest(retry: dict[str, Any], attempt: int, pause: float | None) -> None:
    assert pause_after(retry | {"jitter": False}, Failed("a", NO_ERROR, attempt=attempt, retryable=True)) == pause
    jittered = pause_after(retry, Failed("a", NO_ERROR, attempt=attempt, key="1:a", retryable=True))
    assert jittered is None if pause is None else pause / 2 <= (jittered or 0) <= pause


def pause_after(retry: dict[str, Any], news: Failed) -> float | None:
    """Answer how many seconds pass until the next try."""
    plan = plan_of(act("a", retry=retry))
    again = next_try(Walk(plan, HERE, Walking(plan, Memory({})).hear(Failed("a", NO_ERROR)), 0), news)
    return (again - HERE.now).total_seconds() if again else None


def test_the_other_side_is_given_the_time_it_asks_for_but_not_for_ever() -> None:
    news = Failed("a", NO_ERROR, retryable=True, retry_after_seconds=300)
    assert pause_after({"jitter": False}, news) == 300
    assert pause_after({}, Failed("a", NO_ERROR, retryable=True, retry_after_seconds=1e9)) == 24 * 3600


def test_an_error_that_does_not_say_that_it_may_pass_is_not_tried_again() -> None:
    assert pause_after({"attempts": 4}, Failed("a", NO_ERROR)) is None


def busy(flow: Flow, failures: int) -> None:
    """Let the line be busy for the next so many tries."""
    found = flow.actions["busy"]
    assert isinstance(found, Busy)
    found.failures = failures


def test_a_try_that_may_pass_is_repeated_in_its_own_row(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    busy(flow, 2)
    found = went(flow, cast, do("busy", "a", "at last"), do("note", "b"))
    assert found.status == ExecutionStatus.RUNNING
    [row] = steps_of(flow)
    assert (row.status, row.attempt, row.error["code"]) == (StepStatus.PENDING, 1, "busy")
    assert clock.now() < row.run_at <= clock.now() + timedelta(seconds=1)
    for _ in range(2):
        clock.advance(seconds=2)
        run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    assert words(flow) == ["at last", "noted"]
    row = steps_of(flow)[0]
    assert (row.status, row.attempt, row.error) == (StepStatus.COMPLETED, 3, None)
    assert [(each.path, each.result) for each in attempts_of(flow)] == [
        ("a", "failed"), ("a", "failed"), ("a", "completed"), ("b", "completed"),
    ]  # fmt: skip


def test_after_the_last_try_the_step_fails(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    busy(flow, 9)
    went(flow, cast, do("busy", "a") | {"retry": {"attempts": 2}, "on_error": {"steps": [do("note", "b", SAYS)]}})
    clock.advance(seconds=2)
    run_all(flow)
    assert words(flow) == ["busy The line is busy. a"]
    [row, _] = steps_of(flow)
    assert (row.status, row.attempt, row.error["code"]) == (StepStatus.COMPLETED, 2, "busy")


def test_an_outside_effect_is_tried_again_under_the_same_key(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    outside = the_outside(flow)

    def act_outside(_: Run) -> None:
        if len(outside.keys) == 1:
            raise StepFailed("no_answer", "Nobody answered.", permanent=False)

    outside.does = act_outside
    begun(flow, cast, do("outside", "a"), do("note", "b"))
    assert until(lambda: steps_of(flow)[0].status == StepStatus.PENDING)
    assert flow.worker.run_due() == 0  # not before its time
    clock.advance(seconds=1)
    assert flow.worker.run_due() == 1
    assert until(lambda: ended(flow))
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    assert len(outside.keys) == 2
    assert len(set(outside.keys)) == 1


def test_an_action_that_fails_inside_may_be_made_good(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, do("refuse", "a", "tea?") | {"on_error": {"steps": [do("note", "b", SAYS)]}},
                 do("note", "c", "${steps.a.word}"))  # fmt: skip
    assert found.status == ExecutionStatus.COMPLETED
    told = "no_tea There is no tea left. Buy some, then try again. a"
    assert words(flow) == [told, told]
    assert [(each.path, each.status) for each in steps_of(flow)] == [
        ("a", StepStatus.COMPLETED), ("a.on_error.b", StepStatus.COMPLETED), ("c", StepStatus.COMPLETED),
    ]  # fmt: skip
