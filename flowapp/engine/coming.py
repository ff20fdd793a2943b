"""What comes due next: the time of a schedule, or of a step that waits for one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from flowapp.engine.execution import StepExecution
from flowapp.kernel.columns import Instant
from flowapp.kernel.prepared import Prepared
from flowapp.workflows.workflow import Subscription

_AFTER: Any = bindparam("after", type_=Instant)
# One seek in an index each; the conditions are written out as in the indexes.
_STEP = (
    select(StepExecution.run_at)
    .where(text("step_execution.status IN ('pending', 'waiting')"), StepExecution.run_at > _AFTER)
    .order_by(StepExecution.run_at)
    .limit(1)
    .scalar_subquery()
)
_SCHEDULE = (
    select(Subscription.next_fire_at)
    .where(text("subscription.cron IS NOT NULL"), Subscription.next_fire_at > _AFTER)
    .order_by(Subscription.next_fire_at)
    .limit(1)
    .scalar_subquery()
)
_NEXT: Prepared[tuple[datetime | None, datetime | None]] = Prepared(select(_STEP, _SCHEDULE))


def next_due(session: Session, after: datetime) -> datetime | None:
    """Answer the first moment later than this one at which something is due, as far as is known now."""
    found = _NEXT.first(session, after=after) or (None, None)
    return min((each for each in found if each is not None), default=None)
