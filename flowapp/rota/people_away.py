"""How many people of a role are away in a home, day by day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Date, bindparam, func, or_, select
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


# Half days may make two requests of one person on a day, who is still one person away.
_AWAY: Prepared[Any] = Prepared(
    select(func.count(LeaveRequest.staff_id.distinct()))
    .join(Staff, Staff.id == LeaveRequest.staff_id)
    .where(
        LeaveRequest.home_id == bindparam("home_id"),
        Staff.role == bindparam("role"),
        LeaveRequest.staff_id != bindparam("but"),
        LeaveRequest.start_date <= bindparam("day", type_=Date),
        LeaveRequest.end_date >= bindparam("day", type_=Date),
        or_(*(LeaveRequest.status == status for status in LIVE)),
    )
)


def people_away(
    session: Session, home_id: int, role: JobRole, period: LeavePeriod, *, but: int
) -> tuple[PeopleAway, ...]:
    """Answer how many others of a role have asked for or have leave, for each day of a period on which anybody has."""
    days = [period.start + timedelta(days=n) for n in range((period.end - period.start).days + 1)]
    away = {day: int(_AWAY.value(session, home_id=home_id, role=role, but=but, day=day)) for day in days}
    if not any(away.values()):
        return ()
    group = int(_GROUP.value(session, home_id=home_id, role=role))
    return tuple(PeopleAway(date=day, away=count, group=group) for day, count in away.items() if count)
