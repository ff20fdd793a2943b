"""Copying the week before into a week: the same shifts, open or with the same people where they can work them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict, Refused
from flowapp.rota import shift_changes
from flowapp.rota.shift_plan import ShiftPlan
from flowapp.rota.shift_reading import PlannedShift
from flowapp.rota.week.reading import shifts_of_week
from flowapp.rota.week.week import A_WEEK, Week
from flowapp.rota.wording import day_text


@dataclass(frozen=True, kw_only=True)
class Copied:
    """What copying a week made."""

    made: int
    given: int  # of these, to whoever has the shift a week before
    left_open: tuple[str, ...]  # in words: whose shift was left open, and why

    @property
    def sentence(self) -> str:
        """Say it in a sentence or two."""
        if not self.made:
            return "Every shift of the week before is there already, so nothing was copied."
        made = f"{self.made} {'shift was' if self.made == 1 else 'shifts were'} copied"
        if not self.given and not self.left_open:
            return f"{made}, all open."
        return f"{made}, {self.given} of them with the same people. {' '.join(self.left_open)}".strip()


def copy_week(session: Session, cause: Cause, who: Person, home_id: int, week: Week, *, same_people: bool) -> Copied:
    """Plan the shifts of the week before again, except those that are there already; none is published.

    Somebody who cannot work a shift is left off it, and the reason is told. Raises Conflict where the rota begins.
    """
    require(who, "shift.edit", On(home_id=home_id))
    before = week.before
    if before is None:
        raise Conflict("There is no week before this one to copy.")
    there = shifts_of_week(session, home_id, week)
    made, given, left_open = 0, 0, []
    for shift in missing(shifts_of_week(session, home_id, before), there):
        plan, staff_id = _a_week_on(shift), shift.staff_id if same_people else None
        made += 1
        problem = _plan(session, cause, who, home_id, plan, staff_id)
        given += staff_id is not None and not problem
        if problem:
            left_open.append(f"The shift on {day_text(plan.date)} is open: {problem}")
    return Copied(made=made, given=given, left_open=tuple(left_open))


def missing(before: Sequence[PlannedShift], there: Sequence[PlannedShift]) -> list[PlannedShift]:
    """Answer those of a week that have no counterpart a week later; two alike need two."""
    have = Counter(_key(shift, shift.local_date) for shift in there)
    found = []
    for shift in before:
        key = _key(shift, shift.local_date + A_WEEK)
        if have[key]:
            have[key] -= 1
        else:
            found.append(shift)
    return found


def _plan(session: Session, cause: Cause, who: Person, home_id: int, plan: ShiftPlan, staff_id: int | None) -> str:
    """Plan a shift, open if whoever is to have it cannot; answer why they cannot."""
    try:
        shift_changes.create(session, cause, who, home_id=home_id, plan=plan, staff_id=staff_id)
    except (Refused, Conflict) as refused:
        if staff_id is None:
            raise
        shift_changes.create(session, cause, who, home_id=home_id, plan=plan)
        return refused.message
    return ""


def _a_week_on(shift: PlannedShift) -> ShiftPlan:
    return replace(shift.plan, date=shift.local_date + A_WEEK)


def _key(shift: PlannedShift, day: date) -> tuple[object, ...]:
    return (shift.unit_id, shift.role, day, shift.start_local, shift.end_local, shift.working_time, shift.kind)
