"""Shifts: what is asked for, and what is answered."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, Field

from flowapp.api.schemas.values import Amount, ListQuery, Page, Uid, hidden
from flowapp.rota.shifts import ShiftKind, ShiftStatus, WorkingTime
from flowapp.rota.staff import JobRole


class ShiftQuery(ListQuery):
    """Which shifts to answer."""

    home: str | None = Field(default=None, description="Only those of this home: its number or its code")
    first: dt.date | None = Field(default=None, alias="from", description="Only those on this day or later")
    last: dt.date | None = Field(default=None, alias="to", description="Only those on this day or earlier")
    status: ShiftStatus | None = Field(default=None, description="Only those that stand like this")
    open: bool | None = Field(default=None, description="Only those that nobody has, or only the others")


class ShiftAnswer(BaseModel):
    """A shift as it is planned."""

    id: int
    uid: Uid
    care_home_id: int
    unit_id: int | None = Field(description="Empty for a shift of the whole home")
    unit_name: str | None
    role: JobRole = Field(description="The job it needs")
    date: dt.date = Field(description="The day on which it starts")
    start: str = Field(description="By the clock of the home, such as 20:00")
    end: str = Field(description="By the clock of the home, such as 08:00")
    timezone: str = Field(description="The time zone of the home, such as Europe/London")
    starts_at: dt.datetime
    ends_at: dt.datetime
    unpaid_break_minutes: int
    hours: Amount = Field(description="The paid hours, without the unpaid break")
    kind: ShiftKind
    working_time: WorkingTime
    type: str = Field(description="By its times, such as night")
    status: ShiftStatus
    staff_id: int | None = Field(description="Whoever has it; empty while it is open")
    staff_name: str | None
    published: bool = Field(description="Whether staff can see it")
    published_at: dt.datetime | None
    acknowledged_at: dt.datetime | None = Field(description="When whoever has it said that they have seen it")
    notes: str
    skills: list[str] = Field(description="Codes of the training it needs")
    version: int = Field(description="Goes up with every change; also the ETag")
    cancel_reason: str = hidden("Why it was cancelled")


class ShiftPage(Page):
    """Shifts, a page at a time."""

    items: list[ShiftAnswer]
