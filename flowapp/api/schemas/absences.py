"""Absences: what is asked for, what is sent, and what is answered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from flowapp.api.bodies import Day, Number
from flowapp.api.schemas.values import Amount, ListQuery, Name, Page, Uid, Version, hidden
from flowapp.rota.absence.absence import AbsenceKind, AbsenceStatus

_FIRST = "The first day of the absence"
_BACK = "The day they think they will be back; empty when nobody knows"
_REASON = "What they said of it; the person, their manager and HR may read it"


class AbsenceQuery(ListQuery):
    """Which absences to answer."""

    home: str | None = Field(default=None, description="Only those of this home: its number or its code")
    staff_id: int | None = Field(default=None, ge=1, lt=10**15, description="Only those of this member of staff")
    status: AbsenceStatus | None = Field(default=None, description="Only those that stand like this")


class AbsenceBody(BaseModel):
    """Somebody is not there."""

    model_config = ConfigDict(extra="forbid")

    staff_id: Number
    kind: AbsenceKind = AbsenceKind.SICKNESS
    first_day: Day = Field(description=_FIRST)
    expected_return: Day | None = Field(default=None, description=_BACK)
    reason: str = Field(default="", description=_REASON)


class AbsenceChange(BaseModel):
    """What is to be otherwise; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"expected_return": "2026-12-09"}]})

    first_day: Day = Field(default=dt.date.min, description=_FIRST)
    expected_return: Day | None = Field(default=None, description=_BACK)
    reason: str = Field(default="", description=_REASON)

    def given(self) -> dict[str, Any]:
        """Answer the fields that were sent."""
        return self.model_dump(exclude_unset=True)


class EndBody(BaseModel):
    """Somebody is back."""

    model_config = ConfigDict(extra="forbid")

    last_day: Day = Field(description="The last day on which they were ill")


class TalkBody(BaseModel):
    """Somebody has talked with whoever is back."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field(default="", description="What was agreed; the person, their manager and HR may read it")


class AbsenceAnswer(BaseModel):
    """An absence."""

    id: int
    uid: Uid
    staff_id: int
    staff_name: Name
    care_home_id: int
    kind: AbsenceKind
    status: AbsenceStatus
    first_day: dt.date
    expected_return: dt.date | None
    last_day: dt.date | None = Field(description="Empty while it goes on")
    reported_by: str
    reported_at: dt.datetime
    talked_at: dt.datetime | None = Field(description="When somebody talked with them after it")
    talked_by: str | None
    version: Version
    reason: str = hidden("What they said of it")
    talk_note: str = hidden("What was agreed afterwards")
    episodes_12m: int = hidden("How often they were ill in the last twelve months")
    pct_12m: Amount = hidden("The working days lost in that time, in per cent")
    bradford: Amount = hidden("The Bradford score")
    needs_review: bool = hidden("Whether these figures reach the limits from which absence is reviewed")


class AbsencePage(Page):
    """Absences, a page at a time."""

    items: list[AbsenceAnswer]
