"""How many days and hours a stretch of leave takes, day by day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple

from flowapp.rota.leave_period import (
    MIDDAY_SPLIT,
    DayPart,
    DaysAway,
    LeavePeriod,
    days_of,
    fits,
    overlap,
    window,
)
from flowapp.rota.wall_time import instants
from flowapp.rota.wall_time import overlap as share_time
from flowapp.rota.wording import HUNDREDTH
from flowapp.rota.work import RosteredShift, Work, WorkingPattern

__all__ = [
    "Charge",
    "Counting",
    "DayPart",
    "LeaveCount",
    "LeaveDay",
    "LeavePeriod",
    "RosteredShift",
    "Work",
    "WorkingPattern",
    "clash_shifts",
    "count",
    "fits",
    "overlap",
    "split",
]

NONE, HALF, WHOLE = Decimal(0), Decimal("0.5"), Decimal(1)
EVERY_DAY = frozenset(range(7))


class Counting(StrEnum):
    """What a type of leave counts."""

    ROSTERED = "rostered"  # the shifts somebody would have worked
    WORKING_DAYS = "working_days"  # working weekdays that are no bank holiday
    CALENDAR = "calendar"  # every day


class Charge(StrEnum):
    """Whether a day of leave is taken from the allowance."""

    YES = "yes"
    DAY_OFF = "day_off"  # no work on that day, or none in that half of it
    BANK_HOLIDAY = "bank_holiday"


class LeaveDay(NamedTuple):
    """What one day, or one shift, of leave takes."""

    date: date
    part: DayPart
    days: Decimal
    hours: Decimal  # in hundredths, as it is stored
    charge: Charge
    shift_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class LeaveCount:
    """What a stretch of leave takes; estimated when rota and pattern were unknown for some of its days."""

    days: Decimal
    hours: Decimal
    calendar_days: int
    estimated: bool
    per_day: tuple[LeaveDay, ...]


def count(period: DaysAway, mode: Counting, work: Work) -> LeaveCount:
    """Count what a stretch of leave takes from somebody who is due to work so."""
    per_day: list[LeaveDay] = []
    estimated = False
    for day in days_of(period):
        part = period.part_on(day)
        if part is None:
            continue
        taken, guessed = _taken(day, part, mode, work)
        per_day.extend(taken)
        estimated = estimated or guessed
    return _sum(per_day, estimated)


def split(counted: LeaveCount, *, after: date) -> tuple[LeaveCount, LeaveCount]:
    """Part a count in two: up to and with a day, such as the last of a leave year, and later."""
    if all(entry.date <= after for entry in counted.per_day):
        return counted, _sum([], counted.estimated)
    before = [entry for entry in counted.per_day if entry.date <= after]
    later = [entry for entry in counted.per_day if entry.date > after]
    return _sum(before, counted.estimated), _sum(later, counted.estimated)


def clash_shifts(
    period: LeavePeriod, shifts: Iterable[RosteredShift], zone: str, *, midday: time = MIDDAY_SPLIT
) -> tuple[RosteredShift, ...]:
    """Answer the shifts that share time with the leave, the night before that runs into it included."""
    away = window(period, zone, midday=midday)
    return tuple(shift for shift in shifts if share_time(instants(shift.date, shift.start, shift.end, zone), away))


def _sum(per_day: list[LeaveDay], estimated: bool) -> LeaveCount:
    return LeaveCount(
        days=sum((entry.days for entry in per_day), NONE),
        hours=sum((entry.hours for entry in per_day), NONE),
        calendar_days=len({entry.date for entry in per_day}),
        estimated=estimated,
        per_day=tuple(per_day),
    )


def _taken(day: date, part: DayPart, mode: Counting, work: Work) -> tuple[list[LeaveDay], bool]:
    """What a day takes, and whether that is a guess."""
    whole = LeaveDay(date=day, part=DayPart.ALL, days=WHOLE, hours=NONE, charge=Charge.YES)
    if mode is Counting.CALENDAR:
        return [_part_of(whole._replace(hours=_share(work.contracted_hours, day, EVERY_DAY)), part)], False
    if mode is Counting.WORKING_DAYS:
        return [_contract_day(whole, part, work)], False
    if shifts := work.shifts_on(day):
        return [_shift_day(shift, part, work.midday) for shift in shifts], False
    if work.rota_is_known(day):
        return [_free(whole, part, Charge.DAY_OFF)], False
    if work.pattern is not None:
        return [_pattern_day(whole, part, work, work.pattern)], False
    return [_contract_day(whole, part, work)], True


def _pattern_day(whole: LeaveDay, part: DayPart, work: Work, pattern: WorkingPattern) -> LeaveDay:
    hours = pattern.hours_on(whole.date).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)
    if not hours:
        return _free(whole, part, Charge.DAY_OFF)
    if pattern.keeps_bank_holidays and work.is_bank_holiday(whole.date):
        return _free(whole, part, Charge.BANK_HOLIDAY)
    return _part_of(whole._replace(hours=hours), part)


def _contract_day(whole: LeaveDay, part: DayPart, work: Work) -> LeaveDay:
    day = whole.date
    if day.weekday() not in work.weekdays:
        return _free(whole, part, Charge.DAY_OFF)
    if work.is_bank_holiday(day):
        return _free(whole, part, Charge.BANK_HOLIDAY)
    return _part_of(whole._replace(hours=_share(work.contracted_hours, day, work.weekdays)), part)


def _shift_day(shift: RosteredShift, part: DayPart, midday: time) -> LeaveDay:
    """Charge a shift to the day it starts: half of it where it spans midday, else all of it."""
    whole = LeaveDay(
        date=shift.date,
        part=DayPart.ALL,
        days=WHOLE,
        charge=Charge.YES,
        shift_id=shift.shift_id,
        hours=shift.paid_hours.quantize(HUNDREDTH, rounding=ROUND_HALF_UP),
    )
    in_morning = shift.start < midday
    in_afternoon = shift.end > midday or shift.end <= shift.start
    if in_morning and in_afternoon:
        return _part_of(whole, part)
    lies_in = DayPart.AM if in_morning else DayPart.PM
    if part.meets(lies_in):
        return whole._replace(part=part)
    return _free(whole, part, Charge.DAY_OFF)._replace(shift_id=None)


def _part_of(whole: LeaveDay, part: DayPart) -> LeaveDay:
    """Take a day or half of it; the odd hundredth of an hour goes to the afternoon, so that halves add up."""
    if part is DayPart.ALL:
        return whole
    morning = (whole.hours / 2).quantize(HUNDREDTH, rounding=ROUND_DOWN)
    return whole._replace(part=part, days=HALF, hours=morning if part is DayPart.AM else whole.hours - morning)


def _free(whole: LeaveDay, part: DayPart, charge: Charge) -> LeaveDay:
    return whole._replace(part=part, days=NONE, hours=NONE, charge=charge)


def _share(weekly: Decimal, day: date, weekdays: Collection[int]) -> Decimal:
    """Share a week's hours out to its weekdays in hundredths, so that a whole week takes exactly that."""
    earlier = sum(weekday < day.weekday() for weekday in weekdays)
    up_to = [
        (weekly * number / len(weekdays)).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)
        for number in (earlier, earlier + 1)
    ]
    return up_to[1] - up_to[0]
