"""The rules of working time again, a quarter of an hour at a time: slow, and sharing nothing with ours.

Everything given begins and ends at a quarter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

Stretch = tuple[datetime, datetime]  # from one moment in UTC until another
QUARTER, A_DAY = timedelta(minutes=15), timedelta(days=1)
OF_AN_HOUR = Decimal("0.25")


def quarters(stretch: Stretch) -> Iterable[datetime]:
    """Answer each quarter of an hour of a stretch of time."""
    moment, end = stretch
    while moment < end:
        yield moment
        moment += QUARTER


def free_hours(shifts: Sequence[Stretch], window: Stretch) -> list[Decimal]:
    """Answer how many hours in a row are free, for each row of them in a window."""
    busy = {quarter for shift in shifts for quarter in quarters(shift)}
    found = [0]
    for quarter in quarters(window):
        if quarter not in busy:
            found[-1] += 1
        elif found[-1]:
            found.append(0)
    return [each * OF_AN_HOUR for each in found if each]


def worst_day(shifts: Sequence[Stretch]) -> dict[datetime, Decimal]:
    """Answer the longest rest in hours within 24 hours of the start of each shift."""
    return {start: max(free_hours(shifts, (start, start + A_DAY)), default=Decimal(0)) for start, _ in shifts}


def hours_at_night(shift: Stretch, zone: str, *, begins: int, ends: int) -> Decimal:
    """Count the hours of a shift that the clock on the wall puts in the night."""
    hours = [quarter.astimezone(ZoneInfo(zone)).hour for quarter in quarters(shift)]
    return sum(hour >= begins or hour < ends for hour in hours) * OF_AN_HOUR


def average_week(hours: Mapping[date, Decimal], first: date, last: date, excluded: Collection[date]) -> Decimal:
    """Average the hours of weeks, going on after the last for as many days of work as were excluded."""
    total, day, days = Decimal(0), first, 0
    while day <= last:
        total += Decimal(0) if day in excluded else hours.get(day, Decimal(0))
        day, days = day + A_DAY, days + 1
    left = sum(first <= each <= last for each in excluded)
    while left and day <= max([*hours, last]):
        if day not in excluded and hours.get(day):
            total, left = total + hours[day], left - 1
        day += A_DAY
    return total * 7 / days


def days_in_a_row(day: date, worked: Collection[date]) -> int:
    """Walk from a day in both directions as long as days are worked."""
    count = 1
    for step in (-A_DAY, A_DAY):
        at = day + step
        while at in worked:
            count, at = count + 1, at + step
    return count
