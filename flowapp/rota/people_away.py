"""How many people of a role are away in a home, day by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from flowapp.kernel.prepared import Prepared
from flowapp.rota.leave import LIVE, LeaveRequest
from flowapp.rota.leave_days import LeavePeriod
from flowapp.rota.leave_facts import PeopleAway
from flowapp.rota.staff import JobRole, Staff, StaffStatus

_GROUP: Prepared[Any] = Prepared(
    select(func.count()).where(
        Staff.home_id == bindparam("home_id"), Staff.role == bindparam("role"), Staff.status == StaffStatus.ACTIVE
    )
)

SHORT_DAYS = 14
SHORT = timedelta(days=SHORT_DAYS)
_IN_THE_HOME = LeaveRequest.home_id == bindparam("home_id")
# Short leave that takes a day ends soon after it, and there is little long leave: with both said, the database reads
# what is near these days and not all leave to come. With a year of it that took five times as long.
_SHORT_AND_NEAR = and_(
    _IN_THE_HOME,
    LeaveRequest.end_date >= bindparam("first", type_=Date),
    LeaveRequest.end_date < bindparam("short_until", type_=Date),
)
_AWAY: Prepared[Any] = Prepared(
    select(LeaveRequest.staff_id, LeaveRequest.start_date, LeaveRequest.end_date)
    .join(Staff, Staff.id == LeaveRequest.staff_id)
    .where(
        or_(_SHORT_AND_NEAR, and_(_IN_THE_HOME, LeaveRequest.calendar_days > SHORT_DAYS)),
        Staff.role == bindparam("role"),
        LeaveRequest.staff_id != bindparam("but"),
        LeaveRequest.start_date <= bindparam("last", type_=Date),
        # Said so, it does not tempt the planner to the first index.
        (LeaveRequest.end_date < bindparam("first", type_=Date)).is_(False),
        or_(*(LeaveRequest.status == status for status in LIVE)),
    )
)


def people_away(
    session: Session, home_id: int, role: JobRole, period: LeavePeriod, *, but: int
) -> tuple[PeopleAway, ...]:
    """Answer how many others of a role have asked for or have leave, for each day of a period on which anybody has."""
    first, last = period.start, period.end
    found = _AWAY.rows(session, home_id=home_id, role=role, but=but, first=first, last=last, short_until=last + SHORT)
    if not found:
        return ()
    away: dict[date, set[int]] = {}  # half days may make two requests of one person on a day
    for staff_id, start, end in found:
        for day in _days(max(first, start), min(last, end)):
            away.setdefault(day, set()).add(staff_id)
    group = int(_GROUP.value(session, home_id=home_id, role=role))
    return tuple(PeopleAway(date=day, away=len(away[day]), group=group) for day in sorted(away))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
