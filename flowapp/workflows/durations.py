"""Lengths of time as documents have them: `{"hours": 4}`, `{"working_days": 2}`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from flowapp.expressions import Calendar
from flowapp.workflows.steps.part import Part

UNITS = ("seconds", "minutes", "hours", "days", "working_days")


class Duration(Part):
    """A length of time, in exactly one unit."""

    seconds: int | None = Field(default=None, ge=1, le=31_622_400)
    minutes: int | None = Field(default=None, ge=1, le=527_040)
    hours: int | None = Field(default=None, ge=1, le=8_784)
    days: int | None = Field(default=None, ge=1, le=3_660)
    working_days: int | None = Field(default=None, ge=1, le=1_000)

    @model_validator(mode="before")
    @classmethod
    def _one_unit(cls, given: Any) -> Any:
        if isinstance(given, dict) and (len(given) != 1 or not set(given) & set(UNITS)):
            raise ValueError(f'say how long in exactly one unit, such as {{"hours": 4}}. Units: {", ".join(UNITS)}')
        return given

    @property
    def unit(self) -> str:
        """The unit it is given in."""
        return next(iter(self.model_dump(exclude_none=True)))

    @property
    def number(self) -> int:
        """How many of its unit."""
        return int(self.model_dump()[self.unit])

    @property
    def words(self) -> str:
        """The duration as people say it."""
        unit = self.unit.replace("_", " ")
        return f"{self.number} {unit.removesuffix('s') if self.number == 1 else unit}"

    def after(self, moment: datetime, zone: ZoneInfo, calendar: Calendar) -> datetime:
        """Answer the moment this long afterwards; days keep the time on the clock in the wall of the home."""
        if self.unit not in ("days", "working_days"):
            return moment + timedelta(**{self.unit: self.number})
        local = moment.astimezone(zone)
        left = self.number
        while left:
            local += timedelta(days=1)
            free = local.weekday() >= 5 or calendar.is_bank_holiday(local.date())
            left -= not (free and self.unit == "working_days")
        return local.astimezone(moment.tzinfo)

    @property
    def length(self) -> timedelta:
        """How long it is where no calendar counts; a working day is a day here."""
        unit = "days" if self.unit == "working_days" else self.unit
        return timedelta(**{unit: self.number})
