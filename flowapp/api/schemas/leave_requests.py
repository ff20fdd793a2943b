"""Leave requests: what is sent, and what is answered."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from flowapp.api.schemas.values import ListQuery, Number, hidden
from flowapp.rota.leave import LeaveStatus
from flowapp.rota.leave_days import DayPart
from flowapp.rota.leave_facts import Outcome


class LeaveQuery(ListQuery):
    """Which leave requests to answer."""

    status: LeaveStatus | None = Field(default=None, description="Only those that stand like this")


class LeaveBody(BaseModel):
    """What is asked for; `staff_id` when it is not for oneself."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(default="ANNUAL", description="The type of leave")
    start_date: date = Field(description="The first day")
    end_date: date = Field(description="The last day")
    start_part: str = Field(default="all", description="all, or pm when it begins at midday; of a single day also am")
    end_part: str = Field(default="all", description="all, or am when it ends at midday; of a single day as start_part")
    staff_id: int | None = Field(default=None, description="For whom; oneself when it is left out")
    reason: str = Field(default="", max_length=2000, description="Why; those who decide read it")


class ReasonBody(BaseModel):
    """Why something is decided so."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(default="", max_length=2000, description="Why; turning down needs a reason")


class LeaveAnswer(BaseModel):
    """A leave request as it stands."""

    id: int
    uid: str = Field(description="An id that is unique everywhere")
    staff_id: int
    staff_name: str
    type: str = Field(description="The type of leave, such as ANNUAL")
    start_date: date
    start_part: DayPart
    end_date: date
    end_part: DayPart
    days: Number = Field(description="The days charged; halves count 0.5")
    hours: Number = Field(description="The hours charged")
    calendar_days: int = Field(description="Every day from the first to the last")
    status: LeaveStatus
    reason: str = hidden("Why the person asks")
    decided_by: str | None = Field(description="Who decided: a person's name, or the workflow's")
    decided_at: datetime | None
    decision_reason: str | None
    auto_decided: bool = Field(description="Whether a workflow decided")
    version: int = Field(description="Goes up with every change")


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
