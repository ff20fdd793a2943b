"""Which workflows an event starts."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from flowapp.kernel.prepared import Prepared
from flowapp.workflows.workflow import EVERY_HOME, Subscription, Workflow, WorkflowStatus


class Match(NamedTuple):
    """A trigger that waits for an event of this kind in this home."""

    workflow_id: int
    version_id: int
    trigger_id: str
    trigger_type: str
    when: str | None
    workflow_home_id: int | None
    status: WorkflowStatus


_WAITING = Prepared(
    select(
        Subscription.workflow_id,
        Subscription.version_id,
        Subscription.trigger_id,
        Subscription.trigger_type,
        Subscription.when,
        Workflow.home_id,
        Workflow.status,
    )
    .join(Workflow, Workflow.id == Subscription.workflow_id)
    .where(
        Subscription.event_type == bindparam("event_type"),
        or_(Subscription.home_id == EVERY_HOME, Subscription.home_id == bindparam("home_id")),
        or_(Workflow.status == WorkflowStatus.ACTIVE, Workflow.status == WorkflowStatus.PAUSED),
    )
    .order_by(Subscription.workflow_id, Subscription.id),
    Match,
)


def waiting_for(session: Session, event_type: str, home_id: int | None) -> list[Match]:
    """Answer the triggers that wait for this kind of event, in the order the workflows were made.

    Those of paused workflows are among them: what came meanwhile is noted.
    """
    return _WAITING.rows(session, event_type=event_type, home_id=EVERY_HOME if home_id is None else home_id)
