"""What the page shows on which a condition is tried."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.engine.parts import Surroundings
from flowapp.events.catalogue import catalogue, context_schema
from flowapp.events.leave import LeaveRequested
from flowapp.expressions import Schema
from flowapp.web.expressions.answer import tried
from flowapp.web.expressions.field import ExpressionField, expression_field
from flowapp.web.expressions.form import TypedCondition
from flowapp.web.expressions.names import NameItem, names_of
from flowapp.web.expressions.sample import Sample, sample_of
from flowapp.web.filters import exact

FIRST = LeaveRequested.type
NO_EVENT = "There is no such event. Choose one of those in the list."
MADE_UP = "Nothing of this kind has happened where you may see it, so the values are made up."


@dataclass(frozen=True, kw_only=True)
class TryPage:
    """The event, the condition with what it says, and the names with their values."""

    event: str
    events: tuple[tuple[str, str], ...]
    field: ExpressionField
    names: tuple[NameItem, ...]
    sample: str
    errors: dict[str, str]

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field."""
        return tuple(self.errors.items())


def try_page(
    session: Session,
    person: Person,
    asked: str,
    typed: TypedCondition,
    *,
    surroundings: Surroundings,
    now: datetime,
    zone: ZoneInfo,
) -> TryPage:
    """Put together the page; an event that does not exist is answered as a problem, with another in its place."""
    known = not asked or asked in catalogue()
    event = asked if asked in catalogue() else FIRST
    schema, sample = context_schema(event), sample_of(session, person, event, now)
    field = expression_field(typed, Schema.from_json_schema(schema))
    answer = tried(field.answer, sample.context, surroundings(session, sample.home_id, sample.at))
    return TryPage(
        event=event,
        events=tuple((each, _upper(cls.label)) for each, cls in catalogue().items()),
        field=replace(field, answer=answer),
        names=names_of(schema, sample.context, zone, hidden=sample.hidden),
        sample=_words(sample, zone),
        errors={} if known else {"event": NO_EVENT},
    )


def _words(sample: Sample, zone: ZoneInfo) -> str:
    if not sample.is_real:
        return MADE_UP
    return f"The values are those of the latest one in your homes: {exact(sample.at, zone=zone)}."


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
