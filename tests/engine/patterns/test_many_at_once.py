"""Control-flow patterns (BPM-06-22): several instances of the same steps, and one way at a time."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from flowapp.engine.changes import TimedOut
from tests.engine.test_branch import ways
from tests.engine.test_loop_step import each, name
from tests.engine.walking import act, begun, walked

NINE = str(list(range(9)))


def test_13_multiple_instances_with_a_priori_design_time_knowledge() -> None:
    run = begun(ways("p", {f"n{number}": [act(f"call{number}")] for number in range(3)}), act("z"))
    assert len(run.acting) == 3
    for path in list(run.acting):
        assert "z" not in run.acting
        run.step(path)
    assert run.acting == ["z"]


@pytest.mark.parametrize("count", [0, 1, 5])
def test_14_multiple_instances_with_a_priori_run_time_knowledge(count: int) -> None:
    run = begun(each("e", "${context.staff}", act("ask"), at_once=50), act("z"), context={"staff": list(range(count))})
    assert len(run.acting) == (count or 1)
    run.go()
    assert sum(path.endswith(".ask") for path in run.log if " " not in path) == count
    assert run.log[-1] == "z"


def test_15_multiple_instances_without_a_priori_run_time_knowledge() -> None:
    ask = {"id": "r", "type": "repeat", "until": '${steps.ask.from} == "r[3].ask"', "steps": [act("ask")], "max": 60}
    run = walked(ask, act("z"))
    assert [each for each in run.log if " " not in each] == ["r[0].ask", "r[1].ask", "r[2].ask", "r[3].ask", "z"]


def test_26_cancel_multiple_instance_activity() -> None:
    run = begun(each("e", NINE, act("ask"), at_once=9, on_error="continue"), act("z"))
    assert len(run.acting) == 9
    run.hear(TimedOut("e"))
    assert run.acting == ["z"]  # no item goes on, the run does
    assert sum(line.endswith(".ask cancelled") for line in run.log) == 9


def test_27_complete_multiple_instance_activity() -> None:
    run = begun(each("e", NINE, act("ask"), at_once=2, stop_when='${steps.ask.from} == "e[1].ask"'), act("z"))
    run.step("e[0].ask")
    assert "z" not in run.acting
    run.step("e[1].ask")
    assert run.acting == ["z"]  # those not begun never are, and what is under way is taken back
    assert sum(".ask" in line for line in run.log) == 3


def test_34_static_partial_join_for_multiple_instances() -> None:
    run = begun(each("e", NINE, act("ask"), at_once=9, need=2, others="finish"), act("z"))
    run.step("e[7].ask")
    assert "z" not in run.acting
    run.step("e[4].ask")
    assert "z" in run.acting
    assert len(run.acting) == 8
    run.go()
    assert sum(line.endswith(".ask") for line in run.log) == 9
    assert run.log.count("z") == 1


def test_35_cancelling_partial_join_for_multiple_instances() -> None:
    run = begun(each("e", NINE, act("ask"), at_once=9, need=2), act("z"))
    run.step("e[7].ask")
    run.step("e[4].ask")
    assert run.acting == ["z"]
    assert sum(line.endswith(".ask cancelled") for line in run.log) == 7


def test_17_interleaved_parallel_routing() -> None:
    given: dict[str, list[dict[str, Any]]] = {"wash": [act("w1"), act("w2")], "dry": [act("d1")]}
    run = begun(ways("p", given, one_at_a_time=True), act("z"))
    while run.end is None:
        assert len(run.acting) == 1  # never two at the same time, and within a way in its order
        run.step(run.acting[0])
    assert [each for each in run.log if " " not in each] == ["p.wash.w1", "p.wash.w2", "p.dry.d1", "z"]


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_40_interleaved_routing(order: tuple[str, ...]) -> None:
    run = begun(ways("p", {way: [act(f"do_{way}")] for way in order}, one_at_a_time=True), act("z"))
    while run.end is None:
        assert len(run.acting) == 1
        run.step(run.acting[0])
    assert sorted(run.log[:3]) == ["p.a.do_a", "p.b.do_b", "p.c.do_c"]


@pytest.mark.parametrize(("turns", "last"), [(1, "r[0].a"), (4, "r[3].a")])
def test_21_structured_loop(turns: int, last: str) -> None:
    step = {"id": "r", "type": "repeat", "until": f"${{loop.number}} == {turns}", "steps": [act("a")], "max": 60}
    run = walked(step, act("z"))
    assert [line for line in run.log if " " not in line] == [f"r[{n}].a" for n in range(turns)] + ["z"]
    assert run.outputs["r"] == {"turns": turns, "last": {"from": last}}


def test_10_arbitrary_cycles() -> None:
    """Back to an earlier step is a repeat around both, bounded; a jump at will is refused."""
    back = {"id": "r", "type": "repeat", "until": "${steps.answer.sent_back} == false", "max": 5,
            "steps": [act("draw"), name("answer", sent_back="${loop.number < 3}")]}  # fmt: skip
    run = walked(back, act("z"))
    assert [line for line in run.log if " " not in line] == ["r[0].draw", "r[1].draw", "r[2].draw", "z"]
