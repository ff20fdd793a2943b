"""What a leave request tells workflows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flowapp.events.cause import Cause
from flowapp.events.event import StaffFacts, UserFacts
from flowapp.events.leave import DecisionContext, LeaveContext, LeaveFacts
from flowapp.kernel.decimals import tidy
from flowapp.rota.leave_days import LeaveCount, LeavePeriod


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A leave request as its events tell of it."""

    request_id: int
    home_id: int
    type: str
    period: LeavePeriod
    count: LeaveCount
    reason: str
    notice_days: int
    balance_before: Decimal | None  # None: the type is not taken from an allowance
    balance_after: Decimal | None


def asked_context(asked: Asked, staff: StaffFacts, cause: Cause) -> LeaveContext:
    """Put together what a workflow may read about a request."""
    return LeaveContext.model_construct(**_shared(asked, staff, cause))


def decided_context(
    asked: Asked, staff: StaffFacts, cause: Cause, *, decided_by: str, auto: bool, reason: str
) -> DecisionContext:
    """Put together what a workflow may read about a decision."""
    return DecisionContext.model_construct(
        **_shared(asked, staff, cause), decided_by=decided_by, auto=auto, decision_reason=reason
    )


def _shared(asked: Asked, staff: StaffFacts, cause: Cause) -> dict[str, Any]:
    count, period = asked.count, asked.period
    days, hours = tidy(count.days), tidy(count.hours)
    return {
        "leave_request_id": asked.request_id,
        "staff_id": staff.id,
        "user_id": cause.actor.id,
        "care_home_id": asked.home_id,
        "leave_type": asked.type,
        "days": days,
        "hours": hours,
        "calendar_days": count.calendar_days,
        "notice_days": asked.notice_days,
        "balance_before": None if asked.balance_before is None else tidy(asked.balance_before),
        "balance_after": None if asked.balance_after is None else tidy(asked.balance_after),
        "leave": LeaveFacts.model_construct(
            type=asked.type,
            start=period.start,
            start_part=period.start_part.value,
            end=period.end,
            end_part=period.end_part.value,
            days=days,
            hours=hours,
            calendar_days=count.calendar_days,
            reason=asked.reason,
        ),
        "staff": staff,
        "user": UserFacts.model_construct(id=cause.actor.id, name=cause.actor.name, role=cause.actor.role or ""),
    }
