"""Night work (regulations 2, 6 and 7): the hours from 23:00 to 06:00 on the clock of the home."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from flowapp.rota.wall_time import Interval, elapsed_hours, instant

BEGINS, ENDS = time(23), time(6)
MAKES_IT_NIGHT_WORK = Decimal(3)  # hours of the night
MOST_HOURS = Decimal(8)  # in 24, on average
WEEK_DAYS, DAYS_WORKED_A_WEEK = 7, 6


def hours_between_clock_times(shift: Interval, begins: time, ends: time, zone: str) -> Decimal:
    """Answer the hours of a shift from one time of day to another, which is earlier, on the next day."""
    night, hours = _local_day(shift.starts_at, zone) - timedelta(days=1), Decimal(0)
    last = _local_day(shift.ends_at, zone)
    while night <= last:
        from_, until = instant(night, begins, zone), instant(night + timedelta(days=1), ends, zone)
        shared_from, shared_until = max(from_, shift.starts_at), min(until, shift.ends_at)
        if shared_from < shared_until:
            hours += elapsed_hours(shared_from, shared_until)
        night += timedelta(days=1)
    return hours


def night_hours(shift: Interval, zone: str) -> Decimal:
    """Answer how many hours of a shift are in the night."""
    return hours_between_clock_times(shift, BEGINS, ENDS, zone)


def is_night_work(shift: Interval, zone: str) -> bool:
    """Say whether a shift is night work: three hours of it, or more, are in the night."""
    return night_hours(shift, zone) >= MAKES_IT_NIGHT_WORK


def average_day(hours_a_week: Decimal, *, weeks: int) -> Decimal:
    """Answer a night worker's average hours in 24: A / (B - C) of regulation 6(5).

    B are the days of the period, C its days of weekly rest, one a week.
    """
    return hours_a_week * weeks / (weeks * DAYS_WORKED_A_WEEK)


def is_lawful(average: Decimal) -> bool:
    """Say whether a night worker may work this much in 24 hours on average; nobody can agree to more."""
    return average <= MOST_HOURS


def _local_day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
