"""The days of one stretch of leave, and how two of them fit together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Protocol, Self

from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.wall_time import Interval, instant
from flowapp.rota.wording import day_text

MIDDAY_SPLIT = time(13)  # where a home's day parts into morning and afternoon unless it says otherwise
LONGEST_DAYS = 731
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
ONE_DAY = timedelta(days=1)


class DayPart(StrEnum):
    """How much of a day somebody is away."""

    ALL = "all"
    AM = "am"  # the morning only
    PM = "pm"  # the afternoon only, and a night that begins on this day

    def meets(self, other: DayPart) -> bool:
        """Tell whether two parts of one day share time."""
        return self is other or DayPart.ALL in (self, other)


class DaysAway(Protocol):
    """Anything that says which part of which days somebody is away."""

    @property
    def start(self) -> date:
        """The first day."""

    @property
    def end(self) -> date:
        """The last day."""

    def part_on(self, day: date) -> DayPart | None:
        """Which part of the day is taken; None when the day is not."""


@dataclass(frozen=True)
class LeavePeriod:
    """A stretch of leave without gaps; it may begin at midday of its first day and end at midday of its last.

    Raises Refused, naming the field of the request (start_date, start_part, end_date, end_part), when the
    days make no sense. A single day has the same part at both ends.
    """

    start: date
    start_part: DayPart
    end: date
    end_part: DayPart

    def __post_init__(self) -> None:
        if problems := [*_wrong_days(self.start, self.end), *_wrong_parts(self)]:
            raise Refused(problems)

    @classmethod
    def of(cls, *, start: date, end: date | None = None, start_part: str = "all", end_part: str = "all") -> Self:
        """Make a period from a request's words; the last day and the parts may be left out."""
        last = start if end is None else end
        first_part, last_part = _read_part(start_part, "start_part"), _read_part(end_part, "end_part")
        if start == last and DayPart.ALL in (first_part, last_part):
            # The afternoon until the day's end is the afternoon; the day's start until midday is the morning.
            first_part = last_part = first_part if last_part is DayPart.ALL else last_part
        return cls(start, first_part, last, last_part)

    @property
    def calendar_days(self) -> int:
        """Every day from the first to the last."""
        return (self.end - self.start).days + 1

    def part_on(self, day: date) -> DayPart | None:
        """Which part of the day is taken; None when the day is not."""
        if not self.start <= day <= self.end:
            return None
        if day == self.start:
            return self.start_part
        return self.end_part if day == self.end else DayPart.ALL


def days_of(away: DaysAway) -> Iterator[date]:
    """Go through every day from the first to the last."""
    for number in range((away.end - away.start).days + 1):
        yield away.start + timedelta(days=number)


def overlap(first: DaysAway, second: DaysAway) -> tuple[date, ...]:
    """Answer the days that both take; a morning and an afternoon of one day do not meet."""
    if first.end < second.start or second.end < first.start:
        return ()
    shared = (day for day in days_of(first) if second.start <= day <= second.end)
    return tuple(day for day in shared if _meet(first.part_on(day), second.part_on(day)))


def fits(first: DaysAway, second: DaysAway) -> bool:
    """Tell whether both can be taken by one person."""
    return not overlap(first, second)


def run_of(period: LeavePeriod, others: Iterable[LeavePeriod]) -> tuple[date, date]:
    """Answer the first and last day away, joined with other leave that begins or ends where it does."""
    begin, end = _half_days(period)
    waiting = [_half_days(other) for other in others]
    while touching := [other for other in waiting if other[0] <= end and other[1] >= begin]:
        begin = min(begin, *(other[0] for other in touching))
        end = max(end, *(other[1] for other in touching))
        waiting = [other for other in waiting if other not in touching]
    return date.fromordinal(begin // 2), date.fromordinal((end - 1) // 2)


def consecutive_days(
    period: LeavePeriod,
    others: Iterable[LeavePeriod],
    *,
    counts: Callable[[date], bool] = lambda _day: True,
) -> int:
    """Count the days in a row somebody is away, adjacent leave included; some days may not count."""
    first, last = run_of(period, others)
    return sum(counts(first + timedelta(days=number)) for number in range((last - first).days + 1))


def window(period: LeavePeriod, zone: str, *, midday: time = MIDDAY_SPLIT) -> Interval:
    """Answer the instants between which somebody is away: from midnight or midday to midnight or midday."""
    begins = midday if period.start_part is DayPart.PM else time()
    starts_at = instant(period.start, begins, zone)
    if period.end_part is DayPart.AM:
        return Interval(starts_at, instant(period.end, midday, zone))
    return Interval(starts_at, instant(period.end + ONE_DAY, time(), zone))


def _meet(first: DayPart | None, second: DayPart | None) -> bool:
    return first is not None and second is not None and first.meets(second)


def _half_days(period: LeavePeriod) -> tuple[int, int]:
    # Half days are numbered from the calendar's beginning; stretches touch where one ends and one begins.
    begin = period.start.toordinal() * 2 + (period.start_part is DayPart.PM)
    return begin, period.end.toordinal() * 2 + (1 if period.end_part is DayPart.AM else 2)


def _read_part(text: str, field: str) -> DayPart:
    try:
        return DayPart(text)
    except ValueError:
        message = "Choose all day, the morning (am) or the afternoon (pm)."
        raise Refused([Problem(path=field, code="unknown_part", message=message)]) from None


def _wrong_days(start: date, end: date) -> Iterator[Problem]:
    for field, day in (("start_date", start), ("end_date", end)):
        if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            message = f"The year {day.year} cannot be right; check the date."
            yield Problem(path=field, code="year_out_of_range", message=message)
    if end < start:
        message = f"The last day, {day_text(end)}, is before the first, {day_text(start)}; choose again."
        yield Problem(path="end_date", code="ends_before_start", message=message)
    elif (end - start).days >= LONGEST_DAYS:
        message = f"One request covers at most {LONGEST_DAYS} days; choose an earlier last day."
        yield Problem(path="end_date", code="too_long", message=message)


def _wrong_parts(period: LeavePeriod) -> Iterator[Problem]:
    if period.start == period.end:
        if period.start_part is not period.end_part:
            message = "A single day is taken all day, in the morning or in the afternoon; choose one of them."
            yield Problem(path="end_part", code="mixed_parts", message=message)
        return
    if period.start_part is DayPart.AM:
        message = (
            "Leave of several days has no gap: its first day is taken all day or in the afternoon. "
            "Ask for a single morning separately."
        )
        yield Problem(path="start_part", code="gap_after_start", message=message)
    if period.end_part is DayPart.PM:
        message = (
            "Leave of several days has no gap: its last day is taken all day or in the morning. "
            "Ask for a single afternoon separately."
        )
        yield Problem(path="end_part", code="gap_before_end", message=message)
