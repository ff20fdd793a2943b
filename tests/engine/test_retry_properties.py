"""Wherever a run fails: tried again with the cause gone, it ends as if nothing had, and nothing is done twice."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from flowapp.bootstrap import Flow
from flowapp.engine.execution import Execution, ExecutionStatus, StepAttempt
from flowapp.kernel import plain
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.engine.families import BY_HAND
from tests.engine.made_actions import Flaky
from tests.engine.stepping_in import by_hand, retry, steps_of
from tests.engine.test_walking_properties import COMMON, NO, YES, with_ids
from tests.engine.waits import recorded
from tests.factories import a_document, a_workflow, run_all, runs

Step = dict[str, Any]
CHILD = "01CHILD"  # put in when it is written
EVENTS = 40  # more than any of these runs waits for


def a_step(type_: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    """Build steps of one type, whose failure stops the run."""
    return st.fixed_dictionaries({"type": st.just(type_), **COMMON, **fields})


FLAKY = a_step("action", action=st.just("flaky"))
LEAVE = st.just([{"event": "leave_requested"}])  # comes before it is waited for; the others never come
NEVER = st.just([{"event": "leave_approved"}, {"event": "shift_created"}])
MINUTE = st.just({"minutes": 1})
FLAKY_INSIDE = st.lists(FLAKY, max_size=1)
LEAF = st.one_of(
    FLAKY,
    FLAKY,
    a_step("wait", for_events=LEAVE | NEVER, timeout=MINUTE, then=FLAKY_INSIDE, timed_out=FLAKY_INSIDE),
    a_step("workflow", workflow=st.just(CHILD), wait=st.booleans()),
    a_step("set", values=st.just({"n": 1})),
    a_step("delay", **{"for": st.sampled_from([{"seconds": 1}, {"minutes": 1}])}),
)


def nested(inside: st.SearchStrategy[list[Step]]) -> st.SearchStrategy[list[Step]]:
    """Build lists of steps with others inside them, in which one order of things is as good as any other."""
    some = inside.filter(bool)
    way = st.fixed_dictionaries({"steps": inside})
    made = st.one_of(
        FLAKY,
        a_step("condition", **{"if": st.sampled_from([YES, NO]), "then": inside, "else": inside}),
        a_step("loop", items=st.sampled_from(["[]", "[1]", "[1, 2, 3]"]), steps=some, at_once=st.integers(1, 3),
               **{"as": st.just("x")}),
        a_step("repeat", until=st.just("${loop.number} == 2"), steps=some,
               every=st.none() | st.just({"seconds": 5})),
        a_step("branch", branches=st.lists(way, min_size=1, max_size=3), one_at_a_time=st.booleans()),
    )  # fmt: skip
    return st.lists(made, min_size=1, max_size=3)


LISTS = st.recursive(st.lists(LEAF, min_size=1, max_size=3), nested, max_leaves=8)


def gone(flow: Flow, clock: FrozenClock, number: int) -> Execution:
    """Let a run go on to its end, or to a failure."""
    for _ in range(200):
        run_all(flow)
        found = runs(flow)[number - 1]
        if found.finished_at is not None:
            return found
        clock.advance(seconds=61)
    raise AssertionError("the run does not end")


def with_child(steps: list[Step], child: int) -> list[Step]:
    """Name the workflow that steps of these start."""
    written: list[Step] = plain.load(plain.dump(steps).replace(f'"{CHILD}"', str(child)))
    return written


def begun(flow: Flow, cast: Cast, workflow_id: int) -> int:
    """Start a run, and let come what its steps wait for, as often as they do."""
    number = by_hand(flow, cast.maya, workflow_id)
    recorded(flow, cast, *range(1, EVENTS + 1))
    return number


def outputs(flow: Flow, number: int) -> dict[str, Any]:
    """Answer what each step gave, without moments and keys, which differ between runs."""
    return {path: _lasting(row.output) for path, row in steps_of(flow, number).items()}


WITH_EACH_RUN = ("key", "until", "execution_id", "at", "context")


def _lasting(output: Any) -> Any:
    if isinstance(output, dict):
        return {name: _lasting(value) for name, value in output.items() if name not in WITH_EACH_RUN}
    return [_lasting(each) for each in output] if isinstance(output, list) else output


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)
@given(steps=nested(LISTS), which=st.lists(st.integers(0, 30), min_size=1, max_size=4))
def test_a_run_that_is_tried_again_ends_as_if_nothing_had_failed(
    flow: Flow, cast: Cast, clock: FrozenClock, steps: list[Step], which: list[int]
) -> None:
    flaky = flow.actions["flaky"]
    assert isinstance(flaky, Flaky)
    kid = a_document({"id": "kid", "type": "action", "action": "flaky"}, triggers=BY_HAND)
    child = a_workflow(flow, cast.maya, kid, home_id=cast.rose)
    document = a_document(*with_child(with_ids(steps, iter(range(1000))), child), triggers=BY_HAND)
    workflow_id = a_workflow(flow, cast.maya, document, home_id=cast.rose)
    flaky.fails_at = set()
    smooth = begun(flow, cast, workflow_id)
    assert gone(flow, clock, smooth).status == ExecutionStatus.COMPLETED
    rows = steps_of(flow, smooth)
    acting = sorted(path for path, row in rows.items() if row.type == "action")
    if any(row.type == "workflow" and row.held is None and "status" in (row.output or {}) for row in rows.values()):
        acting.append("kid")  # in the run that a step waits for
    if not acting:
        return
    flaky.fails_at = {acting[each % len(acting)] for each in which}
    rough = begun(flow, cast, workflow_id)
    for _ in range(10):
        found = gone(flow, clock, rough)
        if found.status == ExecutionStatus.COMPLETED:
            break
        assert found.error is not None
        flaky.fails_at.discard("kid" if found.error["code"] == "workflow_failed" else found.error["path"])
        retry(flow, cast.maya, rough)
    assert outputs(flow, rough) == outputs(flow, smooth)
    with flow.database.read() as session:
        log = select(StepAttempt.path).where(StepAttempt.execution_id == rough, StepAttempt.result == "completed")
        done = list(session.scalars(log))
    assert len(done) == len(set(done))
