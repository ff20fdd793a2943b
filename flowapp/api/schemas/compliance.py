"""Rules and checks of compliance: what is asked for, sent and answered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from flowapp.api.bodies import Day, Number
from flowapp.api.schemas.values import ListQuery, Page, Uid
from flowapp.rota.compliance.check import CheckStatus
from flowapp.rota.compliance.rule import Category, Mode, Severity


class RuleAnswer(BaseModel):
    """A rule, and how it is kept watch of."""

    code: str = Field(description="Unique, such as WTD_48_HOURS")
    name: str
    meaning: str
    category: Category
    severity: Severity
    mode: Mode
    parameters: dict[str, int] = Field(description="Its numbers by name", examples=[{"weeks": 17}])
    is_active: bool
    is_checked: bool = Field(description="Whether a check looks for it; others are told of by people and workflows")
    version: int = Field(description="Goes up with every change; 0 while nobody has changed it")


class RuleList(BaseModel):
    """Every rule."""

    items: list[RuleAnswer]


class RuleBody(BaseModel):
    """A rule of one's own, which people and workflows tell of."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"code": "FIRE_DRILL", "name": "A fire drill each month"}]},
    )

    code: str
    name: str
    meaning: str = ""
    category: Category = Category.OTHER
    severity: Severity = Severity.MEDIUM
    mode: Mode = Mode.RECORD


class RuleChange(BaseModel):
    """What is to be otherwise; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"severity": "high"}]})

    name: str = ""
    meaning: str = ""
    category: Category = Category.OTHER
    severity: Severity = Severity.MEDIUM
    mode: Mode = Mode.RECORD
    parameters: dict[str, int] = Field(default_factory=dict)
    is_active: bool = True

    def given(self) -> dict[str, Any]:
        """Answer the fields that were sent, as `Rule` has them."""
        return {name: self.__dict__[name] for name in self.model_fields_set}


class CheckQuery(ListQuery):
    """Which checks to answer."""

    home: str | None = Field(default=None, description="Only those of this home: its number or its code")
    status: CheckStatus | None = Field(default=None, description="Only those that stand like this")


class CheckBody(BaseModel):
    """A home to look through, from a day to a day."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"care_home_id": 1}]})

    care_home_id: Number
    first_day: Day | None = Field(default=None, description="Monday of last week when left out")
    last_day: Day | None = Field(default=None, description="Sunday in two weeks when left out")


class CheckAnswer(BaseModel):
    """One look through one home."""

    id: int
    uid: Uid
    care_home_id: int
    first_day: dt.date
    last_day: dt.date
    status: CheckStatus
    asked_by: str
    asked_at: dt.datetime
    finished_at: dt.datetime | None
    people: int = Field(description="How many people were looked at")
    shifts: int = Field(description="How many of their shifts lay in these days")
    found: int = Field(description="How many rules are broken, known or new")
    raised: int = Field(description="How many of these were written anew")
    resolved: int = Field(description="How many were found no more")


class CheckPage(Page):
    """Checks, a page at a time."""

    items: list[CheckAnswer]
