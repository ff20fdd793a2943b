"""What can happen to the rota of a home as a whole."""

from __future__ import annotations

import builtins
import datetime as dt
from typing import ClassVar

from pydantic import Field

from flowapp.events.event import Event, Facts, UserFacts


class RotaPublishedContext(Facts):
    """What a workflow about a published week may read."""

    care_home_id: int = Field(description="The number of the care home")
    user_id: int | None = Field(description="The number of the user who did this")
    week: str = Field(description="The week, such as 2026-W48")
    first_day: dt.date = Field(description="The Monday of the week")
    last_day: dt.date = Field(description="The Sunday of the week")
    shift_count: int = Field(description="How many shifts staff can see that they could not see before")
    open_count: int = Field(description="How many of these nobody has")
    gap_count: int = Field(description="How many times in the week fewer people are planned than needed")
    breach_count: int = Field(description="How many shifts somebody has who cannot work them")
    reason: str = Field(description="Why it was published although somebody cannot work a shift; may be empty")
    user: UserFacts


class RotaPublished(Event):
    """A week of a home's rota is published: staff can see its shifts."""

    type: ClassVar[str] = "rota_published"
    label: ClassVar[str] = "a week of the rota is published"
    subject_type: ClassVar[str] = "care_home"
    Context: ClassVar[builtins.type[Facts]] = RotaPublishedContext
