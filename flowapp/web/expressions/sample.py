"""What a condition is tried on: the latest event of its kind that the reader may see, or a made-up one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import can, homes_of
from flowapp.accounts.people import On, Person
from flowapp.events.catalogue import context_schema
from flowapp.events.outbox import EventRecord
from flowapp.web.expressions.example import example_of

REASON = "context.leave.reason"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The values, when and where they were so, and the names whose values are made up for this reader."""

    context: Mapping[str, Any]
    at: datetime
    home_id: int | None = None
    is_real: bool = False
    hidden: frozenset[str] = field(default=frozenset())


def sample_of(session: Session, person: Person, event_type: str, now: datetime) -> Sample:
    """Answer the sample for one person; nothing that they may not see is in it, so no condition can ask for it."""
    example = example_of(context_schema(event_type))
    found = _latest(session, person, event_type)
    if found is None:
        return Sample(context=example, at=now)
    context, hidden = _masked(person, found, example)
    return Sample(
        context=context, at=found.occurred_at, home_id=found.care_home_id, is_real=True, hidden=frozenset(hidden)
    )


def _latest(session: Session, person: Person, event_type: str) -> EventRecord | None:
    query = select(EventRecord).where(EventRecord.type == event_type).order_by(EventRecord.seq.desc()).limit(1)
    homes = homes_of(person, "event.view")
    if homes is not None:
        query = query.where(EventRecord.care_home_id.in_(homes))
    return session.scalar(query)


def _masked(person: Person, found: EventRecord, example: Mapping[str, Any]) -> tuple[Mapping[str, Any], set[str]]:
    """Put a made-up reason for leave in the place of the true one, for those who may not know it."""
    context: dict[str, Any] = found.context
    leave = context.get("leave")
    on = On(home_id=found.care_home_id, staff_id=context.get("staff_id"))
    if not isinstance(leave, dict) or can(person, "leave.reason", on):
        return context, set()
    made_up = example.get("leave", {}).get("reason", "")
    return context | {"leave": leave | {"reason": made_up}}, {REASON}
