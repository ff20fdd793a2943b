"""What can happen to when somebody can work."""

from __future__ import annotations

import builtins
from datetime import date
from typing import ClassVar

from pydantic import Field

from flowapp.events.event import Event, Facts, StaffFacts, UserFacts


class AvailabilityContext(Facts):
    """What a workflow about when somebody can work may read."""

    staff_id: int = Field(description="The number of the member of staff")
    user_id: int | None = Field(description="The number of the user who did this")
    care_home_id: int = Field(description="The number of the care home")
    what: str = Field(description="pattern for weeks that repeat, exception for a single stretch")
    change: str = Field(description="added, changed or removed")
    first_day: date = Field(description="The first day it is about")
    last_day: date | None = Field(description="The last day it is about; empty without an end")
    clash_count: int = Field(description="Their own shifts of the next four weeks at times they cannot work")
    clash_shifts: list[int] = Field(description="The numbers of those shifts")
    staff: StaffFacts
    user: UserFacts


class AvailabilityChanged(Event):
    """Somebody says anew when they can work."""

    type: ClassVar[str] = "availability_changed"
    label: ClassVar[str] = "somebody says anew when they can work"
    subject_type: ClassVar[str] = "staff"
    Context: ClassVar[builtins.type[Facts]] = AvailabilityContext
