"""What the rules of working time know of somebody: what is sent, and what is answered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from flowapp.api.bodies import Day
from flowapp.api.schemas.values import Amount, Version, hidden
from flowapp.api.staff_bodies import Hours
from flowapp.rota.work_limits.limits import LEAST_NOTICE, MOST_NOTICE, Restriction
from flowapp.rota.working_time.runs import MOST_DAYS

_BORN = "Their birthday; under 18 the rules for young workers hold"
_OPTED = "The day on which they agreed in writing to more than 48 hours a week on average"
_NOTICE = f"With how many days’ notice they may take that back, {LEAST_NOTICE} to {MOST_NOTICE}"
_NIGHT = "The day of the last health assessment for night work"
_DAYS = f"The most days in a row they may work; {MOST_DAYS} are usual"
_HOURS = "The most hours of a week; empty for no limit of their own"
_EXTRA = "Whether they are glad to be asked for more shifts"
_RESTRICTIONS = "What they must not be asked to do, by occupational health"
_NOTE = "What occupational health has written; only they and HR may read it"


class WorkLimitsChange(BaseModel):
    """What is to be otherwise; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"opted_out_on": "2026-11-02"}]})

    born: Day | None = Field(default=None, description=_BORN)
    opted_out_on: Day | None = Field(default=None, description=_OPTED)
    opt_out_notice_days: int | None = Field(default=None, description=_NOTICE)
    night_assessed_on: Day | None = Field(default=None, description=_NIGHT)
    most_days_in_a_row: int = Field(default=MOST_DAYS, description=_DAYS)
    most_week_hours: Hours | None = Field(default=None, description=_HOURS)
    wants_extra: bool = Field(default=False, strict=True, description=_EXTRA)
    restrictions: list[Restriction] = Field(default_factory=list, max_length=20, description=_RESTRICTIONS)
    restriction_note: str = Field(default="", description=_NOTE)

    def given(self) -> dict[str, Any]:
        """Answer the fields that were sent, as `WorkLimits` has them."""
        given = self.model_dump(exclude_unset=True)
        if "restrictions" in given:
            given["restrictions"] = tuple(each for each in Restriction if each in given["restrictions"])
        return given


class WorkLimitsAnswer(BaseModel):
    """What the rules know of somebody."""

    staff_id: int
    version: Version
    born: dt.date | None = Field(description=_BORN)
    opted_out_on: dt.date | None = Field(description=_OPTED)
    opt_out_notice_days: int | None = Field(description=_NOTICE)
    night_assessed_on: dt.date | None = Field(description=_NIGHT)
    most_days_in_a_row: int = Field(description=_DAYS)
    most_week_hours: Amount | None = Field(description=_HOURS)
    wants_extra: bool = Field(description=_EXTRA)
    restrictions: list[Restriction] = Field(description=_RESTRICTIONS)
    restriction_note: str = hidden(_NOTE)
