"""The leave of candidates: what they are away for, and the days that the average week leaves out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from flowapp.rota.eligibility.candidate import Away
from flowapp.rota.eligibility.gathering.elsewhere import Span
from flowapp.rota.leave import GRANTED, LIVE, LeaveRequest
from flowapp.rota.leave_period import LeavePeriod, window

ANNUAL = "ANNUAL"
# Regulation 4(7): annual, sick, maternity leave and the like; not unpaid leave, training or time off in lieu.
LEFT_OUT_OF_THE_AVERAGE = (ANNUAL, "SICK", "MATERNITY")
A_DAY = timedelta(days=1)


def away_during(session: Session, staff_ids: Collection[int], span: Span, zone: str) -> Mapping[int, list[Away]]:
    """Answer the leave of these people that touches these days, granted or asked for.

    Which sort of leave it is stays with those who may see it, but for annual leave.
    """
    query = select(
        *(LeaveRequest.staff_id, LeaveRequest.id, LeaveRequest.type, LeaveRequest.status),
        *(LeaveRequest.start_date, LeaveRequest.start_part, LeaveRequest.end_date, LeaveRequest.end_part),
    ).where(
        LeaveRequest.staff_id.in_(staff_ids),
        LeaveRequest.status.in_(LIVE),
        LeaveRequest.start_date <= span.last,
        LeaveRequest.end_date >= span.first,
    )
    found: defaultdict[int, list[Away]] = defaultdict(list)
    for row in session.execute(query.order_by(LeaveRequest.start_date, LeaveRequest.id)):
        found[row.staff_id].append(_away(row, zone))
    return found


def left_out(session: Session, staff_ids: Collection[int], span: Span) -> Mapping[int, set[date]]:
    """Answer the days of leave of each of these people that do not count towards the average week."""
    query = select(LeaveRequest.staff_id, LeaveRequest.start_date, LeaveRequest.end_date).where(
        LeaveRequest.staff_id.in_(staff_ids),
        LeaveRequest.status.in_(GRANTED),
        LeaveRequest.type.in_(LEFT_OUT_OF_THE_AVERAGE),
        LeaveRequest.start_date <= span.last,
        LeaveRequest.end_date >= span.first,
    )
    found: defaultdict[int, set[date]] = defaultdict(set)
    for staff_id, first, last in session.execute(query):
        found[staff_id].update(_days(max(first, span.first), min(last, span.last)))
    return found


def _away(row: Row[tuple[object, ...]], zone: str) -> Away:
    period = LeavePeriod(row.start_date, row.start_part, row.end_date, row.end_part)
    return Away(
        interval=window(period, zone),
        words="annual leave" if row.type == ANNUAL else "leave",
        approved=row.status in GRANTED,
        leave_request_id=row.id,
    )


def _days(first: date, last: date) -> Iterator[date]:
    return (first + number * A_DAY for number in range((last - first).days + 1))
