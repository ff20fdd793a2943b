"""Violations: what is asked for, sent and answered."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field

from flowapp.api.bodies import Day, Number
from flowapp.api.schemas.values import ListQuery, Page, Uid, Version
from flowapp.rota.compliance.rule import Severity
from flowapp.rota.compliance.violation import ViolationStatus


class ViolationQuery(ListQuery):
    """Which violations to answer."""

    home: str | None = Field(default=None, description="Only those of this home: its number or its code")
    rule: str | None = Field(default=None, description="Only those of this rule, by its code")
    severity: Severity | None = Field(default=None, description="Only those that are this bad")
    status: ViolationStatus | None = Field(default=None, description="Only those that stand like this")
    live: bool | None = Field(default=None, description="Only those to be dealt with still, or only the others")


class ViolationBody(BaseModel):
    """A rule that is broken; its home is that of the person or shift where one is named."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"rule": "HOUSE_RULE", "description": "No fire drill", "care_home_id": 1}]},
    )

    rule: str = Field(description="The code of the rule, such as HOUSE_RULE")
    description: str
    severity: Severity | None = Field(default=None, description="That of the rule when left out")
    care_home_id: Number | None = None
    staff_id: Number | None = None
    shift_id: Number | None = None
    certificate_id: Number | None = None
    due_on: Day | None = Field(default=None, description="By when it should be put right")


class ViolationReason(BaseModel):
    """Why, or how it was put right."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "Two shifts fewer"}]})

    reason: str = Field(max_length=2000, description="Whoever inspects the home reads it")


class RiskBody(ViolationReason):
    """Until when it may stay so, and why."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Until Vic starts", "until": "2026-12-31"}]}
    )

    until: Day = Field(description="The last day on which it may stay so")


class EvidenceAnswer(BaseModel):
    """One fact that shows it, in words and numbers."""

    label: str
    value: str


class ViolationAnswer(BaseModel):
    """A rule that is broken, or was."""

    id: int
    uid: Uid
    rule: str = Field(description="The code of the rule, such as WTD_48_HOURS")
    care_home_id: int | None
    staff_id: int | None = Field(description="Whoever it is about; empty if it is about nobody")
    staff_name: str | None
    shift_id: int | None
    certificate_id: int | None
    severity: Severity
    description: str
    evidence: list[EvidenceAnswer]
    first_day: dt.date | None = Field(description="The first day it is about; empty for a state that lasts")
    last_day: dt.date | None = Field(description="The last day it is about; empty for a state that lasts")
    status: ViolationStatus
    due_on: dt.date | None
    owner_id: int | None = Field(description="The account of whoever puts it right; empty while nobody does")
    owner_name: str | None
    execution_id: int | None = Field(description="The run that told of it; empty if a check or a person did")
    check_id: int | None = Field(description="The check that found it; empty if a workflow or a person told of it")
    raised_by: str
    detected_at: dt.datetime
    acknowledged_at: dt.datetime | None
    acknowledged_by: str | None
    closed_at: dt.datetime | None
    closed_by: str | None
    resolution: str
    accepted_until: dt.date | None
    version: Version


class ViolationMade(ViolationAnswer):
    """A violation that was written down, or that was there already."""

    created: bool = Field(description="Whether it was written just now")


class ViolationPage(Page):
    """Violations, a page at a time."""

    items: list[ViolationAnswer]
