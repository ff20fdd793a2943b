"""What can happen to handovers."""

from __future__ import annotations

import builtins
import datetime as dt
from typing import ClassVar

from pydantic import Field

from flowapp.events.event import Event, Facts, UserFacts


class ChangeOfShiftContext(Facts):
    """Where and when one shift gives way to the next."""

    care_home_id: int = Field(description="The number of the care home")
    unit_id: int | None = Field(description="The number of the unit; empty for the whole home")
    unit: str = Field(description="The unit's name; empty text for the whole home")
    change_at: dt.datetime = Field(description="The moment at which one shift gives way to the next")


class HandoverContext(ChangeOfShiftContext):
    """What a workflow about a handover may read; what it says of residents stays in the home."""

    handover_id: int = Field(description="The number of the handover")
    user_id: int | None = Field(description="The number of the user who wrote it")
    things_to_do: int = Field(description="How many things the next shift is asked to do")
    user: UserFacts


class HandoverMissingContext(ChangeOfShiftContext):
    """What a workflow about a handover that nobody wrote may read."""

    minutes_ago: int = Field(description="How many minutes ago the shift changed")
    user_id: int | None = Field(description="Empty: nobody did this, the time came")
    user: UserFacts


class HandoverRecorded(Event):
    """Somebody writes down what the next shift must know."""

    type: ClassVar[str] = "handover_recorded"
    label: ClassVar[str] = "a handover is written"
    subject_type: ClassVar[str] = "handover"
    Context: ClassVar[builtins.type[Facts]] = HandoverContext


class HandoverMissing(Event):
    """A shift changed some time ago, and nobody has written a handover."""

    type: ClassVar[str] = "handover_missing"
    label: ClassVar[str] = "a handover is missing"
    subject_type: ClassVar[str] = "care_home"
    Context: ClassVar[builtins.type[Facts]] = HandoverMissingContext
