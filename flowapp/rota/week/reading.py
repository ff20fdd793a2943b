"""What is read of one week of one home: three questions, however many shifts there are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Date, bindparam, or_, select
from sqlalchemy.orm import Session

from flowapp.kernel.prepared import Prepared
from flowapp.rota.leave import GRANTED, LIVE, LeaveRequest, LeaveStatus
from flowapp.rota.leave_period import DayPart, LeavePeriod
from flowapp.rota.shift_reading import PlannedShift, planned_shifts
from flowapp.rota.shifts import Shift, ShiftStatus
from flowapp.rota.staff import Staff
from flowapp.rota.week.week import Week

_SHIFTS = Prepared(
    planned_shifts()
    .where(
        Shift.home_id == bindparam("home_id"),
        Shift.local_date >= bindparam("first", type_=Date),
        Shift.local_date <= bindparam("last", type_=Date),
        Shift.status != ShiftStatus.CANCELLED,
    )
    .order_by(Shift.local_date, Shift.starts_at, Shift.id),
    PlannedShift,
)


class Away(NamedTuple):
    """Leave of somebody of a home that touches the week."""

    leave_id: int
    staff_id: int
    name: str
    type: str
    status: LeaveStatus
    period: LeavePeriod

    @property
    def granted(self) -> bool:
        """Whether it is approved, and not only asked for."""
        return self.status in GRANTED

    def on(self, day: date) -> bool:
        """Say whether any of it is on a day."""
        return self.period.part_on(day) is not None


def _away(
    id_: int, staff_id: int, name: str, type_: str, status: LeaveStatus, start: date, a: DayPart, end: date, b: DayPart
) -> Away:
    return Away(id_, staff_id, name, type_, status, LeavePeriod(start, a, end, b))


_AWAY = Prepared(
    select(
        *(LeaveRequest.id, LeaveRequest.staff_id, Staff.name, LeaveRequest.type, LeaveRequest.status),
        *(LeaveRequest.start_date, LeaveRequest.start_part, LeaveRequest.end_date, LeaveRequest.end_part),
    )
    .join(Staff, Staff.id == LeaveRequest.staff_id)
    .where(
        LeaveRequest.home_id == bindparam("home_id"),
        LeaveRequest.end_date >= bindparam("first", type_=Date),
        LeaveRequest.start_date <= bindparam("last", type_=Date),
        or_(*(LeaveRequest.status == status for status in LIVE)),
    )
    .order_by(Staff.name, LeaveRequest.start_date, LeaveRequest.id),
    _away,
)


def shifts_of_week(session: Session, home_id: int, week: Week) -> list[PlannedShift]:
    """Answer every shift of a home that starts in a week and is not cancelled, the earliest first."""
    return _SHIFTS.rows(session, home_id=home_id, first=week.monday, last=week.sunday)


def away_in_week(session: Session, home_id: int, week: Week) -> list[Away]:
    """Answer the leave, asked for or approved, that touches a week or the morning after it, by name."""
    last = week.sunday + timedelta(days=1)  # a night of Sunday runs into it
    return _AWAY.rows(session, home_id=home_id, first=week.monday, last=last)
