"""Leave requests: what is sent, and what is answered."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from flowapp.api.bodies import Day, Number
from flowapp.api.schemas.values import Amount, ListQuery, Name, Page, Uid, Version, hidden
from flowapp.rota.leave import LeaveStatus
from flowapp.rota.leave_days import DayPart
from flowapp.rota.leave_facts import Outcome


class LeaveQuery(ListQuery):
    """Which leave requests to answer."""

    status: LeaveStatus | None = Field(default=None, description="Only those that stand like this")


class LeaveBody(BaseModel):
    """What is asked for; `staff_id` when it is not for oneself."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="The type of leave, such as ANNUAL")
    start_date: Day = Field(description="The first day")
    end_date: Day = Field(description="The last day")
    start_part: str = Field(default="all", description="all, or pm when it begins at midday; of a single day also am")
    end_part: str = Field(default="all", description="all, or am when it ends at midday; of a single day as start_part")
    staff_id: Number | None = Field(default=None, description="For whom; oneself when it is left out")
    reason: str = Field(default="", max_length=2000, description="Why; those who decide read it")


class LeaveAnswer(BaseModel):
    """A leave request as it stands."""

    id: int
    uid: Uid
    staff_id: int
    staff_name: Name
    type: str = Field(description="The type of leave, such as ANNUAL")
    start_date: date
    start_part: DayPart
    end_date: date
    end_part: DayPart
    days: Amount = Field(description="The days charged; halves count 0.5")
    hours: Amount = Field(description="The hours charged")
    calendar_days: int = Field(description="Every day from the first to the last")
    status: LeaveStatus
    reason: str = hidden("Why the person asks")
    decided_by: str | None = Field(description="Who decided: a person's name, or the workflow's")
    decided_at: datetime | None
    decision_reason: str | None
    auto_decided: bool = Field(description="Whether a workflow decided")
    version: Version


class LeaveCheck(BaseModel):
    """What one rule says about a leave request."""

    rule: str = Field(description="The rule's number, such as L04")
    outcome: Outcome
    title: str
    text: str = Field(description="The finding in a sentence")
    field: str = Field(description="The field that the finding is about; may be empty")


class LeaveChecks(BaseModel):
    """What every rule says about a leave request."""

    items: list[LeaveCheck]


class LeavePage(Page):
    """Leave requests, a page at a time."""

    items: list[LeaveAnswer]
