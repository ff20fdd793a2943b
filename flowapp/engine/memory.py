"""What an execution remembers while it runs: outputs, what containers hold, and which steps are live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flowapp.engine.places import ON_ERROR, Owner, Path, place_of
from flowapp.engine.plan import Plan
from flowapp.workflows.steps.loop import LoopStep

Outputs = dict[str, Any]


@dataclass
class Memory:
    """What an execution remembers; never changed by deciding, which works on a draft of its own."""

    context: Mapping[str, Any]
    outputs: dict[str, Outputs] = field(default_factory=dict)  # by the prefix of the turn, then by the step's id
    held: dict[Path, Any] = field(default_factory=dict)
    given: dict[Path, Any] = field(default_factory=dict)  # the items that a loop goes through
    live: set[Path] = field(default_factory=set)

    def draft(self) -> Memory:
        """Answer a copy that may be changed without changing this one."""
        return Memory(self.context, self.outputs.copy(), self.held.copy(), self.given.copy(), self.live.copy())

    def keep(self, path: Path, output: Any) -> None:
        """Remember what a step gave."""
        place = place_of(path)
        step_id = path[len(place.prefix) :]
        self.outputs[place.scope] = {**self.outputs.get(place.scope, {}), step_id: output}

    def names(self, plan: Plan, path: Path) -> dict[str, Any]:
        """Answer what the expressions of a step may read."""
        place = place_of(path)
        steps = self.outputs.get("", {})
        names: dict[str, Any] = {"context": self.context, "vars": {}, "steps": steps}
        if place.plain:
            return names
        for owner in place.owners:
            if owner.number is not None:
                steps = {**steps, **self.outputs.get(owner.prefix, {})}
                names |= self._turn(plan, owner)
            elif owner.lane == ON_ERROR:
                names["error"] = self.held[owner.path]["error"]
        return {**names, "steps": steps}

    def _turn(self, plan: Plan, owner: Owner) -> dict[str, Any]:
        """Answer the names of a loop's own."""
        number = owner.number or 0
        names: dict[str, Any] = {"loop": {"index": number, "number": number + 1}}
        if owner.path in self.given:
            items = self.given[owner.path]
            names["loop"]["count"] = len(items)
            step = plan.nodes[owner.static].step
            assert isinstance(step, LoopStep)
            names[step.as_] = items[number]
        return names
