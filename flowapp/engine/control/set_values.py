"""A step that names values works them out at once."""

from __future__ import annotations

from typing import Any

from flowapp.engine.control.control import Control
from flowapp.engine.control.walk import Walk
from flowapp.engine.places import Path
from flowapp.expressions import render
from flowapp.kernel.plain import plain
from flowapp.workflows.steps.set_values import SetStep


class SetControl(Control):
    """Settled at once with the record of its values."""

    def enter(self, walk: Walk, path: Path, step: SetStep, last: Any) -> None:
        """Work the values out."""
        output = plain(render(step.values, walk.names(path), walk.environment))
        walk.complete(path, output)
        walk.go_on(path, output)
