"""The work that candidates have already: shift by shift around some days, and added up over the weeks before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from flowapp.kernel.among import among, as_list
from flowapp.kernel.prepared import Prepared
from flowapp.rota.calendar import HomeCalendar
from flowapp.rota.eligibility.candidate import Held
from flowapp.rota.eligibility.gathering.elsewhere import Span
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.homes import CareHome
from flowapp.rota.shifts import Shift, ShiftKind, ShiftStatus, WorkingTime
from flowapp.rota.wall_time import Interval
from flowapp.rota.working_time.average import Reference

EXTRA = (ShiftKind.OVERTIME, ShiftKind.BANK, ShiftKind.AGENCY)
EXTRA_DAYS, UNSOCIAL_DAYS = 28, 56  # how far back fairness looks
NOT_WORKED = (ShiftStatus.CANCELLED, ShiftStatus.NO_SHOW)
A_DAY, SATURDAY = timedelta(days=1), 5
NO_HOURS = Decimal(0)


IS_WORK = tuple(Shift.status != status for status in NOT_WORKED)
_STARTS_AT = Shift.starts_at.type
# By the moment so that the index helps, and by the day to be exact.
_BETWEEN = (
    Shift.starts_at >= bindparam("after", type_=_STARTS_AT),
    Shift.starts_at < bindparam("before", type_=_STARTS_AT),
    Shift.local_date >= bindparam("first", type_=Date),
    Shift.local_date <= bindparam("last", type_=Date),
)
_HELD: Prepared[Any] = Prepared(
    select(
        *(Shift.staff_id, Shift.id, Shift.home_id, Shift.unit_id, Shift.local_date),
        *(Shift.starts_at, Shift.ends_at, Shift.hours, Shift.working_time),
    ).where(among(Shift.staff_id, "staff_ids"), *IS_WORK, *_BETWEEN)
)
_PLACES: Prepared[Any] = Prepared(select(CareHome.id, CareHome.name))


def held_by(session: Session, staff_ids: Collection[int], span: Span) -> Mapping[int, list[Held]]:
    """Answer the shifts of these people, in whichever home, that begin on these days."""
    found: defaultdict[int, list[Held]] = defaultdict(list)
    intervals: dict[tuple[datetime, datetime], Interval] = {}  # many work at the same time
    places = dict(_PLACES.rows(session))
    rows = _HELD.rows(session, staff_ids=as_list(staff_ids), **_bounds(span))
    for staff_id, shift_id, home_id, unit_id, day, starts_at, ends_at, hours, kind in rows:
        times = starts_at, ends_at
        if (interval := intervals.get(times)) is None:
            interval = intervals[times] = Interval(*times)
        held = Held(
            shift_id=shift_id,
            day=day,
            interval=interval,
            place=places[home_id],
            unit_id=unit_id,
            home_id=home_id,
            hours=NO_HOURS if kind is WorkingTime.ON_CALL else hours,
        )
        found[staff_id].append(held)
    return found


class Load(NamedTuple):
    """What somebody worked and is to work, added up; without the shift that is looked at."""

    hours: Decimal = NO_HOURS  # in the reference period
    later_hours: Decimal = NO_HOURS  # planned after it
    extra: int = 0  # shifts beyond the contract in the last four weeks
    unsocial: int = 0  # nights, weekends and bank holidays in the last eight
    nights: int = 0  # in the last eight
    shifts: int = 0  # in the last eight
    in_unit: bool = False  # worked in the same unit in the last four
    last_extra_at: datetime | None = None


NO_LOAD = Load()
_COUNTS = Shift.working_time != WorkingTime.ON_CALL
_WITHIN = Shift.local_date <= bindparam("until", type_=Date)
_LATER = Shift.local_date > bindparam("until", type_=Date)
_OTHER = Shift.id != bindparam("but")
_HOURS: Prepared[Any] = Prepared(
    select(
        Shift.staff_id,
        func.sum(case((_WITHIN, Shift.hours), else_=0)),
        func.sum(case((_LATER, Shift.hours), else_=0)),
    )
    .where(among(Shift.staff_id, "staff_ids"), *IS_WORK, _COUNTS, _OTHER, *_BETWEEN)
    .group_by(Shift.staff_id)
)
_LATELY = Shift.local_date >= bindparam("lately", type_=Date)
_IS_EXTRA = and_(_LATELY, or_(*(Shift.kind == kind for kind in EXTRA)))
# Eight weeks have at most eighteen days of weekends and, with Christmas and New Year, six bank holidays.
_ODD = tuple(f"odd_{number}" for number in range(24))
_ODD_DAYS = [bindparam(name, type_=Date) for name in _ODD]
_BY_NIGHT = Shift.end_local <= Shift.start_local


def _count(what: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((what, 1), else_=0))


_HABITS: Prepared[Any] = Prepared(
    select(
        Shift.staff_id,
        _count(_IS_EXTRA),
        _count(or_(_BY_NIGHT, Shift.local_date.in_(_ODD_DAYS))),
        _count(_BY_NIGHT),
        func.count(),
        _count(and_(_LATELY, Shift.unit_id == bindparam("unit_id", type_=Shift.unit_id.type))),
        func.max(case((_IS_EXTRA, Shift.starts_at))),
    )
    .where(among(Shift.staff_id, "staff_ids"), *IS_WORK, _OTHER, *_BETWEEN)
    .group_by(Shift.staff_id)
)


def loads_of(session: Session, staff_ids: Collection[int], slot: Slot) -> Mapping[int, Load]:
    """Answer what each of these people has to work, added up as a shift needs it."""
    shared = {"staff_ids": as_list(staff_ids), "but": slot.shift_id or 0}
    reference = Reference.ending(slot.day)
    hours = _HOURS.rows(session, **shared, until=reference.last, **_bounds(_whole(reference)))
    since, lately = slot.day - timedelta(days=UNSOCIAL_DAYS), slot.day - timedelta(days=EXTRA_DAYS)
    days = _odd_days(since, slot)[: len(_ODD)]
    odd = dict(zip(_ODD, [*days, *[date.min] * (len(_ODD) - len(days))], strict=True))
    habits = _HABITS.rows(
        session, **shared, **odd, lately=lately, unit_id=slot.unit_id, **_bounds(Span(since, slot.day))
    )
    worked = {staff_id: (within, later) for staff_id, within, later in hours}
    found = {staff_id: Load(hours=within, later_hours=later) for staff_id, (within, later) in worked.items()}
    for staff_id, extra, unsocial, nights, shifts, in_unit, last_extra_at in habits:
        within, later = worked.get(staff_id, (NO_HOURS, NO_HOURS))
        found[staff_id] = Load(within, later, extra, unsocial, nights, shifts, bool(in_unit), last_extra_at)
    return found


_BY_DAY: Prepared[Any] = Prepared(
    select(Shift.staff_id, Shift.local_date, Shift.hours).where(
        among(Shift.staff_id, "staff_ids"), *IS_WORK, _COUNTS, _OTHER, *_BETWEEN
    )
)


def hours_by_day(session: Session, staff_ids: Collection[int], slot: Slot) -> Mapping[int, Mapping[date, Decimal]]:
    """Answer the working time of each of these people by day, in the reference period of a shift and after it."""
    bounds = _bounds(_whole(Reference.ending(slot.day)))
    found: defaultdict[int, defaultdict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for staff_id, day, hours in _BY_DAY.rows(session, staff_ids=as_list(staff_ids), but=slot.shift_id or 0, **bounds):
        found[staff_id][day] += hours
    return found


def _whole(reference: Reference) -> Span:
    """Answer the reference period and as many weeks after it, from which days of leave are made up for."""
    return Span(reference.first, reference.last + timedelta(weeks=reference.weeks))


def _bounds(span: Span) -> dict[str, Any]:
    after, before = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (span.first, span.last))
    return {"after": after - A_DAY, "before": before + 2 * A_DAY, "first": span.first, "last": span.last}


def _odd_days(since: date, slot: Slot) -> list[date]:
    calendar = HomeCalendar(slot.nation)
    days = (since + timedelta(days=number) for number in range((slot.day - since).days + 1))
    return [day for day in days if day.weekday() >= SATURDAY or calendar.is_bank_holiday(day)]
