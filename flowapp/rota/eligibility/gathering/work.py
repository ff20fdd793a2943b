"""The work that candidates have already: shift by shift around some days, and added up over the weeks before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

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


def held_by(session: Session, staff_ids: Collection[int], span: Span) -> Mapping[int, list[Held]]:
    """Answer the shifts of these people, in whichever home, that begin on these days; in the order of time."""
    query = (
        select(
            *(Shift.staff_id, Shift.id, CareHome.name, Shift.home_id, Shift.unit_id, Shift.local_date),
            *(Shift.starts_at, Shift.ends_at, Shift.hours, Shift.working_time),
        )
        .join(CareHome, CareHome.id == Shift.home_id)
        .where(
            Shift.staff_id.in_(staff_ids),
            Shift.status.not_in(NOT_WORKED),
            *_between(span),
        )
        .order_by(Shift.staff_id, Shift.starts_at)
    )
    found: defaultdict[int, list[Held]] = defaultdict(list)
    for staff_id, shift_id, place, home_id, unit_id, day, starts_at, ends_at, hours, kind in session.execute(query):
        counted = NO_HOURS if kind is WorkingTime.ON_CALL else hours
        found[staff_id].append(
            Held(
                shift_id=shift_id,
                day=day,
                interval=Interval(starts_at, ends_at),
                place=place,
                unit_id=unit_id,
                home_id=home_id,
                hours=counted,
            )
        )
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


def loads_of(session: Session, staff_ids: Collection[int], slot: Slot) -> Mapping[int, Load]:
    """Answer what each of these people has to work, added up as a shift needs it."""
    reference = Reference.ending(slot.day)
    extra_since, unsocial_since = slot.day - timedelta(days=EXTRA_DAYS), slot.day - timedelta(days=UNSOCIAL_DAYS)
    works = Shift.working_time != WorkingTime.ON_CALL
    within = Shift.local_date <= reference.last
    lately = and_(Shift.local_date >= extra_since, Shift.local_date <= slot.day)
    of_late = and_(Shift.local_date >= unsocial_since, Shift.local_date <= slot.day)
    is_extra = and_(Shift.kind.in_(EXTRA), lately)
    by_night = and_(of_late, Shift.end_local <= Shift.start_local)
    odd = Shift.local_date.in_(_odd_days(unsocial_since, slot))
    query = (
        select(
            Shift.staff_id,
            func.sum(case((and_(works, within), Shift.hours), else_=NO_HOURS)),
            func.sum(case((and_(works, ~within), Shift.hours), else_=NO_HOURS)),
            _count(is_extra),
            _count(or_(by_night, and_(of_late, odd))),
            _count(by_night),
            _count(of_late),
            _count(and_(lately, Shift.unit_id == slot.unit_id)),
            func.max(case((is_extra, Shift.starts_at))),
        )
        .where(
            Shift.staff_id.in_(staff_ids),
            Shift.status.not_in(NOT_WORKED),
            Shift.id != (slot.shift_id or 0),
            *_between(Span(reference.first, reference.last + timedelta(weeks=reference.weeks))),
        )
        .group_by(Shift.staff_id)
    )
    return {row[0]: Load(*row[1:7], in_unit=bool(row[7]), last_extra_at=row[8]) for row in session.execute(query)}


def hours_by_day(session: Session, staff_ids: Collection[int], slot: Slot) -> Mapping[int, Mapping[date, Decimal]]:
    """Answer the working time of each of these people by day, in the reference period of a shift and after it."""
    reference = Reference.ending(slot.day)
    query = select(Shift.staff_id, Shift.local_date, Shift.hours).where(
        Shift.staff_id.in_(staff_ids),
        Shift.status.not_in(NOT_WORKED),
        Shift.working_time != WorkingTime.ON_CALL,
        Shift.id != (slot.shift_id or 0),
        *_between(Span(reference.first, reference.last + timedelta(weeks=reference.weeks))),
    )
    found: defaultdict[int, defaultdict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for staff_id, day, hours in session.execute(query):
        found[staff_id][day] += hours
    return found


def _between(span: Span) -> tuple[ColumnElement[bool], ...]:
    """Say that a shift begins on these days: by the moment so that the index helps, and by the day to be exact."""
    return (
        Shift.starts_at >= _noon_before(span.first),
        Shift.starts_at < _noon_before(span.last + 2 * A_DAY),
        Shift.local_date >= span.first,
        Shift.local_date <= span.last,
    )


def _noon_before(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - A_DAY / 2


def _count(what: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((what, 1), else_=0))


def _odd_days(since: date, slot: Slot) -> list[date]:
    calendar = HomeCalendar(slot.nation)
    days = (since + timedelta(days=number) for number in range((slot.day - since).days + 1))
    return [day for day in days if day.weekday() >= SATURDAY or calendar.is_bank_holiday(day)]
