"""The leave of candidates: what they are away for, and the days that the average week leaves out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Date, bindparam, or_, select
from sqlalchemy.orm import Session

from flowapp.kernel.among import among, as_list
from flowapp.kernel.prepared import Prepared
from flowapp.rota.eligibility.candidate import Away
from flowapp.rota.eligibility.gathering.elsewhere import Span
from flowapp.rota.leave import GRANTED, LIVE, LeaveRequest, LeaveStatus
from flowapp.rota.leave_days import DayPart, LeavePeriod
from flowapp.rota.leave_period import window

ANNUAL = "ANNUAL"
# Regulation 4(7): annual, sick, maternity leave and the like; not unpaid leave, training or time off in lieu.
LEFT_OUT_OF_THE_AVERAGE = (ANNUAL, "SICK", "MATERNITY")
A_DAY = timedelta(days=1)


def away_during(session: Session, staff_ids: Collection[int], span: Span, zone: str) -> Mapping[int, list[Away]]:
    """Answer the leave of these people that touches these days, granted or asked for.

    Which sort of leave it is stays with those who may see it, but for annual leave.
    """
    found: defaultdict[int, list[Away]] = defaultdict(list)
    for row in _LEAVE.rows(session, staff_ids=as_list(staff_ids), first=span.first, last=span.last):
        found[row.staff_id].append(_away(row, zone))
    return found


def left_out(session: Session, staff_ids: Collection[int], span: Span) -> Mapping[int, set[date]]:
    """Answer the days of leave of each of these people that do not count towards the average week."""
    found: defaultdict[int, set[date]] = defaultdict(set)
    for row in _LEAVE.rows(session, staff_ids=as_list(staff_ids), first=span.first, last=span.last):
        if row.status in GRANTED and row.type in LEFT_OUT_OF_THE_AVERAGE:
            period = row.period
            found[row.staff_id].update(_days(max(period.start, span.first), min(period.end, span.last)))
    return found


class _Row(NamedTuple):
    staff_id: int
    leave_request_id: int
    type: str
    status: LeaveStatus
    start: date
    start_part: DayPart
    end: date
    end_part: DayPart

    @property
    def period(self) -> LeavePeriod:
        return LeavePeriod(self.start, self.start_part, self.end, self.end_part)


_LEAVE = Prepared(
    select(
        *(LeaveRequest.staff_id, LeaveRequest.id, LeaveRequest.type, LeaveRequest.status),
        *(LeaveRequest.start_date, LeaveRequest.start_part, LeaveRequest.end_date, LeaveRequest.end_part),
    )
    .where(
        among(LeaveRequest.staff_id, "staff_ids"),
        or_(*(LeaveRequest.status == status for status in LIVE)),
        LeaveRequest.start_date <= bindparam("last", type_=Date),
        LeaveRequest.end_date >= bindparam("first", type_=Date),
    )
    .order_by(LeaveRequest.start_date, LeaveRequest.id),
    _Row,
)


def _away(row: _Row, zone: str) -> Away:
    return Away(
        interval=window(row.period, zone),
        words="annual leave" if row.type == ANNUAL else "leave",
        approved=row.status in GRANTED,
        leave_request_id=row.leave_request_id,
    )


def _days(first: date, last: date) -> Iterator[date]:
    return (first + number * A_DAY for number in range((last - first).days + 1))
