"""What can happen to an absence."""

from __future__ import annotations

import builtins
from datetime import date
from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from flowapp.events.event import Event, Facts, StaffFacts, UserFacts


class AbsenceContext(Facts):
    """What a workflow about an absence may read.

    Why somebody is ill is not in it: seniors read the facts of runs, and that is not for them.
    """

    absence_id: int = Field(description="The number of the absence")
    staff_id: int = Field(description="The number of the member of staff")
    user_id: int | None = Field(description="The number of the user who did this")
    care_home_id: int = Field(description="The number of the care home")
    kind: str = Field(description="sickness, no_show or lateness")
    first_day: date = Field(description="The first day of the absence")
    expected_return: date | None = Field(description="The day they think they will be back; empty when nobody knows")
    last_day: date | None = Field(description="The last day of the absence; empty while it goes on")
    staff: StaffFacts
    user: UserFacts


class AbsenceReportedContext(AbsenceContext):
    """What a workflow about a reported absence may read."""

    affected_count: int = Field(description="Their own shifts of the next 72 hours")
    affected_shifts: list[int] = Field(description="The numbers of those shifts, the next one first")


class AbsenceEndedContext(AbsenceContext):
    """What a workflow about somebody who is back may read."""

    days: int = Field(description="Every day from the first to the last")
    episodes_12m: int = Field(description="How often they were ill in the last twelve months, this time included")
    pct_12m: Decimal = Field(description="The working days lost in that time, in per cent")
    bradford: Decimal = Field(description="The Bradford score, in which many short absences weigh more than a long one")
    needs_review: bool = Field(description="Whether these figures reach the limits from which absence is reviewed")
    talk_due_on: date | None = Field(description="By when to talk with them about it; empty for other than sickness")


class AbsenceReported(Event):
    """Somebody is reported as ill, as late, or as not there."""

    type: ClassVar[str] = "absence_reported"
    label: ClassVar[str] = "somebody is reported off sick, late or missing"
    subject_type: ClassVar[str] = "absence"
    Context: ClassVar[builtins.type[Facts]] = AbsenceReportedContext


class AbsenceEnded(Event):
    """Somebody is back from an illness."""

    type: ClassVar[str] = "absence_ended"
    label: ClassVar[str] = "somebody is back after being off sick"
    subject_type: ClassVar[str] = "absence"
    Context: ClassVar[builtins.type[Facts]] = AbsenceEndedContext
