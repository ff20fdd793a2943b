"""Failing spells: how many runs of a workflow have failed one after the other, and since when.

A spell begins with a failed run and is over with the first that comes to its end; runs that people end say nothing
either way. Whoever owns the workflow is told once at either end, and one that fails too often is paused.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.orm import Session

from flowapp.engine import alerts
from flowapp.engine.alerts import Failing
from flowapp.engine.execution import ExecutionStatus
from flowapp.engine.parts import EngineParts
from flowapp.engine.writes import Ended
from flowapp.events.cause import SYSTEM, Cause
from flowapp.kernel.columns import Instant
from flowapp.kernel.prepared import Prepared
from flowapp.workflows.switching import pause_by_itself
from flowapp.workflows.workflow import Workflow

# Written out as in the index: few workflows fail, so this costs a run that went well next to nothing.
_IN_A_SPELL: Prepared[Any] = Prepared(select(Workflow.id).where(text("workflow.failures_in_a_row > 0")))
_COLUMNS = (Workflow.id, Workflow.name, Workflow.home_id, Workflow.owner_id, Workflow.failures_in_a_row)
_READ = Prepared(select(*_COLUMNS).where(Workflow.id == bindparam("workflow_id")), Failing)
_ONE_MORE = Prepared(
    update(Workflow)
    .where(Workflow.id == bindparam("workflow_id"))
    .values(
        failures_in_a_row=Workflow.failures_in_a_row + 1,
        failing_since=func.coalesce(Workflow.failing_since, bindparam("now", type_=Instant)),
    )
    .returning(*_COLUMNS),
    Failing,
)
_OVER: Prepared[Any] = Prepared(
    update(Workflow)
    .where(Workflow.id == bindparam("workflow_id"), Workflow.failures_in_a_row == bindparam("seen"))
    .values(failures_in_a_row=0, failing_since=None)
)


def watch(parts: EngineParts, session: Session, ended: Sequence[Ended]) -> Sequence[Ended]:
    """Count the runs that failed, tell people what they should know, and pause what fails all the time."""
    failing: set[int] | None = None
    for each in ended:
        if each.status is ExecutionStatus.FAILED:
            _failed(parts, session, each)
            failing = None
        elif each.status is ExecutionStatus.COMPLETED:
            if failing is None:
                failing = {workflow_id for (workflow_id,) in _IN_A_SPELL.rows(session)}
            if each.workflow_id in failing:
                failing.discard(each.workflow_id)
                _recovered(parts, session, each)
    return ()


def _failed(parts: EngineParts, session: Session, ended: Ended) -> None:
    [workflow] = _ONE_MORE.rows(session, workflow_id=ended.workflow_id, now=ended.at)
    most, cause = parts.pause_after_failures, Cause(actor=SYSTEM, at=ended.at)
    times = f"{workflow.failures} times in a row" if workflow.failures > 1 else "once"
    if 0 < most <= workflow.failures and pause_by_itself(session, cause, workflow.id, f"it failed {times}."):
        alerts.tell_paused(parts, session, cause, workflow, ended.execution_id, times)
    elif workflow.failures == 1:
        alerts.tell_failed(parts, session, cause, workflow, ended.execution_id)


def _recovered(parts: EngineParts, session: Session, ended: Ended) -> None:
    workflow = _READ.first(session, workflow_id=ended.workflow_id)
    if workflow is not None and _OVER.run(session, workflow_id=workflow.id, seen=workflow.failures) == 1:
        alerts.tell_recovered(parts, session, Cause(actor=SYSTEM, at=ended.at), workflow, ended.execution_id)
