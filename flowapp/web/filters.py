"""Turns moments, dates and amounts into the words people in a British care home use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from jinja2 import Environment

from flowapp.kernel.calendar_names import MONTHS, WEEKDAYS

MINUTE, HOUR, DAY = 60, 3600, 86400
# Up to here a moment is counted from now; beyond, people think in days.
# static/js/relative-time.js keeps the same limit.
COUNTED_FOR = 12 * HOUR


@dataclass(frozen=True, kw_only=True)
class When:
    """A moment as a page shows it; made by `when`."""

    iso: str
    exact: str
    relative: str
    age_seconds: int  # negative for what is still to come


def when(moment: datetime, *, now: datetime, zone: tzinfo) -> When:
    """Give a moment in relative and in exact words, in the home's time zone."""
    return When(
        iso=moment.astimezone(UTC).isoformat(timespec="seconds"),
        exact=exact(moment, zone=zone),
        relative=relative(moment, now=now, zone=zone),
        age_seconds=int((now - moment).total_seconds()),
    )


def exact(moment: datetime, *, zone: tzinfo) -> str:
    """Say a moment in full, such as `Thursday 12 March 2026, 14:05`."""
    return f"{long_day(moment.astimezone(zone).date())}, {clock(moment, zone=zone)}"


def relative(moment: datetime, *, now: datetime, zone: tzinfo) -> str:
    """Say a moment as seen from now, such as `5 minutes ago` or `tomorrow at 07:00`."""
    age = (now - moment).total_seconds()
    if abs(age) < COUNTED_FOR:
        return _counted(age)
    there, here = moment.astimezone(zone).date(), now.astimezone(zone).date()
    named = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((there - here).days)
    if named is None and there.year != here.year:
        return day(there)
    return f"{named or _weekday_and_month(there)} at {clock(moment, zone=zone)}"


def clock(moment: datetime, *, zone: tzinfo) -> str:
    """Say the time of day, such as `14:05`, and which of the two when the clocks have gone back."""
    local = moment.astimezone(zone)
    happens_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%H:%M}" + (f" {local.tzname()}" if happens_twice else "")


def day(value: date) -> str:
    """Say a date, such as `12 March 2026`."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def long_day(value: date) -> str:
    """Say a date with its weekday, such as `Thursday 12 March 2026`."""
    return f"{WEEKDAYS[value.weekday()]} {day(value)}"


def short_day(value: date) -> str:
    """Say a date in a narrow column, such as `Thu 12 Mar`."""
    return f"{WEEKDAYS[value.weekday()][:3]} {value.day} {MONTHS[value.month - 1][:3]}"


def ended(words: str) -> str:
    """End words as a sentence, such as what somebody typed as a reason."""
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def period(first: date, last: date) -> str:
    """Say a run of days without repeating what they share, such as `12 to 15 March 2026`."""
    if first == last:
        return day(first)
    if first.year != last.year:
        return f"{day(first)} to {day(last)}"
    if first.month != last.month:
        return f"{first.day} {MONTHS[first.month - 1]} to {day(last)}"
    return f"{first.day} to {day(last)}"


def duration(length: timedelta | float) -> str:
    """Say how long something took, in its two largest units; a bare number is seconds."""
    seconds = length.total_seconds() if isinstance(length, timedelta) else length
    if seconds < 1:
        return "under a second"
    whole = int(seconds)
    parts = (
        (whole // DAY, "day"),
        (whole % DAY // HOUR, "hour"),
        (whole % HOUR // MINUTE, "minute"),
        (whole % MINUTE, "second"),
    )
    largest = next(place for place, (count, _) in enumerate(parts) if count)
    return " ".join(plural(count, unit) for count, unit in parts[largest : largest + 2] if count)


def days(count: Decimal | int) -> str:
    """Say a number of days of leave, such as `half a day`, `1 day` or `2.5 days`."""
    return "half a day" if count == Decimal("0.5") else _amount(count, "day")


def hours(count: Decimal | int) -> str:
    """Say a number of hours, such as `1 hour` or `7.5 hours`."""
    return _amount(count, "hour")


def plural(count: int, one: str, many: str = "") -> str:
    """Say a count with its noun, such as `1 person` or `3 people`; the plural ends in s unless given."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def number(value: Decimal | int) -> str:
    """Write a number as people read it: thousands parted by commas, no empty decimals."""
    digits = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def install(environment: Environment) -> None:
    """Make the words of this file filters of the templates, under their own names."""
    words: tuple[Callable[..., Any], ...] = (
        when,
        exact,
        relative,
        clock,
        day,
        long_day,
        short_day,
        period,
        duration,
        days,
        hours,
        plural,
        number,
    )
    environment.filters.update({word.__name__: word for word in words})


def _counted(age: float) -> str:
    count = int(abs(age))
    if count < MINUTE:
        return "just now" if age >= 0 else "in a moment"
    words = plural(count // HOUR, "hour") if count >= HOUR else plural(count // MINUTE, "minute")
    return f"{words} ago" if age > 0 else f"in {words}"


def _weekday_and_month(value: date) -> str:
    return f"{WEEKDAYS[value.weekday()][:3]} {value.day} {MONTHS[value.month - 1]}"


def _amount(count: Decimal | int, noun: str) -> str:
    return f"{number(count)} {noun if count == 1 else noun + 's'}"
