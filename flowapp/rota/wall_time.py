"""From the wall clock of a care home to instants, across the two nights a year when clocks change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from flowapp.kernel.errors import BadSetting, Problem, Refused
from flowapp.rota.wording import HUNDREDTH, day_text

Fold = Literal[0, 1]
SECONDS_IN_HOUR = 3600


class DstFlag(StrEnum):
    """What a change of the clocks does to a shift."""

    NONE = "none"  # as long as the clock says
    SHORT = "short"  # clocks go forward during it: an hour less
    LONG = "long"  # clocks go back during it: an hour more
    AMBIGUOUS = "ambiguous"  # it starts or ends at a time the clock shows twice
    NONEXISTENT = "nonexistent"  # it starts or ends at a time the clock skips


@dataclass(frozen=True)
class Interval:
    """A stretch of time from an instant up to, and without, another; both aware, in UTC."""

    starts_at: datetime
    ends_at: datetime

    @property
    def elapsed_hours(self) -> Decimal:
        """The hours that really pass."""
        return elapsed_hours(self.starts_at, self.ends_at)


@dataclass(frozen=True)
class ShiftTimes(Interval):
    """The instants of a shift, beside what the clock on the wall says."""

    wall_hours: Decimal
    dst_flag: DstFlag

    def paid_hours(self, unpaid_break_minutes: int) -> Decimal:
        """The hours that really pass, less the unpaid break, to the hundredth that is stored and paid."""
        seconds = _seconds(self.starts_at, self.ends_at) - 60 * unpaid_break_minutes
        return (Decimal(seconds) / SECONDS_IN_HOUR).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)


def elapsed_hours(starts_at: datetime, ends_at: datetime) -> Decimal:
    """Count the hours between two aware moments, clock changes included."""
    return Decimal(_seconds(starts_at, ends_at)) / SECONDS_IN_HOUR


def overlap(first: Interval, second: Interval) -> bool:
    """Tell whether two stretches share time; one that begins as the other ends does not."""
    return first.starts_at < second.ends_at and second.starts_at < first.ends_at


def read_time(text: str, *, field: str) -> time:
    """Read HH:MM, or refuse it by the name of its field."""
    try:
        hours, minutes = text.split(":")
        if not (len(hours) == len(minutes) == 2 and (hours + minutes).isdecimal() and text.isascii()):
            raise ValueError(text)
        return time(int(hours), int(minutes))
    except ValueError:
        message = f'"{text}" is not a time of day; write hours and minutes such as 07:30 (midnight is 00:00).'
        raise Refused([Problem(path=field, code="invalid_time", message=message)]) from None


def zone_of(name: str) -> ZoneInfo:
    """Find a time zone by its IANA name, or raise BadSetting."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise BadSetting(f'There is no time zone called "{name}"; Britain has Europe/London.') from None


@lru_cache(maxsize=4096)
def instant(day: date, at: time, zone: str, *, fold: Fold = 0) -> datetime:
    """Say in UTC when the clock of a zone shows a time on a day.

    A time the clock shows twice is the first one unless fold is 1; a time it skips is read with the offset
    before the gap (RFC 5545 3.3.5), which is what Python's fold=0 means.
    """
    return datetime.combine(day, at, tzinfo=zone_of(zone)).replace(fold=fold).astimezone(UTC)


def instants(
    day: date,
    start: str | time,
    end: str | time,
    zone: str,
    *,
    fold_start: Fold = 0,
    fold_end: Fold = 0,
) -> ShiftTimes:
    """Turn a shift's local day, start and end into instants; an end not after the start is on the next day.

    Raises Refused when a clock change leaves no time between them.
    """
    start = read_time(start, field="start") if isinstance(start, str) else start
    end = read_time(end, field="end") if isinstance(end, str) else end
    last = day + timedelta(days=1) if end <= start else day
    starts_at = instant(day, start, zone, fold=fold_start)
    ends_at = instant(last, end, zone, fold=fold_end)
    if ends_at <= starts_at:
        raise Refused([_no_time_left(day, start, end)])
    wall = int((datetime.combine(last, end) - datetime.combine(day, start)).total_seconds())
    flag = _flag((_reading(day, start, zone), _reading(last, end, zone)), _seconds(starts_at, ends_at) - wall)
    return ShiftTimes(starts_at, ends_at, wall_hours=Decimal(wall) / SECONDS_IN_HOUR, dst_flag=flag)


def _seconds(starts_at: datetime, ends_at: datetime) -> int:
    # Python subtracts two moments of one zone by the clock on the wall; in UTC it is the time that passed.
    return int((ends_at.astimezone(UTC) - starts_at.astimezone(UTC)).total_seconds())


def _reading(day: date, at: time, zone: str) -> DstFlag:
    first, second = instant(day, at, zone, fold=0), instant(day, at, zone, fold=1)
    if first == second:
        return DstFlag.NONE
    return DstFlag.AMBIGUOUS if first < second else DstFlag.NONEXISTENT


def _flag(readings: tuple[DstFlag, DstFlag], gained_seconds: int) -> DstFlag:
    for odd in (DstFlag.NONEXISTENT, DstFlag.AMBIGUOUS):
        if odd in readings:
            return odd
    if gained_seconds == 0:
        return DstFlag.NONE
    return DstFlag.LONG if gained_seconds > 0 else DstFlag.SHORT


def _no_time_left(day: date, start: time, end: time) -> Problem:
    message = (
        f"The clocks change on {day_text(day)}, and no time is left between {start:%H:%M} and {end:%H:%M}; "
        "choose a later end."
    )
    return Problem(path="end", code="no_time_left", message=message)
