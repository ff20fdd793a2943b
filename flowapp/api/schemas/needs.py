"""What homes need: what is asked for, and what is answered."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, Field

from flowapp.api.schemas.values import ListQuery, Page, Version
from flowapp.rota.staff import JobRole

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class NeedQuery(ListQuery):
    """Which needs to answer."""

    home: str | None = Field(default=None, description="Only those of this home: its number or its code")


class NeedAnswer(BaseModel):
    """How many people of a role a home needs for a shift."""

    id: int
    care_home_id: int
    unit_id: int | None = Field(description="Empty for the whole home")
    unit_name: str | None
    name: str = Field(description="What people call the shift, such as night")
    role: JobRole
    weekdays: list[Weekday]
    start: str = Field(description="By the clock of the home, such as 20:00")
    end: str = Field(description="By the clock of the home, such as 08:00")
    fewest: int = Field(description="With fewer, the rota shows a gap")
    ideal: int | None = Field(description="How many there are on a good day")
    valid_from: dt.date | None
    valid_to: dt.date | None = Field(description="The last day on which it is needed")
    skills: list[str] = Field(description="Codes of the training they need")
    version: Version


class NeedPage(Page):
    """What homes need, a page at a time."""

    items: list[NeedAnswer]
