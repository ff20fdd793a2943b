"""A wait goes on with the first event that fits, or when its time is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flowapp.engine.control.control import Control
from flowapp.engine.control.walk import Walk
from flowapp.engine.places import ON_ERROR, Path, place_of
from flowapp.engine.plan import Plan
from flowapp.engine.signals.arrivals import Arrivals, Arrived
from flowapp.expressions import condition
from flowapp.workflows.steps.branch import BranchStep
from flowapp.workflows.steps.loop import LoopStep
from flowapp.workflows.steps.wait import WaitStep, label_of


class WaitControl(Control):
    """Remembers until when it waits; settled as soon as it is over, its way is gone after that."""

    def enter(self, walk: Walk, path: Path, step: WaitStep, last: Any) -> None:
        """Listen."""
        here = walk.environment
        until = step.timeout.after(here.now, here.timezone, here.calendar) if step.timeout else None
        walk.hold(path, {"until": until.isoformat() if until else None})
        walk.listen(path, until)

    def woken(self, walk: Walk, path: Path, step: WaitStep, told: Arrivals | None) -> None:
        """Take the first event that fits and came in time; without one, go on when the time is over."""
        arrivals = told or Arrivals()
        held = walk.held(path)["until"]
        until = datetime.fromisoformat(held) if held else None
        in_time = [each for each in arrivals.events if until is None or each.at <= until]
        found = next((each for each in in_time if _fits(walk, path, step, each)), None)
        if found is not None:
            walk.changes.took[path] = found.seq
            self._go(walk, path, "then", found.record, _upper(f"{label_of(found.name)}."))
        elif arrivals.more and len(in_time) == len(arrivals.events):
            walk.listen(path, walk.now, looked_at=arrivals.events[-1].seq)
        elif until is not None and until <= walk.now:
            allowed = step.timeout.words if step.timeout else ""
            self._go(walk, path, "timed_out", None, f"What was waited for did not happen within {allowed}.")
        else:
            walk.listen(path, until, looked_at=arrivals.events[-1].seq if arrivals.events else 0)

    def _go(self, walk: Walk, path: Path, way: str, event: dict[str, Any] | None, explanation: str) -> None:
        output = {"timed_out": event is None, "event": event}
        walk.complete(path, output, explanation)
        walk.begin_list(path, way, output)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _fits(walk: Walk, path: Path, step: WaitStep, event: Arrived) -> bool:
    if any(not side_by_side(walk.plan, path, other) for other in event.taken_by):
        return False
    names = {**walk.names(path), "event": event.context}
    return any(
        each.match is None or condition(each.match).evaluate(names, walk.environment)
        for each in step.for_events
        if each.event == event.name
    )


def side_by_side(plan: Plan, one: Path, other: Path) -> bool:
    """Say whether two steps may be under way at the same time, so that one event may be for both."""
    for mine, theirs in zip(place_of(one).owners, place_of(other).owners, strict=False):
        if mine.path != theirs.path:
            return False
        if mine.lane != theirs.lane:
            around = plan.nodes[mine.static].step
            if isinstance(around, BranchStep):
                return not around.one_at_a_time and ON_ERROR not in (mine.lane, theirs.lane)
            if isinstance(around, LoopStep) and mine.number is not None and theirs.number is not None:
                return abs(mine.number - theirs.number) < around.at_once
            return False
    return False
