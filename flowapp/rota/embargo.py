"""Times closed to leave: once, or every year such as the weeks around Christmas."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from flowapp.kernel.errors import BadSetting, Problem, Refused
from flowapp.rota.wording import day_text

LEAP_YEAR = 2024
MONTH_DAY = re.compile(r"(\d{2})-(\d{2})", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where somebody works and as what; for an embargo, None means everywhere and everybody."""

    home_id: int | None = None
    unit_id: int | None = None
    role: str | None = None

    def covers(self, other: Place) -> bool:
        """Tell whether another place lies within this one."""
        pairs = (
            (self.home_id, other.home_id),
            (self.unit_id, other.unit_id),
            (self.role, other.role),
        )
        return all(mine is None or mine == theirs for mine, theirs in pairs)


class ClosedDays(Protocol):
    """Days on which leave is closed."""

    def hit(self, start: date, end: date) -> tuple[date, date] | None:
        """Answer the first closed stretch, whole, that the days from start to end touch."""


@dataclass(frozen=True, kw_only=True)
class ClosedOnce:
    """Days closed to leave one time; raises Refused when the last is before the first."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            message = f"The last closed day is before {day_text(self.first)}, the first; choose a later one."
            raise Refused([Problem(path="last", code="ends_before_start", message=message)])

    def hit(self, start: date, end: date) -> tuple[date, date] | None:
        """Answer the closed stretch if the days from start to end touch it."""
        return (self.first, self.last) if start <= self.last and self.first <= end else None


@dataclass(frozen=True, kw_only=True)
class ClosedYearly:
    """Days closed to leave every year, from a month and day (12-11) to another, which may be past New Year.

    29 February means the last day of February. Raises BadSetting for what is no month and day.
    """

    first: str
    last: str

    def __post_init__(self) -> None:
        for text in (self.first, self.last):
            _on(text, LEAP_YEAR)

    def hit(self, start: date, end: date) -> tuple[date, date] | None:
        """Answer the first year's closed stretch that the days from start to end touch."""
        # A stretch that began the year before may still run in January.
        for year in range(start.year - 1, end.year + 1):
            first = _on(self.first, year)
            last = _on(self.last, year + (self.last < self.first))
            if start <= last and first <= end:
                return first, last
        return None


@dataclass(frozen=True, kw_only=True)
class Embargo:
    """A time closed to leave somewhere, with the reason people are told; a hard one is never overridden."""

    closed: ClosedDays
    message: str
    hard: bool = False
    place: Place = Place()


@dataclass(frozen=True, kw_only=True)
class EmbargoHit:
    """An embargo that leave runs into, with the days on which it is closed."""

    embargo: Embargo
    first: date
    last: date


def embargoes_hit(embargoes: Iterable[Embargo], *, start: date, end: date, place: Place) -> tuple[EmbargoHit, ...]:
    """Answer the embargoes that leave from start to end of somebody who works at a place runs into."""
    hits = []
    for embargo in embargoes:
        closed = embargo.closed.hit(start, end) if embargo.place.covers(place) else None
        if closed is not None:
            hits.append(EmbargoHit(embargo=embargo, first=closed[0], last=closed[1]))
    return tuple(hits)


def _on(text: str, year: int) -> date:
    try:
        found = MONTH_DAY.fullmatch(text)
        if found is None:
            raise ValueError(text)
        month, day = int(found[1]), int(found[2])
        date(LEAP_YEAR, month, day)
        return date(year, month, min(day, calendar.monthrange(year, month)[1]))
    except ValueError:
        raise BadSetting(f'"{text}" is no day of the year; write month and day such as 12-11.') from None
