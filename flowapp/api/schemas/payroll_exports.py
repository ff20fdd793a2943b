"""Payroll exports: what is asked for, and what is answered."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field

from flowapp.api.bodies import Day, Number
from flowapp.api.schemas.values import Amount, ListQuery, Page, Uid


class PayrollBody(BaseModel):
    """Which approved hours to take."""

    model_config = ConfigDict(extra="forbid")

    care_home_id: Number
    first_day: Day = Field(description="The first day of the period")
    last_day: Day = Field(description="The last day of the period")
    again: bool = Field(default=False, description="Whether to take hours as well that were exported before")


class PayrollQuery(ListQuery):
    """Which exports to answer."""

    home: str | None = Field(default=None, description="Only those of this home: its number or its code")


class FileQuery(BaseModel):
    """How the file is written."""

    bom: bool = Field(default=False, description="Whether it begins with the mark by which Excel knows UTF-8")


class PayrollAnswer(BaseModel):
    """Approved hours that were handed over to be paid."""

    id: int
    uid: Uid
    care_home_id: int
    first_day: dt.date
    last_day: dt.date
    again: bool = Field(description="Whether hours that were exported before are in it as well")
    lines: int = Field(description="How many timesheets are in it")
    new_lines: int = Field(description="How many of them no earlier export had")
    hours: Amount = Field(description="All hours in it")
    made_by: str = Field(description="Who made it", examples=["Maya Reid"])
    made_at: dt.datetime


class PayrollPage(Page):
    """Payroll exports, a page at a time."""

    items: list[PayrollAnswer]


class PayrollFile(BaseModel):
    """The file of an export."""

    name: str = Field(description="What it is called, such as payroll-ROSE-2026-11-01-2026-11-30-1.csv")
    text: str = Field(description="The file itself, as CSV")
