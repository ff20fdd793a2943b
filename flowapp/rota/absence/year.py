"""How often somebody was ill in twelve months, and how much of their work that took."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from flowapp.rota.absence.figures import AbsenceFigures, ReviewLimits
from flowapp.rota.calendar import MONDAY_TO_FRIDAY
from flowapp.rota.wording import HUNDREDTH
from flowapp.rota.work import WEEKDAY_NAMES

LEAP_DAY = 29
A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Illness:
    """The days on which somebody was ill; without a last day they still are."""

    first_day: date
    last_day: date | None = None


@dataclass(frozen=True, kw_only=True)
class YearOfAbsence:
    """Somebody's sickness in the twelve months up to a day."""

    episodes: int
    days: Decimal  # of work that were lost
    percentage: Decimal
    bradford: Decimal
    needs_review: bool


def worked_weekdays(pattern: Mapping[str, Decimal]) -> frozenset[int]:
    """Answer the weekdays somebody usually works; Monday to Friday of whoever has no fixed days."""
    found = {number for number, name in enumerate(WEEKDAY_NAMES) if pattern.get(name)}
    return frozenset(found or MONDAY_TO_FRIDAY)


def year_of_absence(
    illnesses: Sequence[Illness],
    *,
    today: date,
    weekdays: Collection[int],
    employed_since: date,
    limits: ReviewLimits | None = None,
) -> YearOfAbsence:
    """Count what lies in the twelve months up to a day, that day included."""
    begin = _year_before(today) + A_DAY
    lost: set[date] = set()
    episodes = 0
    for each in illnesses:
        first, last = max(each.first_day, begin), min(each.last_day or today, today)
        episodes += first <= last
        lost.update(_worked(first, last, weekdays))
    working = Decimal(sum(1 for _ in _worked(max(begin, employed_since), today, weekdays)))
    figures = AbsenceFigures(episodes=episodes, days=Decimal(len(lost)))
    return YearOfAbsence(
        episodes=episodes,
        days=figures.days,
        percentage=figures.percentage(working).quantize(HUNDREDTH),
        bradford=figures.bradford,
        needs_review=figures.needs_review(working, limits),
    )


def _worked(first: date, last: date, weekdays: Collection[int]) -> Iterator[date]:
    for number in range((last - first).days + 1):
        day = first + number * A_DAY
        if day.weekday() in weekdays:
            yield day


def _year_before(day: date) -> date:
    if (day.month, day.day) == (2, LEAP_DAY):
        return day.replace(year=day.year - 1, day=LEAP_DAY - 1)
    return day.replace(year=day.year - 1)
