"""Ways gone side by side, and how they come together again."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.patience import until
from tests.engine.test_burst import steps_of, went, words
from tests.engine.test_outside_steps import begun as begun_run
from tests.engine.test_outside_steps import ended, the_outside
from tests.engine.walking import act, begun, walked
from tests.factories import run_all, runs


def ways(id_: str, given: dict[str, list[dict[str, Any]]], *, ifs: dict[str, str] | None = None, **more: Any) -> Any:
    """Answer a step that goes these ways, some of them only if."""
    branches = [
        {"name": name, "steps": steps} | ({"if": ifs[name]} if ifs and name in ifs else {})
        for name, steps in given.items()
    ]
    return {"id": id_, "type": "branch", "branches": branches, **more}


def wait(id_: str, minutes: int) -> dict[str, Any]:
    """Answer a step that waits."""
    return {"id": id_, "type": "delay", "for": {"minutes": minutes}}


TWO = {"left": [act("a"), act("b")], "right": [act("c")]}


def test_all_ways_are_gone_side_by_side_and_come_together() -> None:
    run = begun(ways("p", TWO), act("z"))
    assert run.acting == ["p.left.a", "p.right.c"]
    run.go()
    assert run.log == ["p.left.a", "p.right.c", "p.left.b", "p completed", "z"]
    assert run.outputs["p"] == {"left": {"from": "p.left.b"}, "right": {"from": "p.right.c"}}


def test_the_first_that_ends_takes_the_others_back() -> None:
    run = begun(ways("p", TWO, merge="first"), act("z"))
    run.step("p.right.c")
    run.go()
    assert run.log == ["p.right.c", "p.left.a cancelled", "p completed", "z"]
    assert run.outputs["p"] == {"left": None, "right": {"from": "p.right.c"}}


def test_others_may_finish_by_themselves_and_the_run_ends_after_them() -> None:
    run = begun(ways("p", TWO, merge=1, others="finish"), act("z"))
    for path in ("p.right.c", "z", "p.left.a"):
        assert run.end is None
        run.step(path)
    assert run.end is None
    run.step("p.left.b")
    assert run.end is not None
    assert run.log == ["p.right.c", "p completed", "z", "p.left.a", "p.left.b"]


def test_only_the_ways_whose_question_is_answered_yes_are_gone() -> None:
    run = walked(ways("p", TWO, ifs={"left": "1 > 2"}), act("z"))
    assert run.log == ["p.right.c", "p completed", "z"]
    assert run.outputs["p"] == {"left": None, "right": {"from": "p.right.c"}}
    none = walked(ways("p", TWO, ifs={"left": "1 > 2", "right": "1 > 2"}), act("z"))
    assert none.log == ["p completed", "z"]


def test_more_are_never_waited_for_than_are_gone() -> None:
    assert walked(ways("p", TWO, ifs={"left": "1 > 2"}, merge=2), act("z")).log == ["p.right.c", "p completed", "z"]


def test_a_question_that_cannot_be_answered_fails_it() -> None:
    assert walked(ways("p", TWO, ifs={"right": "1 / 0 > 1"})).log == ["p failed"]


def test_ways_may_be_gone_one_after_the_other() -> None:
    run = begun(ways("p", TWO, one_at_a_time=True), act("z"))
    assert run.acting == ["p.left.a"]
    assert run.go().log == ["p.left.a", "p.left.b", "p.right.c", "p completed", "z"]
    first = walked(ways("p", TWO, one_at_a_time=True, merge="first"), act("z"))
    assert first.log == ["p.left.a", "p.left.b", "p completed", "z"]


def test_an_empty_way_ends_at_once() -> None:
    run = walked(ways("p", {"left": [], "right": [act("c")]}), act("z"))
    assert run.log == ["p.right.c", "p completed", "z"]


def test_a_failing_way_takes_the_others_back_and_fails_the_run() -> None:
    run = walked(ways("p", TWO), act("z"), fails=lambda path: path == "p.right.c")
    assert run.log == ["p.left.a", "p.right.c", "p.right.c failed", "p.left.b cancelled", "p failed"]
    assert run.end is not None
    assert (run.end.status, run.end.path) == (ExecutionStatus.FAILED, "p.right.c")


def test_the_branch_may_go_on_in_its_own_way() -> None:
    run = walked(ways("p", TWO, on_error="continue"), act("z"), fails=lambda path: path == "p.right.c")
    assert run.log == ["p.left.a", "p.right.c", "p.right.c failed", "p.left.b cancelled", "p completed", "z"]


def test_a_way_left_behind_that_fails_fails_the_run() -> None:
    step = ways("p", TWO, merge=1, others="finish", on_error="continue")
    run = begun(step, act("z"), fails=lambda path: path == "p.left.a")
    run.step("p.right.c")
    run.step("p.left.a")
    assert run.log == ["p.right.c", "p completed", "p.left.a", "p.left.a failed", "z cancelled"]


def test_a_stop_in_one_way_ends_everything() -> None:
    run = walked(ways("p", {"left": [act("a"), act("b")], "right": [{"id": "s", "type": "stop"}]}), act("z"))
    assert run.log == ["p.right.s completed", "p cancelled", "p.left.a cancelled"]


@pytest.mark.parametrize("last", ["left", "right"])
def test_ways_that_wait_come_together_when_the_last_has_ended(
    flow: Flow, cast: Cast, clock: FrozenClock, last: str
) -> None:
    left, right = (2, 1) if last == "left" else (1, 2)
    step = ways("p", {"left": [wait("v", left), do("note", "a", "left")],
                      "right": [wait("w", right), do("note", "b", "right")]})  # fmt: skip
    found = went(flow, cast, step, do("note", "z", "${steps.p.left.word} and ${steps.p.right.word}"))
    assert found.status == ExecutionStatus.WAITING
    for _ in range(2):
        clock.advance(minutes=1)
        run_all(flow)
    assert words(flow)[1:] == [last, "left and right"]
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED


def test_two_ways_due_in_one_pass_see_what_the_other_did(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    step = ways("p", {"left": [wait("v", 1), do("note", "a", "left")],
                      "right": [wait("w", 1), do("note", "b", "right")]}, merge="first")  # fmt: skip
    went(flow, cast, step, do("note", "z", "after"))
    clock.advance(minutes=1)
    run_all(flow)
    assert words(flow) == ["left", "after"]
    assert {row.path: row.status for row in steps_of(flow)} == {
        "p": StepStatus.COMPLETED, "p.left.v": StepStatus.COMPLETED, "p.left.a": StepStatus.COMPLETED,
        "p.right.w": StepStatus.CANCELLED, "z": StepStatus.COMPLETED,
    }  # fmt: skip
    [found] = runs(flow)
    assert found.status == ExecutionStatus.COMPLETED


def test_outside_effects_in_several_ways_come_together_once(flow: Flow, cast: Cast) -> None:
    step = ways("p", {"left": [do("outside", "a", "l")], "right": [do("outside", "b", "r")]})
    begun_run(flow, cast, step, do("note", "z", "${steps.p.left.word} ${steps.p.right.word}"))
    assert until(lambda: ended(flow))
    assert words(flow) == ["l r"]
    assert sorted(the_outside(flow).keys) == ["1:p.left.a", "1:p.right.b"]


def test_a_lost_lease_in_one_way_gives_that_step_back_only(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    def act_outside(_: Any) -> None:
        if len(the_outside(flow).keys) == 1:
            until(lambda: any(row.crash_count for row in steps_of(flow)))

    the_outside(flow).does = act_outside
    begun_run(flow, cast, ways("p", {"left": [do("outside", "a")], "right": [wait("w", 60)]}), do("note", "z"))
    clock.advance(seconds=flow.parts.lease_seconds + 1)
    assert flow.worker.release_expired() == 1
    assert {row.path: row.status for row in steps_of(flow)} == {
        "p": StepStatus.RUNNING, "p.left.a": StepStatus.PENDING, "p.right.w": StepStatus.WAITING,
    }  # fmt: skip
    assert flow.worker.run_due() == 1
    assert until(lambda: {row.path: row.status for row in steps_of(flow)}["p.left.a"] == StepStatus.COMPLETED)
    assert runs(flow)[0].status == ExecutionStatus.WAITING
    clock.advance(minutes=60)
    run_all(flow)
    assert words(flow) == ["noted"]
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
