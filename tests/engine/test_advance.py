"""All control flow, decided from values alone: which step comes next, by tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flowapp.engine.advance import advance
from flowapp.engine.changes import Changes, Done, End, Enter, Failed, StepError, Woken
from flowapp.engine.execution import ExecutionStatus
from flowapp.engine.memory import Memory
from flowapp.engine.plan import Plan, make_plan
from flowapp.engine.signals.arrivals import Arrivals, Arrived
from flowapp.expressions import Environment
from flowapp.workflows.reading import read_document
from tests.factories import a_document, condition

HERE = Environment(now=datetime(2026, 11, 23, 9, 0, tzinfo=UTC), timezone=ZoneInfo("Europe/London"))
YES, NO, BROKEN = "1 < 2", "2 < 1", "${context.nothing} < 1"


def act(id_: str, **given: Any) -> dict[str, Any]:
    """Answer an action step; what it would do does not matter here."""
    return {"id": id_, "type": "action", "action": "any", **given}


def plan_of(*steps: dict[str, Any]) -> Plan:
    """Lay out a document of these steps."""
    return make_plan(read_document(a_document(*steps)))


def walked(plan: Plan, *, fail_at: str | None = None, context: dict[str, Any] | None = None) -> tuple[list[str], End]:
    """Go from the first step to the end as the engine does; answer what happened in order, and the end.

    For a step that waits an event comes at once, and then the time is over.
    A step that acted is its path, one settled without acting its path and status.
    """
    memory = Memory(context or {})
    log: list[str] = []
    news: Enter | Done | Failed | Woken = Enter(plan.first)
    here = HERE
    for _ in range(10_000):
        changes = advance(plan, news, memory, here)
        memory = changes.memory
        log += [f"{each.path} {each.status.value}" for each in changes.settled if each.path not in log]
        assert not (changes.act and changes.end)
        if changes.end is not None:
            return log, changes.end
        if changes.listening:
            [(path, looked_at)] = changes.listening.items()
            here = replace(here, now=here.now + timedelta(hours=looked_at or 0))
            came = (Arrived(1, "leave_approved", here.now, {}),) if looked_at is None else ()
            news = Woken(path, Arrivals(came))
            continue
        [path] = changes.act
        log.append(path)
        news = Failed(path, StepError(code="x", message="No.")) if path == fail_at else Done(path, {})
    raise AssertionError("the execution never ended")


DONE = End(status=ExecutionStatus.COMPLETED)
C = "completed"
TABLE = {
    "one after the other": ((act("a"), act("b"), act("c")), ["a", "b", "c"]),
    "yes": ((condition("c", YES, then=[act("a")], else_=[act("b")]),), [f"c {C}", "c.then.a"]),
    "no": ((condition("c", NO, then=[act("a")], else_=[act("b")]),), [f"c {C}", "c.else.b"]),
    "what follows a condition": (
        (condition("c", YES, then=[act("a")], else_=[act("b")]), act("d")),
        [f"c {C}", "c.then.a", "d"],
    ),
    "an empty lane": ((condition("c", NO, then=[act("a")]), act("d")), [f"c {C}", "d"]),
    "an empty lane at the end": ((act("d"), condition("c", NO, then=[act("a")])), ["d", f"c {C}"]),
    "both lanes empty": ((condition("c", YES, then=[]), condition("d", NO, then=[])), [f"c {C}", f"d {C}"]),
    "nested": (
        (condition("c", YES, then=[condition("d", NO, then=[act("a")], else_=[act("b")]), act("e")]), act("f")),
        [f"c {C}", f"c.then.d {C}", "c.then.d.else.b", "c.then.e", "f"],
    ),
    "out of three levels at once": (
        (
            condition("c", YES, then=[condition("d", YES, then=[condition("e", YES, then=[act("a")])])]),
            act("z"),
        ),
        [f"c {C}", f"c.then.d {C}", f"c.then.d.then.e {C}", "c.then.d.then.e.then.a", "z"],
    ),
    "the first further question that is answered yes": (
        (
            condition("c", NO, then=[act("a")], else_=[act("b")])
            | {"elif": [{"if": NO, "then": [act("x")]}, {"if": YES, "then": [act("y")]},
                        {"if": YES, "then": [act("z")]}]},
        ),
        [f"c {C}", "c.elif[1].y"],
    ),
    "no further question answered yes": (
        (
            condition("c", NO, then=[], else_=[act("b")]) | {"elif": [{"if": NO, "then": [act("x")]}]},
            act("d"),
        ),
        [f"c {C}", "c.else.b", "d"],
    ),
    "an empty further lane": (
        (condition("c", NO, then=[], else_=[act("b")]) | {"elif": [{"if": YES, "then": []}]}, act("d")),
        [f"c {C}", "d"],
    ),
    "a step switched off": ((act("a", enabled=False), act("b")), ["a skipped", "b"]),
    "the last step switched off": ((act("a"), act("b", enabled=False)), ["a", "b skipped"]),
    "everything switched off": ((act("a", enabled=False), act("b", enabled=False)), ["a skipped", "b skipped"]),
    "a condition switched off is passed over with all its lanes": (
        (condition("c", BROKEN, then=[act("a")], else_=[act("b")]) | {"enabled": False}, act("d")),
        ["c skipped", "d"],
    ),
    "a step switched off inside a lane": (
        (condition("c", YES, then=[act("a", enabled=False), act("b")]),),
        [f"c {C}", "c.then.a skipped", "c.then.b"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_the_way_through(case: str) -> None:
    steps, expected = TABLE[case]
    assert walked(plan_of(*steps)) == (expected, DONE)


def test_a_step_that_fails_ends_the_execution_with_its_reason() -> None:
    log, end = walked(plan_of(act("a"), act("b"), act("c")), fail_at="b")
    assert log == ["a", "b"]
    assert end == End(status=ExecutionStatus.FAILED, path="b", error=StepError(code="x", message="No."))


def test_a_step_that_fails_inside_a_lane_ends_the_whole_execution() -> None:
    plan = plan_of(condition("c", YES, then=[act("a"), act("b")]), act("d"))
    log, end = walked(plan, fail_at="c.then.a")
    assert log == [f"c {C}", "c.then.a"]
    assert (end.status, end.path) == (ExecutionStatus.FAILED, "c.then.a")


@pytest.mark.parametrize(
    "question",
    [
        "${context.nothing} < 1",  # no such name
        "${context.word} < 1",  # a word is not less than a number
        "${context.days} <",  # unfinished
        "${context.days}",  # neither yes nor no
        "1 / 0 > 1",
    ],
)
def test_a_condition_that_cannot_be_answered_fails_and_takes_neither_way(question: str) -> None:
    plan = plan_of(act("before"), condition("c", question, then=[act("a")], else_=[act("b")]), act("d"))
    log, end = walked(plan, context={"word": "x", "days": 3})
    assert log == ["before", "c failed"]
    assert (end.status, end.path) == (ExecutionStatus.FAILED, "c")
    assert end.error is not None
    assert end.error.message


def test_a_further_question_is_not_asked_once_one_was_answered_yes() -> None:
    step = condition("c", YES, then=[act("a")]) | {"elif": [{"if": BROKEN, "then": []}]}
    assert walked(plan_of(step)) == ([f"c {C}", "c.then.a"], DONE)


def test_a_further_question_that_cannot_be_answered_fails_the_step() -> None:
    step = condition("c", NO, then=[], else_=[act("b")]) | {"elif": [{"if": BROKEN, "then": []}]}
    log, end = walked(plan_of(step))
    assert (log, end.path) == (["c failed"], "c")


def settled_by(question: str, context: dict[str, Any], **more: Any) -> Changes:
    """Enter a condition and answer what follows."""
    plan = plan_of(condition("c", question, then=[act("a")]) | more)
    return advance(plan, Enter("c"), Memory(context), HERE)


def test_a_condition_tells_which_way_it_went_and_why() -> None:
    [settled] = settled_by("${context.days} <= 3", {"days": 2}).settled
    assert settled.output == {"way": "then"}
    assert settled.explanation == "Days requested was 2, which is 3 or fewer."


def test_a_condition_explains_every_question_it_had_to_ask() -> None:
    further = [{"if": "${context.days} <= 3", "then": []}]
    [settled] = settled_by("${context.days} <= 1", {"days": 2}, **{"elif": further}).settled
    assert settled.output == {"way": "elif[0]"}
    assert (settled.explanation or "").count("Days requested was 2") == 2


def test_the_way_a_condition_went_can_be_asked_about_at_once() -> None:
    plan = plan_of(
        condition("c", NO, then=[]), condition("d", "${steps.c.way} == 'else'", then=[act("a")], else_=[act("b")])
    )
    assert advance(plan, Enter("c"), Memory({}), HERE).act == ["d.then.a"]


def test_deciding_changes_nothing_it_was_given() -> None:
    plan = plan_of(condition("c", YES, then=[act("a")]))
    memory = Memory({"days": 1})
    first = advance(plan, Enter("c"), memory, HERE)
    assert memory == Memory({"days": 1})
    assert advance(plan, Enter("c"), memory, HERE) == first
