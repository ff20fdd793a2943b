"""How many people of a role are away in a home, day by day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import BindParameter, Date, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from flowapp.kernel.prepared import Prepared
from flowapp.rota.leave import LIVE, LeaveRequest
from flowapp.rota.leave_days import LeavePeriod
from flowapp.rota.leave_facts import PeopleAway
from flowapp.rota.leave_period import days_of
from flowapp.rota.staff import JobRole, Staff, StaffStatus

_GROUP: Prepared[Any] = Prepared(
    select(func.count()).where(
        Staff.home_id == bindparam("home_id"), Staff.role == bindparam("role"), Staff.status == StaffStatus.ACTIVE
    )
)


DAYS_AT_ONCE = 14
SHORT_DAYS = 14
SHORT = timedelta(days=SHORT_DAYS)


@cache
def _away_on(days: int) -> Prepared[Any]:
    """Answer the statement that counts who is away on each of so many days."""
    counts = (_away(_day(f"day_{n}"), _day(f"short_until_{n}")).scalar_subquery() for n in range(days))
    return Prepared(select(*counts))


def _day(name: str) -> BindParameter[date]:
    return bindparam(name, type_=Date)


def _away(day: BindParameter[date], short_until: BindParameter[date]) -> Select[int]:
    # Short leave that takes a day ends soon after it, and there is little long leave: with both said, the database
    # reads what is near that day and not all leave to come. A year of it took five times as long.
    home = LeaveRequest.home_id == bindparam("home_id")
    short = and_(home, LeaveRequest.end_date >= day, LeaveRequest.end_date < short_until)
    # Half days may make two requests of one person on a day, who is still one person away.
    return (
        select(func.count(LeaveRequest.staff_id.distinct()))
        .join(Staff, Staff.id == LeaveRequest.staff_id)
        .where(
            or_(short, and_(home, LeaveRequest.calendar_days > SHORT_DAYS)),
            Staff.role == bindparam("role"),
            LeaveRequest.staff_id != bindparam("but"),
            LeaveRequest.start_date <= day,
            (LeaveRequest.end_date < day).is_(False),  # said so, it does not tempt the planner to the first index
            or_(*(LeaveRequest.status == status for status in LIVE)),
        )
    )


def people_away(
    session: Session, home_id: int, role: JobRole, period: LeavePeriod, *, but: int
) -> tuple[PeopleAway, ...]:
    """Answer how many others of a role have asked for or have leave, for each day of a period on which anybody has."""
    away: dict[date, int] = {}
    for some in _in_parts(days_of(period)):
        asked = {f"day_{n}": day for n, day in enumerate(some)}
        asked |= {f"short_until_{n}": day + SHORT for n, day in enumerate(some)}
        (counts,) = _away_on(len(some)).rows(session, home_id=home_id, role=role, but=but, **asked)
        away |= zip(some, counts, strict=True)
    if not any(away.values()):
        return ()
    group = int(_GROUP.value(session, home_id=home_id, role=role))
    return tuple(PeopleAway(date=day, away=count, group=group) for day, count in away.items() if count)


def _in_parts(days: Iterable[date]) -> Iterator[tuple[date, ...]]:
    left = iter(days)
    while some := tuple(islice(left, DAYS_AT_ONCE)):
        yield some
