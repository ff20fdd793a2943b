"""Lays one person's leave out over the days of a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flowapp.rota.leave import GRANTED, LeaveStatus
from flowapp.rota.leave_period import DayPart, LeavePeriod
from flowapp.web.filters import period as period_words


@dataclass(frozen=True, kw_only=True)
class Away:
    """A stretch of leave of one person that is asked for or approved."""

    leave_id: int
    staff_id: int
    name: str
    type: str
    status: LeaveStatus
    period: LeavePeriod

    @property
    def word(self) -> str:
        """How it stands, in a word or two."""
        return "Approved" if self.status in GRANTED else "Asked for"

    @property
    def words(self) -> str:
        """All of it, for those who listen: `Approved, annual leave, 7 to 11 December 2026`."""
        dates = period_words(self.period.start, self.period.end)
        return f"{self.word}, {self.type.lower()}, {dates}{_parts(self.period)}"

    def part_on(self, day: date) -> str:
        """Say which half of a day it is, or nothing for a whole one."""
        return {DayPart.AM: "morning", DayPart.PM: "afternoon"}.get(self.period.part_on(day) or DayPart.ALL, "")


@dataclass(frozen=True)
class Stretch:
    """Days in a row on which the same leave is taken, or none."""

    days: tuple[date, ...]
    leave: tuple[Away, ...]


def stretches(days: Sequence[date], leave: Sequence[Away]) -> tuple[Stretch, ...]:
    """Part the days where the person's leave begins and ends; a day at work stands alone."""
    found: list[Stretch] = []
    on_day = [(day, tuple(each for each in leave if each.period.part_on(day) is not None)) for day in days]
    for taken, group in groupby(on_day, key=lambda pair: pair[1]):
        run = tuple(day for day, _ in group)
        found.extend([Stretch(run, taken)] if taken else [Stretch((day,), ()) for day in run])
    return tuple(found)


def _parts(period: LeavePeriod) -> str:
    if period.start == period.end:
        return {DayPart.AM: ", morning", DayPart.PM: ", afternoon"}.get(period.start_part, "")
    first = ", from midday of the first day" if period.start_part is DayPart.PM else ""
    return first + (", until midday of the last day" if period.end_part is DayPart.AM else "")
