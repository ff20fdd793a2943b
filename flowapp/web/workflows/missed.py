"""What a workflow missed while FlowApp was away, on its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import homes_of
from flowapp.accounts.people import Person
from flowapp.engine.schedules import MissedStart, missed_starts
from flowapp.web.filters import When, exact, when
from flowapp.workflows.workflow import Workflow

LATEST_MISSED = 10


@dataclass(frozen=True, kw_only=True)
class MissedItem:
    """One time at which it should have started."""

    due: str
    outcome: str
    href: str
    noticed: When


def missed_items(
    session: Session, person: Person, workflow: Workflow, *, now: datetime, zone: ZoneInfo
) -> tuple[MissedItem, ...]:
    """Answer the latest times that were missed, with a link to the run that made one good for those who may see it."""
    homes = homes_of(person, "execution.view")
    may_look = homes is None or workflow.home_id in homes
    found = missed_starts(session, workflow.id, limit=LATEST_MISSED)
    return tuple(_item(each, may_look, now, zone) for each in found)


def _item(missed: MissedStart, may_look: bool, now: datetime, zone: ZoneInfo) -> MissedItem:
    run = missed.execution_id
    return MissedItem(
        due=exact(missed.due_at, zone=zone),
        outcome="Not started" if run is None else "Started late",
        href=url_for("executions.show_execution", execution_id=run) if run is not None and may_look else "",
        noticed=when(missed.noticed_at, now=now, zone=zone),
    )
