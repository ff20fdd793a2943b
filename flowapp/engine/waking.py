"""Waking a step that waits for something other than a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from flowapp.engine.execution import STEPS, StepStatus


def wake(session: Session, execution_id: int, path: str, at: datetime) -> bool:
    """Let a waiting step have its turn; answer whether it waited still."""
    woken: CursorResult[Any] = session.execute(
        update(STEPS)
        .where(STEPS.c.execution_id == execution_id, STEPS.c.path == path, STEPS.c.status == StepStatus.WAITING)
        .values(run_at=at)
    )  # type: ignore[assignment]
    return woken.rowcount == 1
