"""Steps done for each item of a list."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.kernel.clock import FrozenClock
from flowapp.workflows.kinds import Run, StepFailed
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.patience import until
from tests.engine.test_burst import steps_of, went, words
from tests.engine.test_outside_steps import begun as begun_run
from tests.engine.test_outside_steps import ended, the_outside
from tests.engine.walking import act, begun, walked
from tests.factories import condition, run_all, runs


def each(id_: str, items: str, *steps: dict[str, Any], **given: Any) -> dict[str, Any]:
    """Answer a step that does these for each item, which they call `x`."""
    return {"id": id_, "type": "loop", "items": items, "as": "x", "steps": list(steps), **given}


def name(id_: str, **values: Any) -> dict[str, Any]:
    """Answer a step that names values."""
    return {"id": id_, "type": "set", "values": values}


def test_each_item_has_its_turn_and_its_names() -> None:
    run = walked(each("e", '["a", "b"]', name("v", t="${x} ${loop.number}/${loop.count} at ${loop.index}")), act("z"))
    assert run.log == ["e[0].v completed", "e[1].v completed", "e completed", "z"]
    assert run.outputs["e"] == [{"t": "a 1/2 at 0"}, {"t": "b 2/2 at 1"}]


def test_no_items_are_gone_through_at_once() -> None:
    run = walked(each("e", "[]", act("a")), act("z"))
    assert run.log == ["e completed", "z"]
    assert run.outputs["e"] == []


@pytest.mark.parametrize("items", ["3", '"ab"', "null", "${context.nothing}"])
def test_what_is_no_list_fails_it(items: str) -> None:
    assert walked(each("e", items, act("a")), act("z")).log == ["e failed"]


def test_as_many_as_allowed_are_under_way_at_once() -> None:
    run = begun(each("e", "[1, 2, 3, 4]", act("a"), act("b"), at_once=2), act("z"))
    assert run.acting == ["e[0].a", "e[1].a"]
    run.step("e[1].a")
    assert run.acting == ["e[0].a", "e[1].b"]
    run.step("e[1].b")
    assert run.acting == ["e[0].a", "e[2].a"]
    run.go()
    assert run.outputs["e"] == [{"from": f"e[{n}].b"} for n in range(4)]  # in the order of the items
    assert run.log[-2:] == ["e completed", "z"]


def failing(*paths: str) -> Any:
    """Let the steps at these paths fail."""
    return lambda path: path in paths


def test_a_failing_item_fails_the_loop_and_takes_the_others_back() -> None:
    run = walked(each("e", "[1, 2]", act("a"), at_once=2), act("z"), fails=failing("e[0].a"))
    assert run.log == ["e[0].a", "e[0].a failed", "e[1].a cancelled", "e failed"]


def test_a_failing_item_may_be_passed_over() -> None:
    run = walked(each("e", "[1, 2]", act("a"), act("b"), on_item_error="continue"), act("z"), fails=failing("e[0].a"))
    assert run.log == ["e[0].a", "e[0].a failed", "e[1].a", "e[1].b", "e completed", "z"]
    assert run.outputs["e"] == [{"code": "x", "message": "No.", "step": "a"}, {"from": "e[1].b"}]


def test_it_ends_when_enough_went_well() -> None:
    run = walked(each("e", "[1, 2, 3, 4]", act("a"), need=2, at_once=3, on_item_error="continue"), act("z"),
                 fails=failing("e[0].a"))  # fmt: skip
    assert run.log == ["e[0].a", "e[0].a failed", "e[1].a", "e[2].a", "e[3].a cancelled", "e completed", "z"]
    assert run.outputs["e"] == [{"code": "x", "message": "No.", "step": "a"}, {"from": "e[1].a"}, {"from": "e[2].a"}]


def test_it_fails_as_soon_as_too_few_can_go_well() -> None:
    run = walked(each("e", "[1, 2, 3]", act("a"), need=3, on_item_error="continue"), fails=failing("e[0].a"))
    assert run.log == ["e[0].a", "e[0].a failed", "e failed"]
    assert run.end is not None
    assert run.end.error is not None
    assert run.end.error.message == "3 must go well, and only 2 can."
    assert walked(each("e", "[]", act("a"), need=1)).log == ["e failed"]


def test_it_ends_when_an_item_answers_the_question() -> None:
    step = each("e", "[1, 2, 3]", name("v", n="${x * 2}"), stop_when="${steps.v.n} >= 4")
    run = walked(step, act("z"))
    assert run.outputs["e"] == [{"n": 2}, {"n": 4}]
    assert run.log == ["e[0].v completed", "e[1].v completed", "e completed", "z"]


def test_a_loop_inside_a_loop_reads_both_items() -> None:
    inner = {"id": "i", "type": "loop", "items": "${x}", "as": "y", "steps": [name("v", n="${y + length(x)}")]}
    run = walked(each("e", "[[1, 2], [3]]", inner, name("w", n="${length(steps.i)}")))
    assert run.outputs["e"] == [{"n": 2}, {"n": 1}]
    assert run.outputs["e[0].i"] == [{"n": 3}, {"n": 4}]
    assert run.outputs["e[1].i[0].v"] == {"n": 4}


def test_a_condition_in_a_turn_goes_its_way_each_time() -> None:
    step = each("e", "[1, 2]", condition("c", "${x} > 1", then=[act("a")], else_=[act("b")]))
    assert walked(step).log == ["e[0].c completed", "e[0].c.else.b", "e[1].c completed", "e[1].c.then.a", "e completed"]


def test_the_loop_may_go_on_in_its_own_way() -> None:
    step = each("e", "[1, 2]", act("a"), on_error={"steps": [name("s", e="${error.step}")]})
    run = walked(step, act("z"), fails=failing("e[1].a"))
    assert run.log == ["e[0].a", "e[1].a", "e[1].a failed", "e.on_error.s completed", "e completed", "z"]


def test_five_thousand_items_are_gone_through() -> None:
    items = list(range(5000))
    run = walked(each("e", "${context.items}", name("v", n="${x}")), context={"items": items}, room=10**9)
    assert run.outputs["e"] == [{"n": n} for n in items]


def test_a_run_goes_through_its_items_over_several_passes(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    wait = {"id": "w", "type": "delay", "for": {"minutes": 1}}
    step = each("e", "[1.5, 2, 3]", do("note", "a", "${x} begins"), wait, do("note", "b", "${x} ends"), at_once=2)
    found = went(flow, cast, step, do("note", "z", '${join([r.word for r in steps.e], ", ")}'))
    assert found.status == ExecutionStatus.WAITING
    assert words(flow) == ["1.5 begins", "2 begins"]
    for _ in range(2):
        clock.advance(minutes=1)
        run_all(flow)
    assert sorted(words(flow)[2:6]) == ["1.5 ends", "2 ends", "3 begins", "3 ends"]
    assert words(flow)[6] == "1.5 ends, 2 ends, 3 ends"
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    assert {row.status for row in steps_of(flow)} == {StepStatus.COMPLETED}
    assert len(steps_of(flow)) == 1 + 3 * 3 + 1


def test_outside_effects_of_several_items_are_under_way_at_once(flow: Flow, cast: Cast) -> None:
    begun_run(flow, cast, each("e", "[1, 2, 3]", do("outside", "a", "word ${x}"), at_once=3), do("note", "z"))
    assert until(lambda: ended(flow))
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    assert sorted(the_outside(flow).keys) == [f"1:e[{n}].a" for n in range(3)]
    assert steps_of(flow)[0].output == [{"word": f"word {n + 1}", "key": f"1:e[{n}].a"} for n in range(3)]
    assert words(flow) == ["noted"]


def test_an_outside_effect_that_is_not_wanted_any_more_changes_nothing(flow: Flow, cast: Cast) -> None:
    def act_outside(run: Run) -> None:
        if run.path == "e[0].a":
            raise StepFailed("no", "No.")
        until(lambda: runs(flow)[0].finished_at is not None)

    the_outside(flow).does = act_outside
    begun_run(flow, cast, each("e", "[1, 2]", do("outside", "a"), at_once=2), do("note", "z"))
    assert until(lambda: ended(flow))
    flow.worker.close()
    assert runs(flow)[0].status == ExecutionStatus.FAILED
    assert {row.path: row.status for row in steps_of(flow)} == {
        "e": StepStatus.FAILED, "e[0].a": StepStatus.FAILED, "e[1].a": StepStatus.CANCELLED,
    }  # fmt: skip
    assert words(flow) == []


def test_items_left_to_finish_go_on_by_themselves_and_the_run_ends_after_them() -> None:
    run = begun(each("e", "[1, 2, 3]", act("a"), act("b"), at_once=2, need=1, others="finish"), act("z"))
    for path in ("e[1].a", "e[1].b", "z", "e[0].a"):
        assert run.end is None
        run.step(path)
    assert run.end is None
    run.step("e[0].b")
    assert run.end is not None
    assert run.log == ["e[1].a", "e[1].b", "e completed", "z", "e[0].a", "e[0].b"]


@pytest.mark.parametrize(("on_item_error", "status"), [("continue", "completed"), ("stop", "failed")])
def test_an_item_left_to_finish_that_fails_is_noted_or_fails_the_run(on_item_error: str, status: str) -> None:
    step = each("e", "[1, 2]", act("a"), at_once=2, need=1, others="finish", on_item_error=on_item_error)
    run = begun(step, act("z"), fails=lambda path: path == "e[0].a")
    run.step("e[1].a")
    run.step("e[0].a")
    if run.end is None:
        run.step("z")
    assert run.end is not None
    assert run.end.status == status


def test_what_else_an_item_left_behind_does_is_dropped_when_it_fails() -> None:
    inside = {
        "id": "p",
        "type": "branch",
        "branches": [{"name": "l", "steps": [act("a")]}, {"name": "r", "steps": [act("b")]}],
    }
    step = each("e", "[1, 2]", inside, at_once=2, need=1, others="finish", on_item_error="continue")
    run = begun(step, fails=lambda path: path == "e[0].p.l.a")
    for path in ("e[1].p.l.a", "e[1].p.r.b", "e[0].p.l.a"):
        run.step(path)
    assert run.end is not None
    assert run.log[-4:] == ["e[0].p.l.a", "e[0].p.l.a failed", "e[0].p.r.b cancelled", "e[0].p failed"]
