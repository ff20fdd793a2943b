"""What a run gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowapp.engine.changes import End
from flowapp.engine.execution import ExecutionStatus
from flowapp.engine.memory import Memory
from flowapp.engine.places import place_of
from flowapp.engine.plan import Plan
from flowapp.workflows.document import AnyStep, lanes


def result_of(plan: Plan, memory: Memory, end: End) -> Any:
    """Answer what the last step gave, or the step that ended it on purpose; None unless it has completed."""
    if end.status is not ExecutionStatus.COMPLETED:
        return None
    if end.path is not None:
        place = place_of(end.path)
        return memory.outputs[place.scope][end.path[len(place.prefix) :]]
    return _last(plan.document.steps, memory.outputs.get("", {}))


def _last(steps: tuple[AnyStep, ...], outputs: Mapping[str, Any]) -> Any:
    """Answer what a list of steps gave; of a condition, what the way it went gave."""
    step = next((each for each in reversed(steps) if each.enabled), None)
    if step is None:
        return None
    output = outputs.get(step.id)
    way = output.get("way") if step.type == "condition" and isinstance(output, dict) else None
    inside = dict(lanes(step)).get(way, ()) if way else ()
    return _last(inside, outputs) if any(each.enabled for each in inside) else output
