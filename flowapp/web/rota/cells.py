"""One cell of the week: a unit on a day, with its shifts, what is lacking, and where to add a shift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import url_for

from flowapp.rota.demand.gaps import Gap
from flowapp.rota.shift_reading import PlannedShift
from flowapp.rota.shifts import ShiftStatus, WorkingTime
from flowapp.rota.wall_time import elapsed_hours
from flowapp.rota.wording import amount_text
from flowapp.web.filters import long_day

NOBODY = "Nobody yet"
MINUTES_IN_DAY, MINUTES_IN_HOUR = 1440, 60
Times = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One shift as the week shows it."""

    href: str
    times: str
    who: str
    role: str
    colour: str
    is_open: bool
    published: bool
    notes: tuple[str, ...]  # in words: not published, clocks change, not seen yet

    @property
    def state(self) -> str:
        """How it is drawn: open, draft or set."""
        if self.is_open:
            return "open"
        return "set" if self.published else "draft"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A unit on a day."""

    day: date
    day_words: str
    where: str
    chips: tuple[Chip, ...]
    gaps: tuple[str, ...]
    new_url: str  # empty for whoever may not plan

    @property
    def is_empty(self) -> bool:
        """Whether nothing is planned, and nothing lacking."""
        return not self.chips and not self.gaps


def chip(shift: PlannedShift, colours: Mapping[Times, str], *, plans: bool, own_staff_id: int | None) -> Chip:
    """Draw a shift up; whoever plans is also told what staff cannot see and who has not seen theirs."""
    return Chip(
        href=url_for("shifts.show_shift", shift_id=shift.id),
        times=f"{shift.start_local}–{shift.end_local}",
        who=shift.staff_name or NOBODY,
        role=shift.role.label,
        colour=colours.get((shift.start_local, shift.end_local), "grey"),
        is_open=shift.status is ShiftStatus.OPEN,
        published=shift.published_at is not None,
        notes=tuple(_notes(shift, plans=plans, own=shift.staff_id is not None and shift.staff_id == own_staff_id)),
    )


def _notes(shift: PlannedShift, *, plans: bool, own: bool) -> list[str]:
    found = []
    if shift.working_time is not WorkingTime.FULL:
        found.append("Sleep-in" if shift.working_time is WorkingTime.SLEEP_IN else "On call")
    if clock := clock_words(shift):
        found.append(clock)
    if plans and shift.published_at is None:
        found.append("Not published")
    elif own and shift.acknowledged_at is None and shift.status is ShiftStatus.ASSIGNED:
        found.append("Say that you have seen it")
    return found


def clock_words(shift: PlannedShift) -> str:
    """Say what a change of the clocks does to a shift: `11 hours: clocks go forward`; nothing on other nights."""
    passing = elapsed_hours(shift.starts_at, shift.ends_at)
    wall = Decimal(_wall_minutes(shift)) / MINUTES_IN_HOUR
    if passing == wall:
        return ""
    return f"{amount_text(passing, 'hour')}: clocks go {'forward' if passing < wall else 'back'}"


def _wall_minutes(shift: PlannedShift) -> int:
    start, end = (int(text[:2]) * MINUTES_IN_HOUR + int(text[3:]) for text in (shift.start_local, shift.end_local))
    return end - start if end > start else end - start + MINUTES_IN_DAY


def cell(
    where: str, day: date, chips: Sequence[Chip], gaps: Sequence[Gap], *, home: str, unit_id: int | None, plans: bool
) -> Cell:
    """Put a cell together."""
    new_url = url_for("shift_forms.new", home=home, unit=unit_id or "", date=day.isoformat()) if plans else ""
    return Cell(
        day=day,
        day_words=long_day(day),
        where=where,
        chips=tuple(chips),
        gaps=tuple(gap.words for gap in gaps),
        new_url=new_url,
    )
