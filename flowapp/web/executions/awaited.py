"""What a step that waits for events says of itself in the story of a run."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flowapp.engine.execution import StepExecution, StepStatus
from flowapp.web.filters import exact
from flowapp.workflows.sentences import plain_words
from flowapp.workflows.steps.wait import WaitStep


def came_words(row: StepExecution) -> str:
    """Say whether what was waited for came."""
    if row.status != StepStatus.COMPLETED or not row.output:
        return ""
    return "It did not come in time" if row.output["timed_out"] else "It came"


def waiting_words(step: WaitStep, row: StepExecution, zone: ZoneInfo) -> str:
    """Say what is waited for, and what happens when it does not come; nothing when it is over."""
    if row.status != StepStatus.WAITING:
        return ""
    until = (row.held or {}).get("until")
    rest = f" The run goes on without it on {exact(datetime.fromisoformat(until), zone=zone)}." if until else ""
    return f"Waiting for this: {plain_words(step.awaited_words)}.{rest}"
