"""What holds of every document: each run ends, does each step at most once, and goes exactly one way each time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flowapp.engine.changes import End
from flowapp.engine.execution import ExecutionStatus
from flowapp.workflows.document import lanes
from flowapp.workflows.steps.action import ActionStep
from flowapp.workflows.steps.condition import ConditionStep
from flowapp.workflows.steps.wait import WaitStep
from tests.engine.test_advance import BROKEN, NO, YES, plan_of, walked

Step = dict[str, Any]
QUESTIONS = st.sampled_from([YES, NO, "${context.a} > 1", "not (${context.a} > 1)"])
ENABLED = st.sampled_from([True, True, True, False])


def a_condition(inside: st.SearchStrategy[list[Step]]) -> st.SearchStrategy[Step]:
    """Build conditions around lists of steps."""
    further = st.fixed_dictionaries({"if": QUESTIONS, "then": inside})
    return st.fixed_dictionaries(
        {
            "type": st.just("condition"),
            "enabled": ENABLED,
            "if": QUESTIONS | st.just(BROKEN),
            "then": inside,
            "elif": st.lists(further, max_size=2),
            "else": inside,
        }
    )


def a_wait(inside: st.SearchStrategy[list[Step]]) -> st.SearchStrategy[Step]:
    """Build steps that wait for an event, around lists of steps."""
    matches = QUESTIONS | st.just(BROKEN)
    return st.fixed_dictionaries(
        {
            "type": st.just("wait"),
            "enabled": ENABLED,
            "for_events": st.builds(lambda match: [{"event": "leave_approved", "match": match}], matches),
            "timeout": st.just({"hours": 1}),
            "then": inside,
            "timed_out": inside,
        }
    )


ACTION = st.fixed_dictionaries({"type": st.just("action"), "action": st.just("any"), "enabled": ENABLED})
LISTS = st.recursive(
    st.lists(ACTION, max_size=3),
    lambda inside: st.lists(ACTION | a_condition(inside) | a_wait(inside), max_size=3),
    max_leaves=12,
)
DOCUMENTS = st.lists(ACTION | a_condition(LISTS) | a_wait(LISTS), min_size=1, max_size=4)


def with_ids(steps: list[Step], counter: Iterator[int]) -> list[Step]:
    """Give every step an id of its own."""
    named = []
    for step in steps:
        copy = {"id": f"s{next(counter)}", **step}
        for lane in ("then", "else", "timed_out"):
            if lane in copy:
                copy[lane] = with_ids(copy[lane], counter)
        if "elif" in copy:
            copy["elif"] = [{**each, "then": with_ids(each["then"], counter)} for each in copy["elif"]]
        named.append(copy)
    return named


class Stopped(Exception):
    """The execution failed here."""


def answered(question: str, a: int) -> bool:
    """Answer a question as a person would; raises Stopped for the one that has no answer."""
    if question == BROKEN:
        raise Stopped
    return {YES: True, NO: False, "${context.a} > 1": a > 1}.get(question, not a > 1)


def expected(steps: Any, prefix: str, a: int, log: list[str]) -> None:
    """Say what must happen, written down as plainly as it can be: a function that calls itself."""
    for step in steps:
        path = f"{prefix}{step.id}"
        if not step.enabled:
            log.append(f"{path} skipped")
        elif isinstance(step, ActionStep):
            log.append(path)
        else:
            lane = way(step, a, path, log)
            expected(dict(lanes(step))[lane], f"{path}.{lane}.", a, log)


def way(step: ConditionStep | WaitStep, a: int, path: str, log: list[str]) -> str:
    """Answer the lane that must be taken."""
    try:
        if isinstance(step, WaitStep):
            lane = "then" if answered(str(step.for_events[0].match), a) else "timed_out"
        elif answered(step.if_, a):
            lane = "then"
        else:
            found = (n for n, each in enumerate(step.elif_) if answered(each.if_, a))
            lane = next((f"elif[{n}]" for n in found), "else")
    except Stopped:
        log.append(f"{path} failed")
        raise
    log.append(f"{path} completed")
    return lane


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS, st.integers(0, 3))
def test_every_document_is_gone_through_as_it_reads(steps: list[Step], a: int) -> None:
    plan = plan_of(*with_ids(steps, iter(range(1000))))
    log, end = walked(plan, context={"a": a})

    must: list[str] = []
    status = ExecutionStatus.COMPLETED
    try:
        expected(plan.document.steps, "", a, must)
    except Stopped:
        status = ExecutionStatus.FAILED
    assert log == must
    assert end.status is status
    paths = [each.split(" ")[0] for each in log]
    assert len(paths) == len(set(paths))  # each step at most once
    assert set(paths) <= set(plan.nodes)


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS, st.integers(0, 3), st.integers(0, 30))
def test_whichever_action_fails_nothing_comes_after_it(steps: list[Step], a: int, which: int) -> None:
    plan = plan_of(*with_ids(steps, iter(range(1000))))
    whole, _ = walked(plan, context={"a": a})
    acted = [each for each in whole if " " not in each]
    if not acted:
        return
    failing = acted[which % len(acted)]
    log, end = walked(plan, fail_at=failing, context={"a": a})
    assert log == whole[: whole.index(failing) + 1]
    assert isinstance(end, End)
    assert (end.status, end.path) == (ExecutionStatus.FAILED, failing)
