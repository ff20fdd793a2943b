"""What a run waits for, in a sentence at the top of its page."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from flowapp.engine.execution import StepExecution, StepStatus
from flowapp.engine.queries import StepRow
from flowapp.web.filters import exact
from flowapp.workflows.steps.wait import WaitStep
from flowapp.workflows.steps.workflow import WorkflowStep

IN_DOUBT = "Waits for a person: nobody knows whether a step was done."


def waits_words(steps: Sequence[StepRow], zone: ZoneInfo) -> str:
    """Say what a run waits for; nothing where no step says so."""
    rows = [(each.step, each.row) for each in steps if each.row is not None]
    if any(row.status == StepStatus.UNCERTAIN for _, row in rows):
        return IN_DOUBT
    found = {_words(step, row, zone) for step, row in rows if row.status == StepStatus.WAITING}
    return found.pop() if len(found) == 1 else "Waits in several places." if found else ""


def _words(step: object, row: StepExecution, zone: ZoneInfo) -> str:
    if isinstance(step, WaitStep):
        return "Waits for something to happen."
    if isinstance(step, WorkflowStep):
        return "Waits for a run that it started."
    return f"Waits until {exact(row.run_at, zone=zone)}." if row.run_at else "Waits."
