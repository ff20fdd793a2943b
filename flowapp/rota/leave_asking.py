"""Asking for leave."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.events.cause import Cause
from flowapp.events.leave import LeaveRequested
from flowapp.events.outbox import record
from flowapp.kernel.errors import Refused
from flowapp.kernel.ids import new_uid
from flowapp.kernel.prepared import Prepared
from flowapp.rota.leave import LeaveRequest, LeaveStatus
from flowapp.rota.leave_days import LeavePeriod
from flowapp.rota.leave_events import Asked, asked_context
from flowapp.rota.leave_gathering import Gathered, as_rows, checks_of, days_as_rows, gather
from flowapp.rota.leave_rules import blocking
from flowapp.rota.leave_types import leave_type
from flowapp.rota.reasons import read_reason

_ADD: Prepared[Any] = Prepared(
    insert(LeaveRequest).returning(LeaveRequest.id),
    columns=(
        *("uid", "staff_id", "home_id", "type", "start_date", "start_part", "end_date", "end_part", "days"),
        *("hours", "calendar_days", "status", "reason", "requested_at", "checks", "per_day", "version"),
    ),
)


def request_leave(
    session: Session, cause: Cause, *, staff_id: int, type_code: str, period: LeavePeriod, reason: str = ""
) -> int:
    """Ask for leave, and answer the request's number; raises Refused when a rule forbids it.

    The request, its event and the executions that the event starts are written in this one transaction.
    """
    reason = read_reason(reason)
    gathered = gather(session, staff_id, leave_type(type_code), period, cause.at)
    results = checks_of(gathered)
    if problems := blocking(results):
        raise Refused(problems)
    row = _row(gathered, cause, reason) | {"checks": as_rows(results)}
    request_id: int = _ADD.value(session, **row)
    audit.write(
        session,
        cause,
        action="leave.request",
        entity="leave_request",
        entity_id=request_id,
        home_id=gathered.employment.home_id,
        after={"status": LeaveStatus.REQUESTED, "days": row["days"], "hours": row["hours"]},
    )
    record(
        session,
        LeaveRequested(
            subject_id=request_id,
            care_home_id=gathered.employment.home_id,
            cause=cause,
            context=asked_context(Asked(request_id=request_id, reason=reason, gathered=gathered), cause),
        ),
    )
    return request_id


def _row(gathered: Gathered, cause: Cause, reason: str) -> dict[str, Any]:
    period, count = gathered.facts.period, gathered.facts.count
    return {
        "uid": new_uid(cause.at),
        "staff_id": gathered.employment.staff_id,
        "home_id": gathered.employment.home_id,
        "type": gathered.type.code,
        "start_date": period.start,
        "start_part": period.start_part,
        "end_date": period.end,
        "end_part": period.end_part,
        "days": count.days,
        "hours": count.hours,
        "calendar_days": count.calendar_days,
        "status": LeaveStatus.REQUESTED,
        "reason": reason,
        "requested_at": cause.at,
        "per_day": days_as_rows(count),
        "version": 1,
    }
