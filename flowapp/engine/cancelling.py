"""Ending executions before they have come to their end."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import case, exists, select, update
from sqlalchemy.orm import Session

from flowapp.engine.execution import EXECUTIONS, LIVE, STEPS, UNDER_WAY, ExecutionStatus, StepStatus
from flowapp.engine.keeping.retention import BY_PEOPLE, Retention
from flowapp.engine.over import has_ended, note_cancelled
from flowapp.engine.writes import Ended

_MATTERED = (STEPS.c.execution_id == EXECUTIONS.c.id) & (STEPS.c.effect.is_not(None) | STEPS.c.type.in_(BY_PEOPLE))
# One that had begun to act may have decided something; nothing is read here to find out.
_RETENTION = case((exists(select(1).where(_MATTERED)), Retention.LASTING), else_=Retention.DULL)


def cancel_executions(session: Session, execution_ids: Collection[int], *, reason: str, at: datetime) -> list[Ended]:
    """Cancel those of these executions that have not ended, with all that is ready or waits in them.

    What is at work outside cannot be called back: its result will be thrown away. Answers those that were cancelled,
    whose end must be followed (`ending.follow`).
    """
    found = session.execute(
        select(EXECUTIONS.c.id, EXECUTIONS.c.workflow_id, EXECUTIONS.c.run_key).where(
            EXECUTIONS.c.id.in_(execution_ids), EXECUTIONS.c.status.in_(LIVE)
        )
    ).all()
    over = has_ended(session)
    ended = [
        Ended(row.id, row.workflow_id, ExecutionStatus.CANCELLED, at, row.run_key)
        for row in found
        if row.id not in over
    ]
    numbers = [each.execution_id for each in ended]
    if numbers:
        note_cancelled(session, numbers, at)
        session.execute(
            update(STEPS)
            .where(STEPS.c.execution_id.in_(numbers), STEPS.c.status.in_(UNDER_WAY))
            .values(status=StepStatus.CANCELLED, stood=STEPS.c.status, lease_until=None, finished_at=at)
        )
        session.execute(
            update(EXECUTIONS)
            .where(EXECUTIONS.c.id.in_(numbers))
            .values(
                status=ExecutionStatus.CANCELLED, reason=reason, finished_at=at, retention=_RETENTION, held_back=None
            )
        )
    return ended
