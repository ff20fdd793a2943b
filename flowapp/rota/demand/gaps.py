"""Where fewer people are planned than a home needs, from values alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from flowapp.rota.shift_reading import PlannedShift
from flowapp.rota.shifts import ShiftKind, ShiftStatus
from flowapp.rota.staff import JobRole
from flowapp.rota.work import WEEKDAY_NAMES

# Beside those who are needed: whoever learns is not counted.
NOT_COUNTED = frozenset({ShiftKind.TRAINING, ShiftKind.SUPERNUMERARY})
NOT_THERE = frozenset({ShiftStatus.NO_SHOW, ShiftStatus.CANCELLED})


class HomeNeed(NamedTuple):
    """What a home needs for a shift, as its table has it."""

    id: int
    home_id: int
    unit_id: int | None
    unit_name: str | None
    name: str
    role: JobRole
    weekdays: str
    start: str
    end: str
    fewest: int
    ideal: int | None
    valid_from: date | None
    valid_to: date | None
    skills: list[str]
    version: int

    def holds_on(self, day: date) -> bool:
        """Say whether it is needed on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        over = self.valid_to is not None and self.valid_to < day
        return begun and not over and WEEKDAY_NAMES[day.weekday()] in self.weekdays.split(",")


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Too few people of a role for a shift on a day."""

    day: date
    need: HomeNeed
    planned: int  # people who have such a shift

    @property
    def missing(self) -> int:
        """How many are lacking."""
        return self.need.fewest - self.planned

    @property
    def words(self) -> str:
        """Say it as people do: `Needs 2 more care assistants for the long day`."""
        return f"Needs {people(self.missing, self.need.role)} for the {self.need.name}"


def people(number: int, role: JobRole) -> str:
    """Say how many more of a role: `1 more carer`, `2 more care assistants`."""
    label = role.label if role.label[:2].isupper() else role.label[:1].lower() + role.label[1:]
    return f"{number} more {label}{'' if number == 1 else 's'}"


def gaps(needs: Sequence[HomeNeed], shifts: Sequence[PlannedShift], days: Iterable[date]) -> list[Gap]:
    """Answer every need that too few people are planned for, in the order of the days."""
    found = []
    for day in days:
        here = [shift for shift in shifts if shift.local_date == day and _counts(shift)]
        for need in needs:
            if need.holds_on(day) and (planned := sum(_meets(shift, need) for shift in here)) < need.fewest:
                found.append(Gap(day=day, need=need, planned=planned))
    return found


def _counts(shift: PlannedShift) -> bool:
    return shift.staff_id is not None and shift.kind not in NOT_COUNTED and shift.status not in NOT_THERE


def _meets(shift: PlannedShift, need: HomeNeed) -> bool:
    same_time = (shift.start_local, shift.end_local) == (need.start, need.end)
    return same_time and shift.role is need.role and need.unit_id in (None, shift.unit_id)
