"""A step that starts a workflow of which only so many runs may be under way: refused, queued, or in a flood."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.execution import HeldBack
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.engine.families import BY_HAND, HOUR, a_child, asked, cancel, failure, later, start, statuses
from tests.engine.limits import stuck
from tests.engine.made_actions import do
from tests.engine.stepping_in import by_hand
from tests.engine.test_burst import words
from tests.engine.test_flood import EVENT, LIMIT, events
from tests.factories import a_document, a_workflow, run_all, runs

CHILD = (HOUR, do("note", "n", "child"))


def limited(flow: Flow, cast: Cast, mode: str, *steps: dict[str, Any], **given: Any) -> int:
    """Write a workflow of which one run at a time may be under way."""
    settings = {"mode": mode, "max": 5} if mode == "queued" else {"mode": mode}
    return a_child(flow, cast, *(steps or CHILD), settings=settings, **given)


@pytest.mark.parametrize("waits", [True, False])
def test_a_start_that_is_refused_fails_the_step_with_the_reason(flow: Flow, cast: Cast, waits: bool) -> None:
    child = limited(flow, cast, "single")
    asked(flow, cast, start(child, "first", wait=False), start(child, wait=waits))
    assert statuses(flow) == ["failed", "waiting", "cancelled"]
    code, message = failure(flow)
    assert code == "workflow_not_started"
    assert message == "Not started: “Tell the family” was already running (run 2)."


def test_a_refusal_is_heeded_as_any_failure(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    child = limited(flow, cast, "single")
    other = {"steps": [do("note", "x", "${error.code}")]}
    asked(flow, cast, start(child, "first", wait=False), start(child, on_error=other))
    assert words(flow) == ["workflow_not_started"]
    assert statuses(flow)[0] == "completed"


def test_one_that_is_queued_is_waited_for(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    child = limited(flow, cast, "queued")
    asked(flow, cast, start(child, "first", wait=False), start(child), do("note", "b", "after"))
    assert [each.held_back for each in runs(flow)] == [None, None, HeldBack.QUEUE]
    assert statuses(flow) == ["waiting", "waiting", "pending"]
    later(flow, clock, hours=1)
    assert statuses(flow) == ["waiting", "completed", "waiting"]
    later(flow, clock, hours=1)
    assert words(flow) == ["child", "child", "after"]
    assert statuses(flow) == ["completed"] * 3


def test_one_that_is_queued_is_cancelled_with_the_run_that_waits_for_it(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    child = limited(flow, cast, "queued")
    asked(flow, cast, start(child, "first", wait=False), start(child, "second", wait=False), start(child))
    assert statuses(flow) == ["waiting", "waiting", "pending", "pending"]
    cancel(flow, 1)
    assert statuses(flow) == ["cancelled", "waiting", "pending", "cancelled"]
    later(flow, clock, hours=2)
    later(flow, clock, hours=2)
    assert words(flow) == ["child", "child"]
    assert statuses(flow) == ["cancelled", "completed", "completed", "cancelled"]


def test_a_flood_of_events_holds_no_run_that_a_step_waits_for(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    flow.parts.gauge.limit = LIMIT
    child = a_child(flow, cast, do("note", "n", "child"), triggers=[EVENT])
    events(flow, cast, LIMIT + 1)
    assert [each.held_back for each in runs(flow)][-1] == HeldBack.FLOOD
    parent = a_document(start(child), name="Parent", triggers=BY_HAND)
    made = a_workflow(flow, cast.maya, parent, home_id=cast.rose)
    by_hand(flow, cast.maya, made)
    run_all(flow)
    assert statuses(flow)[-2:] == ["completed", "completed"]
    assert runs(flow)[-1].parent_id == runs(flow)[-2].id


def itself(flow: Flow, cast: Cast, *names: str, **given: Any) -> None:
    """Write workflows that start one another in a circle, one run of each at a time, and begin with the last."""
    numbers: list[int] = []
    for name in names:
        follows = numbers[-1] if numbers else len(names)
        numbers.append(
            a_workflow(
                flow,
                cast.maya,
                a_document(start(follows, **given), HOUR, name=name, triggers=BY_HAND, settings={"mode": "queued"}),
                home_id=cast.rose,
            )
        )
    by_hand(flow, cast.maya, numbers[-1])
    run_all(flow)


@pytest.mark.parametrize("names", [("A",), ("A", "B")])
def test_one_that_would_wait_for_its_own_end_is_refused(flow: Flow, cast: Cast, names: tuple[str, ...]) -> None:
    itself(flow, cast, *names)
    assert stuck(flow) == []
    last = len(names) - 1
    code, message = failure(flow, last)
    assert code == "waits_for_itself"
    assert "neither would ever end" in message
    assert statuses(flow) == [*["failed"] * len(names), "cancelled"]


def test_one_that_nobody_waits_for_has_its_turn_afterwards(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    itself(flow, cast, "A", wait=False)
    assert statuses(flow) == ["waiting", "pending"]
    later(flow, clock, hours=1)
    assert statuses(flow)[:2] == ["completed", "waiting"]


def test_one_that_waits_for_a_run_which_waits_for_nobody_has_its_turn(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    between = a_child(flow, cast, start(2), name="B")
    first = a_document(start(between, wait=False), HOUR, name="A", triggers=BY_HAND, settings={"mode": "queued"})
    by_hand(flow, cast.maya, a_workflow(flow, cast.maya, first, home_id=cast.rose))
    run_all(flow)
    assert statuses(flow) == ["waiting", "waiting", "pending"]
    later(flow, clock, hours=1)
    assert statuses(flow)[:3] == ["completed", "waiting", "waiting"]


def test_one_that_takes_the_place_of_the_run_that_starts_it_ends_with_it(flow: Flow, cast: Cast) -> None:
    """Nobody would be there to be told."""
    made = a_document(start(1), name="A", triggers=BY_HAND, settings={"mode": "restart"})
    number = a_workflow(flow, cast.maya, made, home_id=cast.rose)
    by_hand(flow, cast.maya, number)
    run_all(flow)
    assert set(statuses(flow)) == {"cancelled"}
    assert stuck(flow) == []
