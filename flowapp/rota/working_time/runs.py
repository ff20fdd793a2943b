"""Days in a row: how long somebody works, or is free, without a day of the other kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Generic, TypeVar

Kind = TypeVar("Kind")
A_DAY = timedelta(days=1)
MOST_DAYS = 6  # in a row, unless somebody's own limit says otherwise


@dataclass(frozen=True, kw_only=True)
class Run(Generic[Kind]):
    """Days of one kind, one after the other."""

    kind: Kind
    length: int
    first: int  # its first day, counted from the beginning
    is_over: bool  # whether a day of another kind follows


def runs(days: Iterable[Kind]) -> list[Run[Kind]]:
    """Answer the runs of a row of days, each day given as what it is."""
    found: list[Run[Kind]] = []
    first = 0
    for kind, same in groupby(days):
        length = sum(1 for _ in same)
        found.append(Run(kind=kind, length=length, first=first, is_over=True))
        first += length
    if found:
        last = found[-1]
        found[-1] = Run(kind=last.kind, length=last.length, first=last.first, is_over=False)
    return found


def days_in_a_row(day: date, worked: Collection[date]) -> int:
    """Answer how many days in a row are worked around a day, itself among them, whether it was worked before or not."""
    worked = {*worked, day}
    before = next(number for number in range(1, len(worked) + 1) if day - number * A_DAY not in worked)
    after = next(number for number in range(1, len(worked) + 1) if day + number * A_DAY not in worked)
    return before + after - 1
