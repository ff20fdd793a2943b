"""Failing spells: how many runs of a workflow have failed one after the other, and since when.

A spell begins with a failed run and is over with the first that comes to its end; runs that people end say nothing
either way. Whoever owns the workflow is told once at either end, and one that fails too often is paused. A run for
which a step of another one waits says nothing either: that one fails with it, or goes on as its workflow has it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.orm import Session

from flowapp.engine.execution import Execution, ExecutionStatus
from flowapp.engine.failures import alerts
from flowapp.engine.failures.alerts import Failing
from flowapp.engine.parts import EngineParts
from flowapp.engine.writes import Ended
from flowapp.events.cause import SYSTEM, Cause
from flowapp.kernel.columns import Instant
from flowapp.kernel.prepared import Prepared
from flowapp.kernel.transaction import TROUBLE, savepoint
from flowapp.workflows.switching import pause_by_itself
from flowapp.workflows.workflow import Workflow

log = logging.getLogger(__name__)
_WAITED_FOR: Prepared[Any] = Prepared(
    select(Execution.id).where(Execution.id == bindparam("execution_id"), Execution.awaited)
)
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
        if each.status is ExecutionStatus.FAILED and not _is_waited_for(session, each):
            _failed(parts, session, each)
            failing = None
        elif each.status is ExecutionStatus.COMPLETED:
            if failing is None:
                failing = {workflow_id for (workflow_id,) in _IN_A_SPELL.rows(session)}
            if each.workflow_id in failing and not _is_waited_for(session, each):
                failing.discard(each.workflow_id)
                _recovered(parts, session, each)
    return ()


def _is_waited_for(session: Session, ended: Ended) -> bool:
    return _WAITED_FOR.first(session, execution_id=ended.execution_id) is not None


def _failed(parts: EngineParts, session: Session, ended: Ended) -> None:
    [workflow] = _ONE_MORE.rows(session, workflow_id=ended.workflow_id, now=ended.at)
    most, cause = parts.pause_after_failures, Cause(actor=SYSTEM, at=ended.at)
    times = f"{workflow.failures} times in a row" if workflow.failures > 1 else "once"
    if 0 < most <= workflow.failures and pause_by_itself(session, cause, workflow.id, f"it failed {times}."):
        _tell(session, partial(alerts.tell_paused, parts, session, cause, workflow, ended.execution_id, times))
    elif workflow.failures == 1:
        _tell(session, partial(alerts.tell_failed, parts, session, cause, workflow, ended.execution_id))


def _recovered(parts: EngineParts, session: Session, ended: Ended) -> None:
    workflow = _READ.first(session, workflow_id=ended.workflow_id)
    if workflow is not None and _OVER.run(session, workflow_id=workflow.id, seen=workflow.failures) == 1:
        cause = Cause(actor=SYSTEM, at=ended.at)
        _tell(session, partial(alerts.tell_recovered, parts, session, cause, workflow, ended.execution_id))


def _tell(session: Session, tell: Callable[[], None]) -> None:
    """Tell people; what goes wrong there is logged, for the end of a run must be written all the same."""
    try:
        with savepoint(session):
            tell()
            session.flush()
    except TROUBLE:
        raise  # the database's trouble: the whole transaction is tried again
    except Exception:
        log.exception("an alert could not be written")
