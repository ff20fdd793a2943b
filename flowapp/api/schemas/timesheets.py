"""Timesheets: what is asked for and sent, and what is answered."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field

from flowapp.api.bodies import Number
from flowapp.api.schemas.values import Amount, ListQuery, Name, Page, Uid, Version
from flowapp.rota.timesheets.handing_in import Hours
from flowapp.rota.timesheets.timesheet import LONGEST_BREAK_MINUTES, TimesheetStatus
from flowapp.rota.timesheets.wall_clock import Which
from flowapp.rota.wall_time import read_time


class TimesheetQuery(ListQuery):
    """Which timesheets to answer."""

    home: str | None = Field(default=None, description="Only those of this home: its number or its code")
    first: dt.date | None = Field(default=None, alias="from", description="Only those on this day or later")
    last: dt.date | None = Field(default=None, alias="to", description="Only those on this day or earlier")
    status: TimesheetStatus | None = Field(default=None, description="Only those that stand like this")
    staff: int | None = Field(default=None, ge=1, lt=10**15, description="Only those of this member of staff")


class HoursBody(BaseModel):
    """When somebody came and went by the clock of the home; which time is meant where clocks went back."""

    model_config = ConfigDict(extra="forbid")

    start: str = Field(description="When they came by the clock of the home, such as 07:55")
    end: str = Field(description="When they went by the clock of the home, such as 20:05; the next day when need be")
    break_minutes: int = Field(ge=0, le=LONGEST_BREAK_MINUTES, description="The minutes of their unpaid break")
    start_which: Which | None = Field(default=None, description="Which one, where the clock showed the start twice")
    end_which: Which | None = Field(default=None, description="Which one, where the clock showed the end twice")
    reason: str = Field(default="", max_length=2000, description="What whoever decides should know")

    def hours(self) -> Hours:
        """Answer the hours meant; raises Refused when a time is none."""
        return Hours(
            came=read_time(self.start, field="start"),
            went=read_time(self.end, field="end"),
            break_minutes=self.break_minutes,
            came_which=self.start_which,
            went_which=self.end_which,
            words=self.reason,
        )


class TimesheetBody(HoursBody):
    """The hours of a shift, to be handed in."""

    shift_id: Number


class QueryBody(BaseModel):
    """What is asked about hours that are given back."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=2000, description="What is asked; the person reads it")


class TimesheetAnswer(BaseModel):
    """What somebody worked of a shift."""

    id: int
    uid: Uid
    care_home_id: int
    shift_id: int
    staff_id: int
    staff_name: Name
    date: dt.date = Field(description="The day on which the shift starts")
    in_at: dt.datetime | None = Field(description="The moment they came")
    out_at: dt.datetime | None = Field(description="The moment they went; empty while they are at work")
    break_minutes: int
    hours: Amount = Field(description="The hours worked, without the unpaid break; 0 while they are at work")
    planned_hours: Amount
    difference: str = Field(description="The difference to the plan in words; empty while they are at work")
    as_planned: bool = Field(description="Whether they came and went as planned, but for a few minutes")
    status: TimesheetStatus
    note: str = Field(description="What they say of it; may be empty")
    reason: str = Field(description="What is asked about it; may be empty")
    submitted_at: dt.datetime | None
    decided_by: str = Field(description="Who decided; empty until then")
    decided_at: dt.datetime | None
    version: Version


class TimesheetPage(Page):
    """Timesheets, a page at a time."""

    items: list[TimesheetAnswer]
