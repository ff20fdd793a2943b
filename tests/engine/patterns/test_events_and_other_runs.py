"""Control-flow patterns (BPM-06-22): waiting for what happens outside, other runs, and people who step in."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.children.child_start import MOST_NESTED
from flowapp.engine.execution import ExecutionStatus
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.engine.families import a_child, cancel, later, start, statuses, steps_of
from tests.engine.made_actions import do, noted
from tests.engine.waits import begun, happens, recorded, wait
from tests.factories import a_document, a_workflow, condition, run_all, runs


def words(flow: Flow) -> list[str]:
    """Answer what the runs have noted, in order."""
    with flow.database.read() as session:
        return noted(session)


def each(id_: str, items: str, *steps: dict[str, Any], **given: Any) -> dict[str, Any]:
    """Answer a step that does these for each item."""
    return {"id": id_, "type": "loop", "items": items, "as": "x", "steps": list(steps), **given}


def test_12_multiple_instances_without_synchronization(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    slow = a_child(flow, cast, {"id": "d", "type": "delay", "for": {"hours": 2}}, do("note", "c", "child"))
    begun(flow, cast, each("e", "[1, 2, 3]", start(slow, wait=False)), do("note", "z", "parent"))
    assert words(flow) == ["parent"]  # it waits for none of them
    assert statuses(flow) == ["completed", "waiting", "waiting", "waiting"]
    later(flow, clock, hours=2)
    assert words(flow) == ["parent", "child", "child", "child"]


@pytest.mark.parametrize(("number", "way"), [(1, "first"), (2, "second")])
def test_16_deferred_choice(flow: Flow, cast: Cast, number: int, way: str) -> None:
    """The world chooses: the first of the events that happens decides the way, and the other is not waited for."""
    chosen = condition("c", "${steps.w.event.context.leave_request_id} == 1",
                       then=[do("note", "a", "first")], else_=[do("note", "b", "second")])  # fmt: skip
    begun(flow, cast, wait("w", "leave_requested", "leave_cancelled"), chosen)
    assert words(flow) == []
    assert happens(flow, cast, number).status == ExecutionStatus.COMPLETED
    assert words(flow) == [way]


def test_20_cancel_case(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    ways = [{"name": "l", "steps": [{"id": "d", "type": "delay", "for": {"hours": 1}}, do("note", "a")]},
            {"name": "r", "steps": [wait("w"), do("note", "b")]}]  # fmt: skip
    number = begun(flow, cast, {"id": "p", "type": "branch", "branches": ways}, do("note", "z"))
    cancel(flow, number)
    assert {row.status for row in steps_of(flow, number).values()} == {"cancelled"}
    later(flow, clock, hours=2)
    happens(flow, cast, 1)
    assert (statuses(flow), words(flow)) == (["cancelled"], [])


@pytest.mark.parametrize(("levels", "ends"), [(3, "completed"), (9, "failed")])
def test_22_recursion(flow: Flow, cast: Cast, levels: int, ends: str) -> None:
    """A workflow may start itself; the depth is capped, and then every run up to the first says so."""
    itself = 1  # the number it will have
    deeper = start(itself, "s", **{"with": {"level": "${context.level + 1}"}})
    again = condition("more", f"${{context.level}} < {levels}", then=[deeper])
    assert a_child(flow, cast, do("note", "c", "${text(context.level)}"), again) == itself
    begun(flow, cast, start(itself, "s", **{"with": {"level": 1}}))
    assert words(flow) == [str(level) for level in range(1, min(levels, MOST_NESTED) + 1)]
    assert set(statuses(flow)) == {ends}


def test_23_transient_trigger(flow: Flow, cast: Cast) -> None:
    """What happens while no run is there to hear it starts nothing later, and wakes no run that begins afterwards."""
    recorded(flow, cast, 1)
    begun(flow, cast, wait("w"), do("note", "a"))
    assert statuses(flow) == ["waiting"]
    a_workflow(flow, cast.maya, a_document(do("note", "b")), home_id=cast.rose)
    run_all(flow)
    assert words(flow) == []


def test_24_persistent_trigger(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    """What happens before the run has come to its wait is kept for it."""
    begun(flow, cast, {"id": "d", "type": "delay", "for": {"hours": 1}}, wait("w"), do("note", "a"))
    recorded(flow, cast, 1)
    run_all(flow)
    assert words(flow) == []
    later(flow, clock, hours=1)
    assert words(flow) == ["noted"]


@pytest.mark.parametrize(("mode", "together"), [("queued", 1), ("parallel", 3)])
def test_39_critical_section(flow: Flow, cast: Cast, clock: FrozenClock, mode: str, together: int) -> None:
    """Of runs that share a key only one is inside at a time; the key is the lock's name."""
    inside = [do("note", "i", "in"), {"id": "d", "type": "delay", "for": {"hours": 1}}, do("note", "o", "out")]
    settings = {"mode": mode, "key": "${context.staff_id}"}
    a_workflow(flow, cast.maya, a_document(*inside, settings=settings), home_id=cast.rose)
    recorded(flow, cast, 1, 2, 3)
    run_all(flow)
    assert words(flow) == ["in"] * together
    for _ in range(4):
        later(flow, clock, hours=1)
    found = words(flow)
    assert (found.count("in"), found.count("out")) == (3, 3)
    if mode == "queued":
        assert found == ["in", "out"] * 3
    assert [each.status for each in runs(flow)] == [ExecutionStatus.COMPLETED] * 3
