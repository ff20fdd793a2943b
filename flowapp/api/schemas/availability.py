"""When somebody can work: what is asked for, what is sent, and what is answered."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from flowapp.api.bodies import Day
from flowapp.api.schemas.values import Version
from flowapp.rota.availability.changes import Stretch
from flowapp.rota.availability.pattern import (
    MOST_SLOTS,
    MOST_WEEKS,
    Pattern,
    Slot,
    SlotKind,
    monday_of,
)
from flowapp.rota.eligibility.candidate import Presence
from flowapp.rota.wall_time import read_time
from flowapp.rota.work import WEEKDAY_NAMES

_WEEKS = "By week (1 is the first) and weekday (mon to sun): the times, and what is said of them"
_A_WEEK = {"1": {"sun": [{"from": "00:00", "to": "00:00", "kind": "unavailable"}]}}
_REPEAT = f"After how many weeks it begins anew, up to {MOST_WEEKS}"


class SlotBody(BaseModel):
    """A stretch of a weekday; an end that is not after the start is on the next day, so 00:00 to 00:00 is all day."""

    model_config = ConfigDict(extra="forbid")

    start: str = Field(alias="from", description="By the clock of the home, such as 08:00")
    end: str = Field(alias="to", description="By the clock of the home, such as 20:00")
    kind: SlotKind


WeekNumber = Literal["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Weeks = dict[WeekNumber, dict[Weekday, Annotated[list[SlotBody], Field(max_length=MOST_SLOTS)]]]


def _slots(weeks: Weeks) -> tuple[Slot, ...]:
    return tuple(
        Slot(
            week=int(week),
            weekday=WEEKDAY_NAMES.index(day),
            start=read_time(row.start, field="slots"),
            end=read_time(row.end, field="slots"),
            kind=row.kind,
        )
        for week, days in weeks.items()
        for day, rows in days.items()
        for row in rows
    )


class PatternBody(BaseModel):
    """What somebody says of their weeks."""

    model_config = ConfigDict(extra="forbid")

    valid_from: Day = Field(description="The first day it holds")
    valid_to: Day | None = Field(default=None, description="The last day it holds; empty until they say otherwise")
    repeat_weeks: int = Field(default=1, description=_REPEAT)
    anchor: Day | None = Field(default=None, description="A Monday of its first week; that of valid_from unless sent")
    slots: Weeks = Field(description=_WEEKS, examples=[_A_WEEK])

    def pattern(self) -> Pattern:
        """Answer what they say; raises Refused when a time is none."""
        return Pattern(
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            repeat_weeks=self.repeat_weeks,
            anchor=self.anchor or monday_of(self.valid_from),
            slots=_slots(self.slots),
        )


class PatternChange(BaseModel):
    """What is to be otherwise; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"valid_to": "2026-12-31"}]})

    valid_from: Day = Field(default=dt.date.min, description="The first day it holds")
    valid_to: Day | None = Field(default=None, description="The last day it holds")
    repeat_weeks: int = Field(default=1, description=_REPEAT)
    anchor: Day = Field(default=dt.date.min, description="A Monday of its first week")
    slots: Weeks = Field(default_factory=dict, description=_WEEKS, examples=[_A_WEEK])

    def given(self) -> dict[str, Any]:
        """Answer the fields that were sent, as `Pattern` has them; raises Refused when a time is none."""
        given = self.model_dump(exclude_unset=True, exclude={"slots"})
        return given | ({"slots": _slots(self.slots)} if "slots" in self.model_fields_set else {})


class ExceptionBody(BaseModel):
    """What somebody says of a single stretch of time, by the clock of their home."""

    model_config = ConfigDict(extra="forbid")

    first_day: Day
    start: str = Field(default="00:00", description="When it begins on that day, such as 08:00")
    last_day: Day = Field(description="The day on which it ends")
    end: str = Field(default="00:00", description="When it ends on that day, such as 20:00; 00:00 is its end")
    kind: SlotKind = SlotKind.UNAVAILABLE
    reason: str = Field(default="", description="Why; whoever plans may read it")

    def stretch(self) -> Stretch:
        """Answer what is meant; raises Refused when a time is none."""
        start, end = read_time(self.start, field="start"), read_time(self.end, field="end")
        return Stretch.of(self.first_day, start, self.last_day, end, kind=self.kind, reason=self.reason)


class AvailabilityQuery(BaseModel):
    """Of which days to answer."""

    first: dt.date | None = Field(default=None, alias="from", description="From this day on; today unless given")
    last: dt.date | None = Field(default=None, alias="to", description="Up to this day; four weeks on unless given")


class PatternAnswer(BaseModel):
    """What somebody says of their weeks."""

    id: int
    valid_from: dt.date
    valid_to: dt.date | None
    repeat_weeks: int
    anchor: dt.date
    slots: dict[str, dict[str, list[dict[str, str]]]] = Field(description=_WEEKS)
    version: Version


class ExceptionAnswer(BaseModel):
    """What somebody says of a single stretch of time."""

    id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    kind: SlotKind
    reason: str


class SaidAnswer(BaseModel):
    """A time at which somebody cannot work, or would like to."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    kind: Presence
    reason: str


class AvailabilityAnswer(BaseModel):
    """When somebody can work."""

    staff_id: int
    patterns: list[PatternAnswer]
    exceptions: list[ExceptionAnswer] = Field(description="Those that touch the days asked for")
    said: list[SaidAnswer] = Field(description="What all of it says of the days asked for")


class Removed(BaseModel):
    """What is gone."""

    removed: int = Field(description="Its number")
