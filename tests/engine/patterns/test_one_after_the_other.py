"""Control-flow patterns of Russell, ter Hofstede, van der Aalst and Mulyar (BPM-06-22): the basic ones and merging.

Each test has the number and the name of its pattern. Patterns that need steps wired to each other at will (8, 28, 31,
33, 36, 38, 41, 42) are refused on purpose: a document is a nested list, in which every step runs once in its turn.
"""

from __future__ import annotations

import pytest

from flowapp.engine.execution import ExecutionStatus
from tests.engine.test_branch import TWO, ways
from tests.engine.walking import act, begun, walked
from tests.factories import condition

YES, NO = "1 < 2", "2 < 1"
THREE = {"a": [act("x")], "b": [act("y")], "c": [act("w")]}


def test_01_sequence() -> None:
    run = begun(act("a"), act("b"), act("c"))
    for path in ("a", "b", "c"):
        assert run.acting == [path]  # never the next before this one is done
        run.step(path)
    assert run.end is not None


def test_02_parallel_split() -> None:
    assert begun(ways("p", THREE)).acting == ["p.a.x", "p.b.y", "p.c.w"]


def test_03_synchronization() -> None:
    run = begun(ways("p", THREE), act("z"))
    for path in ("p.c.w", "p.a.x"):
        run.step(path)
        assert "z" not in run.acting
    run.step("p.b.y")
    assert run.acting == ["z"]


@pytest.mark.parametrize(("days", "way"), [(2, "short.then.approve"), (3, "short.then.approve"), (4, "short.else.ask")])
def test_04_exclusive_choice(days: int, way: str) -> None:
    run = begun(condition("short", "${context.days} <= 3", then=[act("approve")], else_=[act("ask")]),
                context={"days": days})  # fmt: skip
    assert run.acting == [way]


@pytest.mark.parametrize("question", [YES, NO])
def test_05_simple_merge(question: str) -> None:
    run = walked(condition("c", question, then=[act("a")], else_=[act("b")]), act("z"))
    assert run.log.count("z") == 1  # whichever way was gone, and without waiting for the other
    assert run.log[-1] == "z"


@pytest.mark.parametrize(
    ("yes", "gone"), [("a", ["p.a.x"]), ("ab", ["p.a.x", "p.b.y"]), ("abc", ["p.a.x", "p.b.y", "p.c.w"])]
)
def test_06_multi_choice(yes: str, gone: list[str]) -> None:
    asked = {name: YES if name in yes else NO for name in THREE}
    assert begun(ways("p", THREE, ifs=asked)).acting == gone


def test_07_structured_synchronizing_merge() -> None:
    run = begun(ways("p", THREE, ifs={"b": NO}), act("z"))
    run.step("p.a.x")
    assert run.acting == ["p.c.w"]  # waited for, because it was begun
    run.step("p.c.w")
    assert run.acting == ["z"]  # and nobody waits for the way that was not


def test_09_structured_discriminator() -> None:
    run = begun(ways("p", TWO, merge="first", others="finish"), act("z"))
    run.step("p.right.c")
    assert run.acting == ["p.left.a", "z"]  # on after the first, while the other goes its way
    run.go()
    assert run.log.count("z") == 1
    assert "p.left.b" in run.log


def test_11_implicit_termination() -> None:
    run = begun(ways("p", TWO, merge=1, others="finish"))
    run.step("p.right.c")
    run.step("p.left.a")
    assert run.end is None
    run.step("p.left.b")
    assert run.end is not None  # when nothing is left to do, without a step that says so
    assert run.end.status is ExecutionStatus.COMPLETED


def test_29_cancelling_discriminator() -> None:
    run = begun(ways("p", TWO, merge="first"), act("z"))
    run.step("p.right.c")
    assert run.acting == ["z"]
    assert "p.left.a cancelled" in run.log


def test_30_structured_partial_join() -> None:
    run = begun(ways("p", THREE, merge=2, others="finish"), act("z"))
    run.step("p.b.y")
    assert "z" not in run.acting
    run.step("p.c.w")
    assert run.acting == ["p.a.x", "z"]


def test_32_cancelling_partial_join() -> None:
    run = begun(ways("p", THREE, merge=2), act("z"))
    run.step("p.b.y")
    run.step("p.c.w")
    assert run.acting == ["z"]
    assert "p.a.x cancelled" in run.log


@pytest.mark.parametrize(
    "inner", [{"l": "1 < 2", "r": "1 < 2"}, {"l": "1 < 2", "r": "2 < 1"}, {"l": "2 < 1", "r": "2 < 1"}]
)
@pytest.mark.parametrize("outer", [YES, NO])
def test_37_acyclic_synchronizing_merge(inner: dict[str, str], outer: str) -> None:
    nested = ways("q", {"l": [act("x")], "r": [act("y")]}, ifs=inner)
    run = begun(ways("p", {"a": [act("u"), nested], "b": [act("v")]}, ifs={"a": outer}), act("z"))
    expected = len(run.acting)
    while run.acting != ["z"]:
        assert "z" not in run.acting
        run.step(run.acting[-1])
        expected = max(expected, len(run.acting))
    run.go()
    begun_ways = {"p.b.v"} | ({"p.a.u"} if outer == YES else set())
    begun_ways |= {f"p.a.q.{side}.{step}" for side, step in (("l", "x"), ("r", "y"))
                   if outer == YES and inner[side] == YES}  # fmt: skip
    assert {each for each in run.log if " " not in each} == {*begun_ways, "z"}
