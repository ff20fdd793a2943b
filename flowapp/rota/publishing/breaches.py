"""What is wrong with a week before it is published: shifts of people who cannot work them.

It asks what `check_can_work` asks of one shift, for a whole week at once: whether somebody is on leave, still or
already works here, and is free.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import Date, bindparam, select
from sqlalchemy.orm import Session

from flowapp.kernel.prepared import Prepared
from flowapp.rota.leave_period import window
from flowapp.rota.shift_reading import PlannedShift
from flowapp.rota.shifts import Shift, ShiftStatus
from flowapp.rota.staff import Staff, StaffStatus
from flowapp.rota.wall_time import overlap
from flowapp.rota.week.reading import Away
from flowapp.rota.week.week import Week
from flowapp.rota.wording import day_text, span_text


class Employed(NamedTuple):
    """Whether somebody works here, from when to when."""

    id: int
    status: StaffStatus
    start_date: date
    end_date: date | None


_EMPLOYED = Prepared(
    select(Staff.id, Staff.status, Staff.start_date, Staff.end_date)
    .distinct()
    .join(Shift, Shift.staff_id == Staff.id)
    .where(
        Shift.home_id == bindparam("home_id"),
        Shift.local_date >= bindparam("first", type_=Date),
        Shift.local_date <= bindparam("last", type_=Date),
        Shift.status == ShiftStatus.ASSIGNED,
    ),
    Employed,
)


@dataclass(frozen=True, kw_only=True)
class Breach:
    """A shift that whoever has it cannot work, by the rule with this code."""

    shift_id: int
    staff_id: int
    code: str
    words: str


def employed_in(session: Session, home_id: int, week: Week) -> dict[int, Employed]:
    """Answer everybody who has a shift in a week, by their number."""
    found = _EMPLOYED.rows(session, home_id=home_id, first=week.monday, last=week.sunday)
    return {each.id: each for each in found}


def breaches(shifts: Sequence[PlannedShift], away: Sequence[Away], employed: dict[int, Employed]) -> tuple[Breach, ...]:
    """Answer every shift that whoever has it cannot work, the earliest first."""
    held = [each for each in shifts if each.status is ShiftStatus.ASSIGNED]
    found = [breach for shift in held for breach in _of_one(shift, away, employed)]
    return (*found, *_overlaps(held))


def _of_one(shift: PlannedShift, away: Sequence[Away], employed: dict[int, Employed]) -> Iterable[Breach]:
    who = employed.get(shift.staff_id or 0)
    if who is not None and (why := _not_here(who, shift.local_date)):
        yield _breach(shift, "E01", why)
    for leave in away:
        if leave.staff_id != shift.staff_id or not leave.granted:
            continue
        if overlap(window(leave.period, shift.timezone), shift.interval):
            days = span_text(leave.period.start, leave.period.end)
            yield _breach(shift, "E06", f"has approved leave {days}")


def _not_here(who: Employed, day: date) -> str:
    if who.status.why_not:
        return who.status.why_not
    if day < who.start_date:
        return f"starts on {day_text(who.start_date)}"
    if who.end_date is not None and day > who.end_date:
        return f"leaves on {day_text(who.end_date)}"
    return ""


def _overlaps(held: Sequence[PlannedShift]) -> Iterable[Breach]:
    by_person = sorted(held, key=lambda each: (each.staff_id or 0, each.starts_at))
    for first, second in pairwise(by_person):
        if first.staff_id == second.staff_id and overlap(first.interval, second.interval):
            yield _breach(second, "E05", "has another shift at the same time")


def _breach(shift: PlannedShift, code: str, why: str) -> Breach:
    words = f"{shift.staff_name} {why}, and has the shift on {day_text(shift.local_date)} from {shift.start_local}."
    return Breach(shift_id=shift.id, staff_id=shift.staff_id or 0, code=code, words=words)
