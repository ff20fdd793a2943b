"""Reading what the rules look at: who works in a home, what they worked and are to work, and what the home needs.

A fixed number of queries for each home, however many people it has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Date, bindparam, or_, select
from sqlalchemy.orm import Session

from flowapp.kernel.prepared import Prepared
from flowapp.rota.compliance.looking.worked import House, Need, Post, Span, Stint, Worker
from flowapp.rota.compliance.rule import Rule
from flowapp.rota.demand.need import Demand
from flowapp.rota.homes import CareHome
from flowapp.rota.leave import GRANTED, LeaveRequest
from flowapp.rota.shifts import Shift, ShiftStatus, WorkingTime
from flowapp.rota.staff import JobRole, Staff, StaffStatus
from flowapp.rota.units import Unit
from flowapp.rota.working_time.average import REFERENCE_WEEKS

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
BESIDE = 2 * A_WEEK  # what the rules on rest look at before the days themselves
# Days that an average leaves out: regulation 4(7) of the Working Time Regulations 1998.
LEFT_OUT = ("ANNUAL", "SICK", "MATERNITY")
_HELD = (ShiftStatus.ASSIGNED, ShiftStatus.IN_PROGRESS, ShiftStatus.COMPLETED)


class _Person(NamedTuple):
    id: int
    name: str
    start_date: date


class _Held(NamedTuple):
    staff_id: int
    shift_id: int
    day: date
    starts_at: datetime
    ends_at: datetime
    hours: Decimal
    break_minutes: int
    working_time: WorkingTime


class _Away(NamedTuple):
    staff_id: int
    first: date
    last: date


class _Needed(NamedTuple):
    name: str
    unit_id: int | None
    unit: str | None
    role: JobRole
    weekdays: str
    start: str
    end: str
    fewest: int


class _Post(NamedTuple):
    day: date
    start: str
    end: str
    unit_id: int | None
    role: JobRole
    starts_at: datetime
    ends_at: datetime
    working_time: WorkingTime
    status: ShiftStatus


class _Home(NamedTuple):
    name: str
    timezone: str


_HOME = Prepared(select(CareHome.name, CareHome.timezone).where(CareHome.id == bindparam("home_id")), _Home)
_OF_THE_HOME = (Staff.home_id == bindparam("home_id"), Staff.status != StaffStatus.LEAVER)
_PEOPLE = Prepared(
    select(Staff.id, Staff.name, Staff.start_date).where(*_OF_THE_HOME).order_by(Staff.name, Staff.id), _Person
)
_HELD_BY_THEM = Prepared(
    select(
        *(Shift.staff_id, Shift.id, Shift.local_date, Shift.starts_at, Shift.ends_at, Shift.hours),
        *(Shift.unpaid_break_minutes, Shift.working_time),
    )
    .join(Staff, Staff.id == Shift.staff_id)
    .where(
        *_OF_THE_HOME,
        # By instants a day wider, so that the index on somebody's shifts is of use.
        Shift.starts_at >= bindparam("since", type_=Shift.starts_at.type),
        Shift.starts_at <= bindparam("until", type_=Shift.starts_at.type),
        # Said so, it does not tempt the planner to the index on the status, which is no help here.
        *(Shift.status != status for status in sorted({*ShiftStatus}.difference(_HELD))),
    )
    .order_by(Shift.staff_id, Shift.starts_at),
    _Held,
)
_AWAY = Prepared(
    select(LeaveRequest.staff_id, LeaveRequest.start_date, LeaveRequest.end_date)
    .join(Staff, Staff.id == LeaveRequest.staff_id)
    .where(
        *_OF_THE_HOME,
        LeaveRequest.end_date >= bindparam("first", type_=Date),
        LeaveRequest.start_date <= bindparam("last", type_=Date),
        or_(*(LeaveRequest.status == status for status in GRANTED)),
        or_(*(LeaveRequest.type == code for code in LEFT_OUT)),
    ),
    _Away,
)
_NEEDS = Prepared(
    select(
        *(Demand.name, Demand.unit_id, Unit.name.label("unit"), Demand.role, Demand.weekdays),
        *(Demand.start_local, Demand.end_local, Demand.fewest),
    )
    .outerjoin(Unit, Unit.id == Demand.unit_id)
    .where(Demand.home_id == bindparam("home_id"))
    .order_by(Demand.id),
    _Needed,
)
_POSTS = Prepared(
    select(
        *(Shift.local_date, Shift.start_local, Shift.end_local, Shift.unit_id, Shift.role, Shift.starts_at),
        *(Shift.ends_at, Shift.working_time, Shift.status),
    ).where(
        Shift.home_id == bindparam("home_id"),
        Shift.local_date >= bindparam("first", type_=Date),
        Shift.local_date <= bindparam("last", type_=Date),
        Shift.status != ShiftStatus.CANCELLED,
    ),
    _Post,
)


def longest_weeks(rules: Iterable[Rule]) -> int:
    """Answer over how many weeks the longest average of these rules goes."""
    return max((rule.parameters.get("weeks", 0) for rule in rules), default=0) or REFERENCE_WEEKS


def workers_of(session: Session, home_id: int, span: Span, *, weeks: int) -> list[Worker]:
    """Answer everybody who belongs to a home with their work, in whichever home it was, by name."""
    home = _HOME.first(session, home_id=home_id)
    if home is None:
        return []
    first = span.first - weeks * A_WEEK - BESIDE
    last = span.last + weeks * A_WEEK
    bounds = {"since": _midnight(first - A_DAY), "until": _midnight(last + A_DAY)}
    held: defaultdict[int, list[Stint]] = defaultdict(list)
    for row in _HELD_BY_THEM.rows(session, home_id=home_id, **bounds):
        held[row.staff_id].append(_stint(row))
    away = _days_away(_AWAY.rows(session, home_id=home_id, first=first, last=last), first, last)
    return [
        Worker(
            staff_id=each.id,
            name=each.name,
            started=each.start_date,
            timezone=home.timezone,
            stints=tuple(held[each.id]),
            excluded=away.get(each.id, frozenset()),
        )
        for each in _PEOPLE.rows(session, home_id=home_id)
    ]


def house_of(session: Session, home_id: int, span: Span) -> House | None:
    """Answer what a home needs and has on these days; None when there is no such home."""
    home = _HOME.first(session, home_id=home_id)
    if home is None:
        return None
    needs = tuple(
        Need(**(row._asdict() | {"weekdays": tuple(row.weekdays.split(","))}))
        for row in _NEEDS.rows(session, home_id=home_id)
    )
    # A night that began the day before runs into the first one.
    rows = _POSTS.rows(session, home_id=home_id, first=span.first - A_DAY, last=span.last + A_DAY)
    return House(
        home_id=home_id, name=home.name, timezone=home.timezone, needs=needs, posts=tuple(_post(row) for row in rows)
    )


def _stint(row: _Held) -> Stint:
    return Stint(
        shift_id=row.shift_id,
        day=row.day,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        hours=row.hours,
        break_minutes=row.break_minutes,
        working_time=row.working_time,
    )


def _post(row: _Post) -> Post:
    return Post(
        day=row.day,
        start=row.start,
        end=row.end,
        unit_id=row.unit_id,
        role=row.role,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        working_time=row.working_time,
        is_staffed=row.status in _HELD,
    )


def _days_away(rows: Iterable[_Away], first: date, last: date) -> Mapping[int, frozenset[date]]:
    found: defaultdict[int, set[date]] = defaultdict(set)
    for row in rows:
        day = max(row.first, first)
        while day <= min(row.last, last):
            found[row.staff_id].add(day)
            day += A_DAY
    return {staff_id: frozenset(days) for staff_id, days in found.items()}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=UTC)
