"""The rota of a week: what is sent, and what is answered."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field

from flowapp.rota.staff import JobRole


class PublishWeekBody(BaseModel):
    """Why a week is published although somebody cannot work a shift of theirs; else nothing."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(default="", description="Needed where there are breaches, such as Agreed with everybody")


class GapAnswer(BaseModel):
    """Too few people of a role for a shift on a day."""

    date: dt.date
    need_id: int
    unit_id: int | None = Field(description="Empty for the whole home")
    role: JobRole
    needed: int
    planned: int = Field(description="How many people have such a shift")
    text: str = Field(description="In words, such as Needs 2 more care assistants for the night")


class BreachAnswer(BaseModel):
    """A shift that whoever has it cannot work."""

    shift_id: int
    staff_id: int
    rule: str = Field(description="The rule by its code, such as E06")
    text: str


class WeekAnswer(BaseModel):
    """One week of one home: what staff cannot see yet, what is lacking, what is wrong."""

    care_home_id: int
    week: str = Field(description="The week, such as 2026-W48")
    first_day: dt.date
    last_day: dt.date
    published: int = Field(description="How many shifts staff can see")
    to_publish: list[int] = Field(description="The numbers of the shifts that staff cannot see yet")
    open: int = Field(description="How many of these nobody has")
    gaps: list[GapAnswer]
    breaches: list[BreachAnswer]
