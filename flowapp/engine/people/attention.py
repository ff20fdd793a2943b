"""Which executions a person has to deal with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import literal_column, or_, select

from flowapp.engine.execution import EXECUTIONS, STEPS, ExecutionStatus

_OTHER = EXECUTIONS.alias("other")


def needs_attention() -> Any:
    """Whether it failed and is neither given up nor retried, or has a step that may or may not have acted."""
    failed = (
        (EXECUTIONS.c.status == ExecutionStatus.FAILED)
        & EXECUTIONS.c.given_up_at.is_(None)
        & ~select(_OTHER.c.id).where(_OTHER.c.retry_of == EXECUTIONS.c.id).exists()
    )
    # Written out as in the index, so that the database sees that it answers the question.
    in_doubt = select(STEPS.c.execution_id).where(literal_column("step_execution.status = 'uncertain'"))
    return or_(failed, (EXECUTIONS.c.status == ExecutionStatus.WAITING) & EXECUTIONS.c.id.in_(in_doubt))
