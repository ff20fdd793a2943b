"""What can happen to a leave request."""

from __future__ import annotations

import builtins
from datetime import date
from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from flowapp.events.event import Event, Facts, StaffFacts, UserFacts


class LeaveFacts(Facts):
    """The leave that is asked for."""

    type: str = Field(description="The type of leave, such as ANNUAL")
    start: date = Field(description="The first day")
    start_part: str = Field(description="all, or pm when it begins at midday")
    end: date = Field(description="The last day")
    end_part: str = Field(description="all, or am when it ends at midday")
    days: Decimal = Field(description="The days charged; halves count 0.5")
    hours: Decimal = Field(description="The hours charged")
    calendar_days: int = Field(description="Every day from the first to the last")
    reason: str = Field(description="What the person wrote; may be empty")


class EmbargoFacts(Facts):
    """Whether the leave runs into a time closed to leave."""

    hit: bool = Field(description="Whether the leave runs into a time closed to leave")
    message: str = Field(description="Why these days are closed; empty when they are not")


class ConcurrentFacts(Facts):
    """How many people of the same role would be away on the worst day, this person too."""

    count: int = Field(description="How many people of the same role would be away on the worst day")
    pct: Decimal = Field(description="The people away on the worst day as a share of the role, in per cent")
    limit: Decimal | None = Field(
        description="The share of a role the home lets be away, in per cent; empty without a limit"
    )


class CoverFacts(Facts):
    """Whether enough people would be left."""

    shortfall_count: int = Field(description="The shifts that would have too few people")


class LeaveContext(Facts):
    """What a workflow about a leave request may read."""

    leave_request_id: int = Field(description="The number of the leave request")
    staff_id: int = Field(description="The number of the member of staff")
    user_id: int | None = Field(description="The number of the user who did this")
    care_home_id: int = Field(description="The number of the care home")
    leave_type: str = Field(description="The type of leave, such as ANNUAL")
    days: Decimal = Field(description="The days charged; halves count 0.5")
    hours: Decimal = Field(description="The hours charged")
    calendar_days: int = Field(description="Every day from the first to the last")
    notice_days: int = Field(description="Days from the request to the first day of leave")
    balance_before: Decimal | None = Field(
        description="Hours of leave left before this request; empty for leave that is not counted"
    )
    balance_after: Decimal | None = Field(description="Hours of leave that would be left after it; empty likewise")
    estimated: bool = Field(description="Whether rota and pattern were unknown, so that the days are a guess")
    overlaps_leave: bool = Field(description="Whether other leave falls on the same days")
    clash_count: int = Field(description="The person's own shifts on these days")
    clash_shifts: list[int] = Field(description="The numbers of those shifts")
    embargo: EmbargoFacts
    concurrent: ConcurrentFacts
    cover: CoverFacts
    leave: LeaveFacts
    staff: StaffFacts
    user: UserFacts


class DecisionContext(LeaveContext):
    """What a workflow about a decided leave request may read."""

    decided_by: str = Field(description="Who decided: a person's name, or the workflow's")
    auto: bool = Field(description="Whether a workflow decided")
    decision_reason: str = Field(description="The reason given; may be empty")


class LeaveRequested(Event):
    """Somebody asks for leave."""

    type: ClassVar[str] = "leave_requested"
    label: ClassVar[str] = "leave is requested"
    subject_type: ClassVar[str] = "leave_request"
    Context: ClassVar[builtins.type[Facts]] = LeaveContext


class LeaveApproved(Event):
    """A leave request is approved."""

    type: ClassVar[str] = "leave_approved"
    label: ClassVar[str] = "leave is approved"
    subject_type: ClassVar[str] = "leave_request"
    Context: ClassVar[builtins.type[Facts]] = DecisionContext


class LeaveRejected(Event):
    """A leave request is turned down."""

    type: ClassVar[str] = "leave_rejected"
    label: ClassVar[str] = "leave is turned down"
    subject_type: ClassVar[str] = "leave_request"
    Context: ClassVar[builtins.type[Facts]] = DecisionContext


class LeaveCancelRequested(Event):
    """Somebody asks to give approved leave back."""

    type: ClassVar[str] = "leave_cancel_requested"
    label: ClassVar[str] = "somebody asks to cancel approved leave"
    subject_type: ClassVar[str] = "leave_request"
    Context: ClassVar[builtins.type[Facts]] = LeaveContext


class LeaveCancelled(Event):
    """Approved leave is given back."""

    type: ClassVar[str] = "leave_cancelled"
    label: ClassVar[str] = "leave is cancelled"
    subject_type: ClassVar[str] = "leave_request"
    Context: ClassVar[builtins.type[Facts]] = DecisionContext


class LeaveReopened(Event):
    """A decision on leave is taken back, so that the request waits again."""

    type: ClassVar[str] = "leave_reopened"
    label: ClassVar[str] = "decision on leave is taken back"
    subject_type: ClassVar[str] = "leave_request"
    Context: ClassVar[builtins.type[Facts]] = LeaveContext


class LeaveExpired(Event):
    """The first day of a leave request has come before anybody decided."""

    type: ClassVar[str] = "leave_expired"
    label: ClassVar[str] = "leave request runs out undecided"
    subject_type: ClassVar[str] = "leave_request"
    Context: ClassVar[builtins.type[Facts]] = LeaveContext
