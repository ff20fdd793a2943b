"""What can happen to a member of staff."""

from __future__ import annotations

import builtins
from typing import ClassVar

from pydantic import Field

from flowapp.events.event import Event, Facts, StaffFacts, UserFacts


class StaffContext(Facts):
    """What a workflow about a member of staff may read.

    The terms of the contract are not in it: seniors read the facts of runs, and those terms are not for them.
    """

    staff_id: int = Field(description="The number of the member of staff")
    user_id: int | None = Field(description="The number of the user who did this")
    care_home_id: int = Field(description="The number of the care home")
    employee_no: str = Field(description="The number on the payroll")
    unit_id: int | None = Field(description="The number of the unit; empty for the whole home")
    status: str = Field(description="pre_start, active, suspended, long_term_absent or leaver")
    staff: StaffFacts
    user: UserFacts


class StaffUpdatedContext(StaffContext):
    """What a workflow about a changed member of staff may read."""

    changed: list[str] = Field(description="The fields that have another value, such as status")
    previous_status: str = Field(description="The status before; the same as status when that is not what changed")


class StaffCreated(Event):
    """A member of staff is added."""

    type: ClassVar[str] = "staff_created"
    label: ClassVar[str] = "a member of staff is added"
    subject_type: ClassVar[str] = "staff"
    Context: ClassVar[builtins.type[Facts]] = StaffContext


class StaffUpdated(Event):
    """A member of staff is changed: their status, role, contract or anything else that is known of them."""

    type: ClassVar[str] = "staff_updated"
    label: ClassVar[str] = "a member of staff is changed"
    subject_type: ClassVar[str] = "staff"
    Context: ClassVar[builtins.type[Facts]] = StaffUpdatedContext


class StaffLeft(Event):
    """A member of staff becomes a leaver."""

    type: ClassVar[str] = "staff_left"
    label: ClassVar[str] = "a member of staff leaves"
    subject_type: ClassVar[str] = "staff"
    Context: ClassVar[builtins.type[Facts]] = StaffUpdatedContext
