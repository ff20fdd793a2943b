"""What can happen to a shift."""

from __future__ import annotations

import builtins
import datetime as dt
from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from flowapp.events.event import Event, Facts, StaffFacts, UserFacts


class ShiftFacts(Facts):
    """The shift as it is now."""

    date: dt.date = Field(description="The day on which it starts")
    start: str = Field(description="When it starts by the clock of the home, such as 20:00")
    end: str = Field(description="When it ends by the clock of the home, such as 08:00")
    timezone: str = Field(description="The time zone of the home")
    starts_at: dt.datetime = Field(description="The moment it starts")
    ends_at: dt.datetime = Field(description="The moment it ends")
    hours: Decimal = Field(description="The paid hours, without the unpaid break")
    role: str = Field(description="The job it needs, such as Senior carer")
    skills: list[str] = Field(description="Codes of the training it needs")
    unit_id: int | None = Field(description="The number of the unit; empty for the whole home")
    unit: str = Field(description="The unit's name; empty text for the whole home")
    kind: str = Field(description="regular, overtime, bank, agency, training or supernumerary")
    working_time: str = Field(description="full, sleep_in or on_call")
    status: str = Field(description="open, assigned, in_progress, completed, no_show or cancelled")
    staff_id: int | None = Field(description="The number of whoever has it; empty while it is open")
    published: bool = Field(description="Whether staff can see it")
    notes: str = Field(description="What is noted about it; may be empty")


class ShiftContext(Facts):
    """What a workflow about a shift may read."""

    shift_id: int = Field(description="The number of the shift")
    staff_id: int | None = Field(description="The number of whoever it is about; empty for an open shift")
    user_id: int | None = Field(description="The number of the user who did this")
    care_home_id: int = Field(description="The number of the care home")
    shift_date: dt.date = Field(description="The day on which the shift starts")
    shift_type: str = Field(description="early, late, long_day, night, sleep_in, on_call or training")
    hours: Decimal = Field(description="The paid hours of the shift")
    is_open: bool = Field(description="Whether nobody has the shift")
    published: bool = Field(description="Whether staff can see the shift")
    hours_until_start: Decimal = Field(description="Hours until the shift starts; below 0 when it has begun")
    shift: ShiftFacts
    staff: StaffFacts | None = Field(description="Whoever it is about; empty for an open shift")
    user: UserFacts


class ChangedField(Facts):
    """One field of a shift that has another value now, in words."""

    field: str = Field(description="The field, such as start")
    old: str = Field(description="What it was; may be empty")
    new: str = Field(description="What it is; may be empty")


class ShiftUpdatedContext(ShiftContext):
    """What a workflow about a changed shift may read."""

    changes: list[ChangedField] = Field(description="Each field that has another value: field, old and new")


class ShiftDeletedContext(ShiftContext):
    """What a workflow about a cancelled shift may read; `staff` is whoever had it."""

    reason: str = Field(description="Why it is cancelled; may be empty")
    was_published: bool = Field(description="Whether staff could see it")


class ShiftUnfilledContext(ShiftContext):
    """What a workflow about a shift that nobody has may read."""

    mark_hours: int = Field(description="How many hours before the start it is told: 168, 72, 24 or 4")


class StaffAssignedContext(ShiftContext):
    """What a workflow about somebody who was given a shift may read."""

    staff_id: int = Field(description="The number of whoever was given the shift")
    staff: StaffFacts
    previous_staff_id: int | None = Field(description="The number of whoever handed it over; empty if it was open")


class StaffUnassignedContext(ShiftContext):
    """What a workflow about somebody who was taken off a shift may read; `staff` is that person."""

    staff_id: int = Field(description="The number of whoever was taken off the shift")
    staff: StaffFacts
    previous_staff_id: int = Field(description="The same number")
    reason: str = Field(description="Why; may be empty")


class ShiftCreated(Event):
    """A shift is planned."""

    type: ClassVar[str] = "shift_created"
    label: ClassVar[str] = "a shift is created"
    subject_type: ClassVar[str] = "shift"
    Context: ClassVar[builtins.type[Facts]] = ShiftContext


class ShiftUpdated(Event):
    """A shift is changed: its day, times, role, unit or anything else that is planned."""

    type: ClassVar[str] = "shift_updated"
    label: ClassVar[str] = "a shift is changed"
    subject_type: ClassVar[str] = "shift"
    Context: ClassVar[builtins.type[Facts]] = ShiftUpdatedContext


class ShiftDeleted(Event):
    """A shift is cancelled; its record stays."""

    type: ClassVar[str] = "shift_deleted"
    label: ClassVar[str] = "a shift is cancelled"
    subject_type: ClassVar[str] = "shift"
    Context: ClassVar[builtins.type[Facts]] = ShiftDeletedContext


class ShiftPublished(Event):
    """A shift is published: staff can see it from now on."""

    type: ClassVar[str] = "shift_published"
    label: ClassVar[str] = "a shift is published"
    subject_type: ClassVar[str] = "shift"
    Context: ClassVar[builtins.type[Facts]] = ShiftContext


class ShiftAcknowledged(Event):
    """Whoever has a published shift says that they have seen it."""

    type: ClassVar[str] = "shift_acknowledged"
    label: ClassVar[str] = "a shift is acknowledged"
    subject_type: ClassVar[str] = "shift"
    Context: ClassVar[builtins.type[Facts]] = ShiftContext


class ShiftUnfilled(Event):
    """A shift is still open seven days, three days, a day or four hours before it starts; told once at each."""

    type: ClassVar[str] = "shift_unfilled"
    label: ClassVar[str] = "a shift is still open"
    subject_type: ClassVar[str] = "shift"
    Context: ClassVar[builtins.type[Facts]] = ShiftUnfilledContext


class StaffAssigned(Event):
    """Somebody is given a shift."""

    type: ClassVar[str] = "staff_assigned"
    label: ClassVar[str] = "somebody is given a shift"
    subject_type: ClassVar[str] = "shift"
    Context: ClassVar[builtins.type[Facts]] = StaffAssignedContext


class StaffUnassigned(Event):
    """Somebody is taken off a shift, which is open again."""

    type: ClassVar[str] = "staff_unassigned"
    label: ClassVar[str] = "somebody is taken off a shift"
    subject_type: ClassVar[str] = "shift"
    Context: ClassVar[builtins.type[Facts]] = StaffUnassignedContext
