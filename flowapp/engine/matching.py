"""Which workflows an event starts."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.workflows.workflow import EVERY_HOME, Subscription, Workflow


class Match(NamedTuple):
    """A trigger that waits for an event of this kind in this home."""

    workflow_id: int
    version_id: int
    trigger_id: str
    trigger_type: str
    when: str | None
    workflow_home_id: int | None


_COLUMNS = (
    Subscription.workflow_id,
    Subscription.version_id,
    Subscription.trigger_id,
    Subscription.trigger_type,
    Subscription.when,
    Workflow.home_id,
)


def waiting_for(session: Session, event_type: str, home_id: int | None) -> list[Match]:
    """Answer the triggers that wait for this kind of event, in the order the workflows were made."""
    homes = (EVERY_HOME,) if home_id is None else (EVERY_HOME, home_id)
    query: Any = (
        select(*_COLUMNS)
        .join(Workflow, Workflow.id == Subscription.workflow_id)
        .where(Subscription.event_type == event_type, Subscription.home_id.in_(homes))
        .order_by(Subscription.workflow_id, Subscription.id)
    )
    return [Match(*row) for row in session.execute(query)]
