"""Reading dates and date-times from text, and moving them by a duration."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from flowapp.expressions.errors import Fault
from flowapp.expressions.frame import Frame
from flowapp.expressions.limits import WORKING_DAYS
from flowapp.expressions.values import admit, is_number, moment, number_text, shown

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
SECONDS: Final = {"seconds": 1, "minutes": 60, "hours": 3600}
DURATIONS: Final = (*SECONDS, "days", "working_days")


def read_date(text: str) -> date | None:
    """Read an ISO 8601 date, or answer None."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_datetime(text: str, timezone: ZoneInfo) -> datetime | None:
    """Read an ISO 8601 date-time, in the home's time zone when it names none, or answer None."""
    if not _DATETIME.fullmatch(text):
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment(read if read.tzinfo else read.replace(tzinfo=timezone))


def local(value: datetime, frame: Frame) -> datetime:
    """Answer a date-time as the clock of the home shows it."""
    frame.tick(4)
    try:
        return value.astimezone(frame.environment.timezone)
    except OverflowError:
        raise _outside() from None


def local_date(value: datetime, frame: Frame) -> date:
    """Answer the date of a moment in the home."""
    return local(value, frame).date()


def start_of_day(day: date, frame: Frame) -> datetime:
    """Answer midnight, when the day begins in the home."""
    return moment(datetime(day.year, day.month, day.day, tzinfo=frame.environment.timezone))


def move_days(value: date, days: int, frame: Frame) -> date:
    """Move a date, or a date-time by the clock on the home's wall, by days."""
    try:
        if isinstance(value, datetime):
            return moment(local(value, frame) + timedelta(days=days))
        return value + timedelta(days=days)
    except OverflowError:
        raise _outside() from None


def move_seconds(value: datetime, seconds: int | Decimal) -> datetime:
    """Move a date-time by the time that passes."""
    try:
        return value + timedelta(microseconds=int(seconds * 1_000_000))
    except OverflowError:
        raise _outside() from None


def move_working_days(value: date, days: int, frame: Frame) -> date:
    """Move a date by days that are neither Saturday nor Sunday nor a bank holiday of the home."""
    if abs(days) > WORKING_DAYS:
        raise Fault("out_of_range", f"Working days can be counted up to {WORKING_DAYS:,}, not {days:,}.")
    step = 1 if days > 0 else -1
    left = abs(days)
    while left:
        frame.tick(4)
        value = move_days(value, step, frame)
        if is_working_day(local_date(value, frame) if isinstance(value, datetime) else value, frame):
            left -= 1
    return value


def is_working_day(day: date, frame: Frame) -> bool:
    """Whether the day is neither Saturday nor Sunday nor a bank holiday of the home."""
    return day.weekday() < 5 and not frame.environment.calendar.is_bank_holiday(day)


def move(value: date, duration: dict[object, object], sign: int, frame: Frame) -> date:
    """Move by a duration such as {"hours": 3}: the form in which workflows write durations."""
    unit, amount = _read_duration(duration)
    if unit in SECONDS:
        if not isinstance(value, datetime):
            raise Fault("wrong_type", f"You cannot add {unit} to {shown(value)}: it has no time.")
        return move_seconds(value, sign * amount * SECONDS[unit])
    if amount != int(amount):
        raise Fault("wrong_type", f"Days are moved by whole numbers, not by {number_text(amount)}.")
    moved = move_working_days if unit == "working_days" else move_days
    return moved(value, sign * int(amount), frame)


def _read_duration(duration: dict[object, object]) -> tuple[str, int | Decimal]:
    if len(duration) == 1:
        [(unit, amount)] = duration.items()
        amount = admit(amount)
        if isinstance(unit, str) and unit in DURATIONS and is_number(amount):
            return unit, amount
    raise Fault("wrong_type", 'A duration has one unit and a number, such as {"hours": 3}; this record is none.')


def _outside() -> Fault:
    return Fault("out_of_range", "This date lies outside the years 1 to 9999.")
