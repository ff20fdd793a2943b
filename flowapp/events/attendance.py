"""What can happen when somebody should come to work: they come, come late, go, or do not come."""

from __future__ import annotations

import builtins
import datetime as dt
from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from flowapp.events.event import Event, Facts, StaffFacts
from flowapp.events.shift import ShiftContext


class AttendanceContext(ShiftContext):
    """What a workflow about somebody who is expected at work may read."""

    staff_id: int = Field(description="The number of whoever has the shift")
    staff: StaffFacts


class ClockedContext(AttendanceContext):
    """What a workflow about somebody who clocked in may read."""

    at: dt.datetime = Field(description="The moment, to the minute")


class LateContext(ClockedContext):
    """What a workflow about somebody who came late may read."""

    minutes_late: int = Field(description="How many minutes after the planned start")
    note: str = Field(description="What they say about it; may be empty")


class ClockedOutContext(ClockedContext):
    """What a workflow about somebody who clocked out may read."""

    worked_hours: Decimal = Field(description="The hours they worked, without the unpaid break")


class NoShowContext(AttendanceContext):
    """What a workflow about somebody who did not come may read."""

    minutes_missing: int = Field(description="How many minutes ago the shift started")


class StaffClockedIn(Event):
    """Somebody comes to their shift and says so."""

    type: ClassVar[str] = "staff_clocked_in"
    label: ClassVar[str] = "somebody clocks in"
    subject_type: ClassVar[str] = "shift"
    Context: ClassVar[builtins.type[Facts]] = ClockedContext


class LateClockIn(Event):
    """Somebody clocks in more than five minutes after their shift started."""

    type: ClassVar[str] = "late_clock_in"
    label: ClassVar[str] = "somebody clocks in late"
    subject_type: ClassVar[str] = "shift"
    Context: ClassVar[builtins.type[Facts]] = LateContext


class StaffClockedOut(Event):
    """Somebody goes from their shift and says so."""

    type: ClassVar[str] = "staff_clocked_out"
    label: ClassVar[str] = "somebody clocks out"
    subject_type: ClassVar[str] = "shift"
    Context: ClassVar[builtins.type[Facts]] = ClockedOutContext


class StaffNoShow(Event):
    """Somebody has not clocked in for so long that their home counts them as not having come."""

    type: ClassVar[str] = "staff_no_show"
    label: ClassVar[str] = "somebody does not come to their shift"
    subject_type: ClassVar[str] = "shift"
    Context: ClassVar[builtins.type[Facts]] = NoShowContext
