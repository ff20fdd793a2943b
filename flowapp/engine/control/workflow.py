"""A step that starts another workflow waits until the run it has started ends."""

from __future__ import annotations

from typing import Any, NamedTuple

from flowapp.engine.changes import Failed, StepError
from flowapp.engine.control.control import CannotGoOn, Control
from flowapp.engine.control.failing import next_try
from flowapp.engine.control.walk import Walk
from flowapp.engine.execution import LIVE, ExecutionStatus, StepStatus
from flowapp.engine.places import Path
from flowapp.workflows.steps.workflow import WorkflowStep


class Child(NamedTuple):
    """A run that a step has started, as it stands."""

    execution_id: int
    name: str
    status: ExecutionStatus
    reason: str | None
    result: Any

    @property
    def live(self) -> bool:
        """Whether it has not ended yet."""
        return self.status in LIVE

    @property
    def error(self) -> StepError:
        """Why the step that waits for it cannot go on."""
        said = f": {self.reason}" if self.reason else "."
        if self.status is ExecutionStatus.CANCELLED:
            return StepError(code="workflow_cancelled", message=f"“{self.name}” was cancelled{said}")
        return StepError(code="workflow_failed", message=f"“{self.name}” failed{said}")

    @property
    def not_begun(self) -> StepError:
        """Why the step that wanted to start it cannot go on."""
        if self.status is ExecutionStatus.CANCELLED and self.reason:
            return StepError(code="workflow_not_started", message=self.reason)
        return self.error


class WorkflowControl(Control):
    """Remembers how often it has been tried."""

    def enter(self, walk: Walk, path: Path, step: WorkflowStep, last: Any) -> None:
        """Let the other workflow be started, and wait for it if that is wanted."""
        if step.wait:
            tries = (walk.memory.held.get(path) or {}).get("tries", 0)
            walk.hold(path, {"tries": tries + 1})
            walk.wait(path)
        walk.act(path)

    def woken(self, walk: Walk, path: Path, step: WorkflowStep, told: Child | None) -> None:
        """Go on when the run has ended; woken for nothing, it waits again."""
        if told is None or told.live:
            walk.wait(path)
        elif told.status is ExecutionStatus.COMPLETED:
            output = {"execution_id": told.execution_id, "status": told.status.value, "output": told.result}
            walk.complete(path, output, f"Ran “{told.name}”, run {told.execution_id}.")
            walk.go_on(path, output)
        else:
            self._try_again(walk, path, told)

    def _try_again(self, walk: Walk, path: Path, told: Child) -> None:
        tries = walk.held(path)["tries"]
        failed = Failed(path, told.error, attempt=tries, key=str(told.execution_id), retryable=True)
        again = next_try(walk, failed)
        if again is None:
            raise CannotGoOn(told.error)
        walk.open(path, StepStatus.PENDING, run_at=again, error=told.error)
