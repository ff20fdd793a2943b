"""Daily and weekly rest (regulations 10 and 11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from flowapp.rota.wall_time import Interval, elapsed_hours, instant

ADULT_HOURS, YOUNG_HOURS = Decimal(11), Decimal(12)  # of daily rest
WEEKLY_HOURS, FORTNIGHTLY_HOURS = Decimal(24), Decimal(48)
ADVISED_WEEKLY_HOURS = Decimal(35)  # weekly rest comes on top of daily rest: 24 + 11
WEEK_DAYS, FORTNIGHT_DAYS = 7, 14
A_DAY = timedelta(days=1)
NONE = Decimal(0)


class ShortRest(NamedTuple):
    """The 24 hours from the start of a shift that hold too little rest."""

    starts_at: datetime
    hours: Decimal  # the longest rest in them


def in_order(shifts: Iterable[Interval]) -> list[Interval]:
    """Answer stretches of work in the order of time."""
    return sorted(shifts, key=lambda shift: (shift.starts_at, shift.ends_at))


def hours_between(shifts: Iterable[Interval]) -> list[Decimal]:
    """Answer the hours from the end of each shift to the start of the next; 0 where they touch or overlap."""
    return [max(elapsed_hours(before.ends_at, after.starts_at), NONE) for before, after in pairwise(in_order(shifts))]


def rests_within(shifts: Iterable[Interval], starts_at: datetime, ends_at: datetime) -> Iterator[Interval]:
    """Answer each stretch without work inside a stretch of time, cut off at its ends."""
    free_from = starts_at
    for shift in in_order(shifts):
        if shift.starts_at >= ends_at:
            break
        if shift.starts_at > free_from:
            yield Interval(free_from, shift.starts_at)
        free_from = max(free_from, shift.ends_at)
    if free_from < ends_at:
        yield Interval(free_from, ends_at)


def longest_rest(shifts: Iterable[Interval], starts_at: datetime, ends_at: datetime) -> Decimal:
    """Answer the hours of the longest rest inside a stretch of time; 0 where there is none."""
    return max((each.elapsed_hours for each in rests_within(shifts, starts_at, ends_at)), default=NONE)


def short_rests(shifts: Iterable[Interval], needed: Decimal = ADULT_HOURS) -> list[ShortRest]:
    """Answer every shift whose 24 hours hold no uninterrupted rest as long as is needed.

    Not the gap between two shifts: a split shift may have a short one inside, and a shift of 14 hours leaves too little
    however long the gap behind it.
    """
    ordered = in_order(shifts)
    found = (
        ShortRest(
            shift.starts_at, longest_rest(_near(ordered, shift.starts_at), shift.starts_at, shift.starts_at + A_DAY)
        )
        for shift in ordered
    )
    return [each for each in found if each.hours < needed]


def rest_lost(shift: Interval, others: Iterable[Interval], needed: Decimal = ADULT_HOURS) -> Decimal | None:
    """Answer the hours of rest that a shift would leave beside others where that is too little, or None.

    Only what this shift takes counts: where the others leave too little between themselves, that is not its doing.
    """
    around = [
        each for each in others if each.ends_at > shift.starts_at - 2 * A_DAY and each.starts_at < shift.ends_at + A_DAY
    ]
    without = {each.starts_at: each.hours for each in short_rests(around, needed)}
    taken = [
        short.hours
        for short in short_rests([*around, shift], needed)
        if short.starts_at == shift.starts_at or without.get(short.starts_at, needed) > short.hours
    ]
    return min([*taken, *_beside(shift, around)]) if taken else None


def _near(ordered: Sequence[Interval], starts_at: datetime) -> list[Interval]:
    return [each for each in ordered if each.ends_at > starts_at and each.starts_at < starts_at + A_DAY]


def _beside(shift: Interval, others: Iterable[Interval]) -> list[Decimal]:
    """Answer the hours from the shift before and to the shift after."""
    before = [elapsed_hours(each.ends_at, shift.starts_at) for each in others if each.ends_at <= shift.starts_at]
    after = [elapsed_hours(shift.ends_at, each.starts_at) for each in others if each.starts_at >= shift.ends_at]
    return [min(hours) for hours in (before, after) if hours]


@dataclass(frozen=True, kw_only=True)
class WeeklyRest:
    """The rests in a week, or in a fortnight where the employer has chosen that."""

    hours: tuple[Decimal, ...]
    days: int

    @property
    def longest(self) -> Decimal:
        """The hours of the longest rest."""
        return max(self.hours, default=NONE)

    @property
    def is_enough(self) -> bool:
        """Whether it is as long as the law asks: 24 hours in a week; 48, or twice 24, in a fortnight."""
        if self.days < FORTNIGHT_DAYS:
            return self.longest >= WEEKLY_HOURS
        return self.longest >= FORTNIGHTLY_HOURS or sum(each >= WEEKLY_HOURS for each in self.hours) > 1

    @property
    def is_as_advised(self) -> bool:
        """Whether it stays enough when it may not overlap the daily rest."""
        return self.longest >= ADVISED_WEEKLY_HOURS


def weekly_rest(shifts: Iterable[Interval], first: date, zone: str, *, days: int = WEEK_DAYS) -> WeeklyRest:
    """Answer the rests in the days from one on, from midnight to midnight where the clock of a zone shows it."""
    starts_at, ends_at = instant(first, time(), zone), instant(first + timedelta(days=days), time(), zone)
    rests = rests_within(shifts, starts_at, ends_at)
    return WeeklyRest(hours=tuple(each.elapsed_hours for each in rests), days=days)
