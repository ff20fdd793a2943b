"""A branch goes several ways side by side, and on when enough of them have ended."""

from __future__ import annotations

from typing import Any

from flowapp.engine.control.control import Control
from flowapp.engine.control.walk import Walk
from flowapp.engine.places import Path
from flowapp.expressions import condition
from flowapp.workflows.steps.branch import BranchStep

Held = dict[str, Any]


class BranchControl(Control):
    """Remembers which ways are gone, which have begun, and what those that ended gave."""

    def enter(self, walk: Walk, path: Path, step: BranchStep, last: Any) -> None:
        """Ask which ways are gone, and begin them."""
        names = walk.names(path)
        ways = [
            way.name for way in step.branches if way.if_ is None or condition(way.if_).evaluate(names, walk.environment)
        ]
        walk.open(path)
        if ways:
            self._begin(
                walk, path, {"waiting": ways, "live": [], "outputs": {}}, 1 if step.one_at_a_time else len(ways)
            )
        else:
            self._end(walk, path, step, {})

    def ended(self, walk: Walk, path: Path, step: BranchStep, lane: str, output: Any) -> None:
        """Note what a way gave; go on when enough have ended, or begin the next."""
        before = walk.memory.held.get(path) or {}
        if path not in walk.memory.live or lane not in before.get("live", ()):
            return  # gone on without waiting for this one
        live = [each for each in before["live"] if each != lane]
        held = {**before, "live": live, "outputs": {**before["outputs"], lane: output}}
        walk.hold(path, held)
        ways = len(held["waiting"]) + len(live) + len(held["outputs"])
        if len(held["outputs"]) >= _needed(step, ways):
            if step.others == "cancel":
                walk.cancel_inside(path)
            self._end(walk, path, step, held["outputs"])
        elif held["waiting"] and not live:
            self._begin(walk, path, held, 1)

    def _begin(self, walk: Walk, path: Path, held: Held, number: int) -> None:
        ways = held["waiting"][:number]
        walk.hold(path, {**held, "waiting": held["waiting"][number:], "live": [*held["live"], *ways]})
        for way in ways:
            walk.begin_list(path, way)

    def _end(self, walk: Walk, path: Path, step: BranchStep, outputs: dict[str, Any]) -> None:
        record = {way.name: outputs.get(way.name) for way in step.branches}
        walk.complete(path, record)
        walk.go_on(path, record)


def _needed(step: BranchStep, ways: int) -> int:
    """Answer how many of the ways that are gone must end; never more than there are."""
    if step.merge == "all":
        return ways
    return min(1 if step.merge == "first" else step.merge, ways)
