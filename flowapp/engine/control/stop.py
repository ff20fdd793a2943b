"""A stop ends the execution on purpose."""

from __future__ import annotations

from typing import Any

from flowapp.engine.changes import End, StepError
from flowapp.engine.control.control import Control
from flowapp.engine.control.walk import Walk
from flowapp.engine.execution import ExecutionStatus
from flowapp.engine.places import Path
from flowapp.expressions import template
from flowapp.workflows.steps.stop import StopStep

_UNSAID = {
    ExecutionStatus.FAILED: "The workflow stopped here as failed.",
    ExecutionStatus.CANCELLED: "The workflow stopped here as cancelled.",
}


class StopControl(Control):
    """Ends the execution with its outcome and its message."""

    def enter(self, walk: Walk, path: Path, step: StopStep, last: Any) -> None:
        """End it, whatever else is under way."""
        said = template(step.message).render(walk.names(path), walk.environment)
        status = ExecutionStatus(step.outcome)
        message = said or _UNSAID.get(status)
        walk.complete(path, {"outcome": step.outcome, "message": said})
        error = StepError(code="stopped", message=str(message)) if status is ExecutionStatus.FAILED else None
        walk.end(End(status=status, path=path, error=error, message=message))
