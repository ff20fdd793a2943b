"""Bank holidays and local days: what is sent, and what is answered."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field

from flowapp.api.bodies import Day
from flowapp.api.schemas.values import Version


class YearQuery(BaseModel):
    """Of which year to answer."""

    year: int | None = Field(default=None, ge=2017, le=2035, description="This year where none is named")


class LocalDayBody(BaseModel):
    """A day that the home keeps."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"day": "2027-07-12", "name": "Town fair"}]}
    )

    day: Day
    name: str = Field(description="What people call it, such as Town fair")


class LocalDayRemoval(BaseModel):
    """A day that the home keeps no more."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"day": "2027-07-12"}]})

    day: Day


class HolidayAnswer(BaseModel):
    """One day that a home keeps."""

    date: dt.date
    name: str
    local: bool = Field(description="Whether the home alone keeps it")


class HolidaysAnswer(BaseModel):
    """The days that a home keeps in a year, in their order."""

    care_home_id: int
    year: int
    items: list[HolidayAnswer]
    version: Version
