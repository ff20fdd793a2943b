"""How many people of a role are away in a home, day by day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, bindparam, func, or_, select
from sqlalchemy.orm import Session

from flowapp.kernel.prepared import Prepared
from flowapp.rota.leave import LIVE, LeaveRequest
from flowapp.rota.leave_days import DayPart, LeavePeriod
from flowapp.rota.leave_facts import PeopleAway
from flowapp.rota.staff import JobRole, Staff, StaffStatus

_GROUP: Prepared[Any] = Prepared(
    select(func.count()).where(
        Staff.home_id == bindparam("home_id"), Staff.role == bindparam("role"), Staff.status == StaffStatus.ACTIVE
    )
)


def _away(staff_id: int, start: date, a: DayPart, end: date, b: DayPart) -> tuple[int, LeavePeriod]:
    return staff_id, LeavePeriod(start, a, end, b)


_AWAY = Prepared(
    select(
        LeaveRequest.staff_id,
        LeaveRequest.start_date,
        LeaveRequest.start_part,
        LeaveRequest.end_date,
        LeaveRequest.end_part,
    )
    .join(Staff, Staff.id == LeaveRequest.staff_id)
    .where(
        LeaveRequest.home_id == bindparam("home_id"),
        Staff.role == bindparam("role"),
        LeaveRequest.staff_id != bindparam("but"),
        LeaveRequest.start_date <= bindparam("end", type_=Date),
        LeaveRequest.end_date >= bindparam("start", type_=Date),
        or_(*(LeaveRequest.status == status for status in LIVE)),
    ),
    _away,
)


def people_away(
    session: Session, home_id: int, role: JobRole, period: LeavePeriod, *, but: int
) -> tuple[PeopleAway, ...]:
    """Answer how many others of a role have asked for or have leave, for each day of a period on which anybody has."""
    counts: Counter[date] = Counter()
    found = _AWAY.rows(session, home_id=home_id, role=role, but=but, start=period.start, end=period.end)
    for day, _ in {(day, staff_id) for staff_id, theirs in found for day in _shared(period, theirs)}:
        counts[day] += 1
    if not counts:
        return ()
    group = int(_GROUP.value(session, home_id=home_id, role=role))
    return tuple(PeopleAway(date=day, away=away, group=group) for day, away in sorted(counts.items()))


def _shared(ours: LeavePeriod, theirs: LeavePeriod) -> list[date]:
    first, last = max(ours.start, theirs.start), min(ours.end, theirs.end)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
