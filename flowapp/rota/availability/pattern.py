"""What somebody says of their weeks: stretches of weekdays that repeat every one to twelve weeks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any

from flowapp.kernel.errors import Problem
from flowapp.rota.leave_period import EARLIEST_YEAR, LATEST_YEAR
from flowapp.rota.work import WEEKDAY_NAMES

MOST_WEEKS = 12
MOST_SLOTS = 200
DAYS_A_WEEK = 7
MIDNIGHT = time()


class SlotKind(StrEnum):
    """What somebody says of a stretch of time."""

    AVAILABLE = "available"  # can work
    UNAVAILABLE = "unavailable"  # cannot work
    PREFERRED = "preferred"  # would like to work

    @property
    def label(self) -> str:
        """The words people use for it."""
        return _LABELS[self]


_LABELS = {
    SlotKind.AVAILABLE: "Can work",
    SlotKind.UNAVAILABLE: "Cannot work",
    SlotKind.PREFERRED: "Would like to work",
}


@dataclass(frozen=True, kw_only=True, order=True)
class Slot:
    """A stretch of one weekday of a pattern; an end that is not after the start is on the next day."""

    week: int  # 1 is the week of the anchor
    weekday: int  # Monday is 0
    start: time
    end: time
    kind: SlotKind


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """What somebody says of their weeks, from a day on.

    It repeats every so many weeks; the anchor is a Monday of its first week. A stretch belongs to the day it begins.
    """

    valid_from: date
    valid_to: date | None = None  # None: until they say otherwise
    repeat_weeks: int = 1
    anchor: date
    slots: tuple[Slot, ...] = ()

    @property
    def names_times_to_work(self) -> bool:
        """Whether it says when they can work, and not only when they cannot."""
        return any(slot.kind is not SlotKind.UNAVAILABLE for slot in self.slots)

    def holds_on(self, day: date) -> bool:
        """Say whether it speaks of a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def week_of(self, day: date) -> int:
        """Answer which of its weeks a day lies in; the first is 1."""
        return (day - self.anchor).days // DAYS_A_WEEK % self.repeat_weeks + 1

    def slots_on(self, day: date) -> Iterator[Slot]:
        """Go through what it says of a day."""
        if self.holds_on(day):
            week = self.week_of(day)
            yield from (slot for slot in self.slots if slot.week == week and slot.weekday == day.weekday())

    def meets(self, other: Pattern) -> bool:
        """Say whether both speak of the same day."""
        begins_in_time = self.valid_to is None or other.valid_from <= self.valid_to
        return begins_in_time and (other.valid_to is None or self.valid_from <= other.valid_to)


def monday_of(day: date) -> date:
    """Answer the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def wrong_pattern(pattern: Pattern) -> Iterator[Problem]:
    """Answer each thing that makes no sense by itself."""
    yield from _wrong_days(pattern)
    if not 1 <= pattern.repeat_weeks <= MOST_WEEKS:
        message = f"The weeks repeat after 1 to {MOST_WEEKS} weeks."
        yield Problem(path="repeat_weeks", code="out_of_range", message=message)
    if pattern.anchor.weekday():
        yield Problem(path="anchor", code="not_a_monday", message="The first week begins on a Monday; choose one.")
    if not pattern.slots:
        message = "Say at least one time at which you can, cannot or would like to work."
        yield Problem(path="slots", code="missing", message=message)
    elif len(pattern.slots) > MOST_SLOTS:
        message = f"There are more than {MOST_SLOTS} times; say it in fewer."
        yield Problem(path="slots", code="too_many", message=message)
    if any(not 1 <= slot.week <= pattern.repeat_weeks for slot in pattern.slots):
        message = "A time is in a week that does not come; the first week is 1, and the last as many as repeat."
        yield Problem(path="slots", code="no_such_week", message=message)


def _wrong_days(pattern: Pattern) -> Iterator[Problem]:
    given = (("valid_from", pattern.valid_from), ("valid_to", pattern.valid_to), ("anchor", pattern.anchor))
    wrong = [name for name, day in given if day is not None and not EARLIEST_YEAR <= day.year < LATEST_YEAR]
    for name in wrong:
        message = f"The year cannot be right. It is from {EARLIEST_YEAR} on; check the date."
        yield Problem(path=name, code="year_out_of_range", message=message)
    if not wrong and pattern.valid_to is not None and pattern.valid_to < pattern.valid_from:
        message = "The last day lies before the first. Choose a later one, or leave it empty."
        yield Problem(path="valid_to", code="end_before_start", message=message)


def as_kept(slots: Sequence[Slot]) -> dict[str, dict[str, list[dict[str, str]]]]:
    """Write slots by week and weekday, as they are kept and sent."""
    weeks: dict[str, dict[str, list[dict[str, str]]]] = {}
    for slot in sorted(slots):
        days = weeks.setdefault(str(slot.week), {})
        row = {"from": f"{slot.start:%H:%M}", "to": f"{slot.end:%H:%M}", "kind": slot.kind.value}
        days.setdefault(WEEKDAY_NAMES[slot.weekday], []).append(row)
    return weeks


def from_kept(weeks: Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]]) -> tuple[Slot, ...]:
    """Read slots that were kept so."""
    return tuple(
        Slot(
            week=int(week),
            weekday=WEEKDAY_NAMES.index(day),
            start=time.fromisoformat(row["from"]),
            end=time.fromisoformat(row["to"]),
            kind=SlotKind(row["kind"]),
        )
        for week, days in weeks.items()
        for day, rows in days.items()
        for row in rows
    )
