"""What can happen to a timesheet."""

from __future__ import annotations

import builtins
import datetime as dt
from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from flowapp.events.event import Event, Facts, StaffFacts, UserFacts


class TimesheetContext(Facts):
    """What a workflow about hours that were handed in may read."""

    timesheet_id: int = Field(description="The number of the timesheet")
    staff_id: int = Field(description="The number of whoever worked the hours")
    user_id: int | None = Field(description="The number of the user who did this")
    care_home_id: int = Field(description="The number of the care home")
    shift_id: int = Field(description="The number of the shift")
    shift_date: dt.date = Field(description="The day on which the shift starts")
    in_at: dt.datetime = Field(description="The moment they came")
    out_at: dt.datetime = Field(description="The moment they went")
    break_minutes: int = Field(description="The minutes of their unpaid break")
    hours: Decimal = Field(description="The hours they worked, without the unpaid break")
    planned_hours: Decimal = Field(description="The paid hours of the shift as it was planned")
    difference_hours: Decimal = Field(description="How many hours more than planned; below 0 when fewer")
    as_planned: bool = Field(description="Whether they came and went as planned, but for a few minutes")
    difference: str = Field(description="The difference to the plan in words, such as As planned")
    note: str = Field(description="What the person says of their hours; may be empty")
    staff: StaffFacts
    user: UserFacts


class TimesheetApprovedContext(TimesheetContext):
    """What a workflow about approved hours may read."""

    decided_by: str = Field(description="Who approved them, such as Maya Reid")


class TimesheetQueriedContext(TimesheetContext):
    """What a workflow about queried hours may read."""

    decided_by: str = Field(description="Who queried them, such as Maya Reid")
    reason: str = Field(description="What is asked about them")


class TimesheetSubmitted(Event):
    """Somebody hands in the hours they worked, or hands them in anew."""

    type: ClassVar[str] = "timesheet_submitted"
    label: ClassVar[str] = "a timesheet is handed in"
    subject_type: ClassVar[str] = "timesheet"
    Context: ClassVar[builtins.type[Facts]] = TimesheetContext


class TimesheetApproved(Event):
    """Hours are approved to be paid."""

    type: ClassVar[str] = "timesheet_approved"
    label: ClassVar[str] = "a timesheet is approved"
    subject_type: ClassVar[str] = "timesheet"
    Context: ClassVar[builtins.type[Facts]] = TimesheetApprovedContext


class TimesheetQueried(Event):
    """Hours are given back with a question."""

    type: ClassVar[str] = "timesheet_queried"
    label: ClassVar[str] = "a timesheet is queried"
    subject_type: ClassVar[str] = "timesheet"
    Context: ClassVar[builtins.type[Facts]] = TimesheetQueriedContext
