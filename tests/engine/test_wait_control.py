"""What a wait decides, from values alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flowapp.engine.changes import Woken
from flowapp.engine.control.wait import side_by_side
from flowapp.engine.execution import StepStatus
from flowapp.engine.signals.arrivals import Arrivals, Arrived
from tests.engine.waits import branch, wait
from tests.engine.walking import HERE, act, begun, plan_of

WAYS = {"then": [act("a")], "timed_out": [act("b")]}
HOUR = timedelta(hours=1)


def loop(id_: str, *steps: dict[str, Any], at_once: int = 1) -> dict[str, Any]:
    """Answer a loop around steps."""
    return {"id": id_, "type": "loop", "items": "[1, 2, 3]", "as": f"item_{id_}", "at_once": at_once,
            "steps": list(steps)}  # fmt: skip


def arrived(seq: int, at: datetime = HERE.now, days: int = 1, **given: Any) -> Arrived:
    """Answer an event that has come."""
    return Arrived(seq, "leave_requested", at, {"days": days}, **given)


UNTIL = [
    ({}, None),
    ({"timeout": {"hours": 2}}, "2026-11-23T11:00"),
    ({"timeout": {"working_days": 5}}, "2026-11-30T09:00"),  # it is Monday
]


@pytest.mark.parametrize(("given", "until"), UNTIL)
def test_it_waits_until_its_time_is_over_or_for_ever(given: dict[str, Any], until: str | None) -> None:
    run = begun(wait("w", **given))
    opened = run.opened["w"]
    assert opened.status is StepStatus.WAITING
    assert opened.run_at == (datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None)


TOLD = [
    # what has come, what it does (an hour is allowed, and is over)
    ([arrived(1)], "w.then.a"),
    ([arrived(1, HERE.now + HOUR)], "w.then.a"),  # at the last moment
    ([arrived(1, HERE.now + HOUR + timedelta(microseconds=1))], "w.timed_out.b"),
    ([arrived(1, days=5)], "w.timed_out.b"),
    ([arrived(1, days=5), arrived(2)], "w.then.a"),
    ([arrived(1, taken_by=("v",))], "w.timed_out.b"),
    ([], "w.timed_out.b"),
]


@pytest.mark.parametrize(("events", "way"), TOLD)
def test_the_first_that_fits_and_came_in_time_decides_its_way(events: list[Arrived], way: str) -> None:
    run = begun(wait("w", match="${event.days} == 1", timeout={"hours": 1}, **WAYS), wait("v"))
    run.opened.clear()
    run.here = HERE.__class__(now=HERE.now + 2 * HOUR, timezone=HERE.timezone)
    changes = run.hear(Woken("w", Arrivals(tuple(events))))
    assert changes.act == [way]
    assert bool(changes.took) == (way == "w.then.a")


def test_when_there_may_be_more_it_looks_again_before_it_gives_up() -> None:
    run = begun(wait("w", match="false", timeout={"hours": 1}, **WAYS))
    run.here = HERE.__class__(now=HERE.now + HOUR, timezone=HERE.timezone)
    changes = run.hear(Woken("w", Arrivals((arrived(4), arrived(5)), more=True)))
    assert (changes.act, changes.listening, run.opened["w"].run_at) == ([], {"w": 5}, run.here.now)
    assert run.hear(Woken("w", Arrivals((arrived(6),)))).act == ["w.timed_out.b"]


def test_what_came_too_late_and_may_be_more_is_not_waited_for() -> None:
    run = begun(wait("w", timeout={"hours": 1}, **WAYS))
    run.here = HERE.__class__(now=HERE.now + 2 * HOUR, timezone=HERE.timezone)
    late = arrived(4, HERE.now + 2 * HOUR)
    assert run.hear(Woken("w", Arrivals((late,), more=True))).act == ["w.timed_out.b"]


def test_its_ways_read_what_came_and_what_follows_reads_it_too() -> None:
    """And what the way gives goes on as its last output, as behind a condition."""
    inside = {"id": "s", "type": "set", "values": {"n": "${steps.w.event.context.days + 1}"}}
    after = {"id": "t", "type": "set", "values": {"n": "${steps.w.event.context.days + steps.s.n}"}}
    run = begun(wait("w", then=[inside]), after)
    run.hear(Woken("w", Arrivals((arrived(1, days=2),))))
    assert run.outputs["w.then.s"] == {"n": 3}
    assert run.outputs["t"] == {"n": 5}


B = branch("b", left=[wait("w"), wait("v")], right=[wait("u"), loop("l", wait("x"), at_once=2)])
ONE = branch("one", left=[wait("y")], right=[wait("z")]) | {
    "one_at_a_time": True,
    "on_error": {"steps": [wait("instead")]},
}
BESIDE = [
    # two steps, whether they may be under way at the same time
    ("b.left.w", "b.right.u", True),
    ("b.left.w", "b.left.v", False),
    ("b.left.w", "b.right.l[2].x", True),
    ("b.right.l[0].x", "b.right.l[1].x", True),
    ("b.right.l[0].x", "b.right.l[2].x", False),
    ("b.right.u", "b.right.l[0].x", False),
    ("b.left.w", "m[0].k", False),
    ("m[0].k", "m[1].k", False),
    ("one.left.y", "one.right.z", False),
    ("one.left.y", "one.on_error.instead", False),
    ("b.left.w", "one.right.z", False),
    ("p", "p.then.q", False),
    ("p.then.q", "p.timed_out.r", False),
]


@pytest.mark.parametrize(("one", "other", "beside"), BESIDE)
def test_which_steps_may_be_under_way_at_the_same_time(one: str, other: str, beside: bool) -> None:
    plan = plan_of(B, ONE, loop("m", wait("k")), wait("p", then=[wait("q")], timed_out=[wait("r")]))
    assert side_by_side(plan, one, other) is beside
    assert side_by_side(plan, other, one) is beside
