"""A loop goes through its items, one after the other or several at once."""

from __future__ import annotations

from typing import Any

from flowapp.engine.changes import StepError
from flowapp.engine.control.control import CannotGoOn, Control
from flowapp.engine.control.walk import ListEnded, Walk
from flowapp.engine.places import Path
from flowapp.expressions import expression
from flowapp.kernel.plain import plain
from flowapp.workflows.document import lane_prefix
from flowapp.workflows.steps.loop import LoopStep

Held = dict[str, Any]


class LoopControl(Control):
    """Remembers the next item, those under way, those that failed, and what each gave."""

    def enter(self, walk: Walk, path: Path, step: LoopStep, last: Any) -> None:
        """Take the items and begin with the first."""
        items = expression(step.items).evaluate(walk.names(path), walk.environment)
        if not isinstance(items, list):
            message = "This must give a list, to go through its items."
            raise CannotGoOn(StepError(code="wrong_type", message=message))
        items = plain(items)
        walk.memory.given[path] = items
        walk.open(path, given={"items": items})
        self._begin(walk, path, step, {"next": 0, "live": [], "failed": [], "outputs": {}})

    def ended(self, walk: Walk, path: Path, step: LoopStep, lane: str, output: Any) -> None:
        """Note what an item gave, and begin with the next unless enough is done."""
        number = int(lane[1:-1])
        before = walk.memory.held.get(path) or {}
        if path not in walk.memory.live or number not in before.get("live", ()):
            return  # the loop has ended without waiting for this one
        live = [each for each in before["live"] if each != number]
        held = {**before, "live": live, "outputs": {**before["outputs"], str(number): output}}
        walk.hold(path, held)
        if self._enough(walk, path, step, held, number):
            self._end(walk, path, step, held)
        else:
            walk.forget(path, lane)
            self._begin(walk, path, step, held)

    def catches(self, walk: Walk, path: Path, step: LoopStep, lane: str, error: dict[str, str]) -> bool:
        """Go on with the next item where that is wanted; the error is what this item gave."""
        held = walk.memory.held[path]
        number = int(lane[1:-1])
        if step.on_item_error == "stop" or number not in held["live"]:
            return False
        walk.cancel_list(path, lane)
        walk.hold(path, {**held, "failed": [*held["failed"], number]})
        walk.todo.append(ListEnded(lane_prefix(path, lane), path, lane, error))
        return True

    def _enough(self, walk: Walk, path: Path, step: LoopStep, held: Held, number: int) -> bool:
        well = len(held["outputs"]) - len(held["failed"])
        if step.need is not None:
            left = len(walk.memory.given[path]) - len(held["outputs"])
            if well + left < step.need:
                raise too_few(step.need, well + left)
            if well >= step.need:
                return True
        if step.stop_when is None or number in held["failed"]:
            return False
        return walk.answer(path, f"[{number}]", step.stop_when)

    def _begin(self, walk: Walk, path: Path, step: LoopStep, held: Held) -> None:
        """Begin with as many items as may be under way at once."""
        count = len(walk.memory.given[path])
        room = step.at_once - len(held["live"])
        numbers = list(range(held["next"], min(held["next"] + room, count)))
        if not numbers and not held["live"]:
            if step.need is not None and not held["outputs"]:
                raise too_few(step.need, 0)
            self._end(walk, path, step, held)
            return
        walk.hold(path, {**held, "next": held["next"] + len(numbers), "live": [*held["live"], *numbers]})
        for number in numbers:
            walk.begin_list(path, f"[{number}]")

    def _end(self, walk: Walk, path: Path, step: LoopStep, held: Held) -> None:
        if step.others == "cancel":
            walk.cancel_inside(path)
        outputs = [output for _, output in sorted(held["outputs"].items(), key=lambda each: int(each[0]))]
        walk.complete(path, outputs)
        walk.go_on(path, outputs)


def too_few(need: int, possible: int) -> CannotGoOn:
    """Say that fewer items can go well than are needed."""
    message = f"{need} must go well, and only {possible} can."
    return CannotGoOn(StepError(code="too_few", message=message))
