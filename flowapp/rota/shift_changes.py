"""Everything that can be done to a shift: each a guard, a change, a note in the audit and an event.

Whoever says which version they have `seen` is told when somebody changed the shift since. Each function raises
NotFound or NotAllowed when `who` may not do it, and Conflict when the shift is no longer in the state for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.events.shift import (
    ShiftCreated,
    ShiftDeleted,
    ShiftPublished,
    ShiftUpdated,
    StaffAssigned,
    StaffUnassigned,
)
from flowapp.kernel.errors import Conflict, NotFound, Problem, Refused
from flowapp.rota.assignment import entries
from flowapp.rota.assignment.entries import NO_GROUNDS, AssignmentKind, Grounds, overruled_for
from flowapp.rota.eligibility.candidates import score_of
from flowapp.rota.eligibility.gathering.slots import slot_of_plan, slots_of
from flowapp.rota.homes import place_of
from flowapp.rota.reasons import read_reason
from flowapp.rota.shift_assigning import NOTHING, Overruling, check_can_take, check_still_can
from flowapp.rota.shift_events import in_words, tell
from flowapp.rota.shift_plan import ShiftPlan, as_said, differences, timed
from flowapp.rota.shift_reading import PlannedShift, shift_as_it_is
from flowapp.rota.shift_writing import add, move, note, replan
from flowapp.rota.shifts import PLANNED, ShiftStatus
from flowapp.rota.units import is_unit_of


def create(
    session: Session,
    cause: Cause,
    who: Person,
    *,
    home_id: int,
    plan: ShiftPlan,
    staff_id: int | None = None,
    overruling: Overruling = NOTHING,
) -> int:
    """Plan a shift, open unless it is given to somebody at once, and answer its number; raises Refused."""
    require(who, "shift.edit", On(home_id=home_id))
    place = place_of(session, home_id)
    if place is None:
        raise NotFound
    work = timed(plan, place.timezone)
    _check_unit(session, plan, home_id)
    grounds = NO_GROUNDS
    if staff_id is not None:
        require(who, "shift.assign", On(home_id=home_id))
        slot = slot_of_plan(session, home_id, plan, place.timezone)
        grounds = check_can_take(session, who, slot, staff_id, overruling)
    shift = add(session, cause, home_id, plan, work, place.timezone, staff_id)
    note(session, cause, shift, "create", before=None, after=as_said(plan) | _state(shift))
    tell(session, cause, ShiftCreated, shift)
    if staff_id is not None:
        entries.write(session, cause, shift.id, staff_id, AssignmentKind.GIVEN, grounds)
        tell(session, cause, StaffAssigned, shift, own={"previous_staff_id": None})
    return shift.id


def update(
    session: Session, cause: Cause, who: Person, shift_id: int, *, seen: int | None = None, **given: Any
) -> None:
    """Plan a shift otherwise: `given` are fields of `ShiftPlan`.

    Nothing is written and nobody is told when every value is as before. Raises Refused when the plan makes no
    sense, or whoever has the shift could not work it so.
    """
    shift = _load(session, who, "shift.edit", shift_id, seen)
    if shift.status not in PLANNED:
        raise Conflict(f"This shift is {_words(shift)}, so it cannot be changed any more.")
    plan = replace(shift.plan, **given)
    changes = differences(shift.plan, plan)
    if not changes:
        return
    work = timed(plan, shift.timezone)
    _check_unit(session, plan, shift.home_id)
    moved = (work.times.starts_at, work.times.ends_at) != (shift.starts_at, shift.ends_at)
    if shift.staff_id is not None and (moved or {each.field for each in changes} & {"role", "skills"}):
        overruled = overruled_for(session, shift.id, shift.staff_id)
        slot = slot_of_plan(session, shift.home_id, plan, shift.timezone, shift_id=shift.id)
        check_still_can(session, who, slot, shift.staff_id, overruled)
    after = replan(session, cause, shift, plan, work)
    old, new = {each.field: each.old for each in changes}, {each.field: each.new for each in changes}
    note(session, cause, after, "update", before=old, after=new)
    tell(session, cause, ShiftUpdated, after, changes=changes, own={"changes": in_words(changes)})


def assign(
    session: Session,
    cause: Cause,
    who: Person,
    shift_id: int,
    *,
    staff_id: int,
    replacing: int | None = None,
    seen: int | None = None,
    overruling: Overruling = NOTHING,
) -> Grounds:
    """Give a shift to somebody, and answer what the rules said: an open shift, or one that `replacing` hands over.

    Raises Refused or Conflict as `check_can_take` does when they cannot work it.
    """
    shift = _load(session, who, "shift.assign", shift_id, seen)
    if replacing is not None and replacing == shift.staff_id:
        shift = _take_off(session, cause, shift, "")
    if shift.status is not ShiftStatus.OPEN:
        raise Conflict(_not_open(shift))
    slot, *_ = slots_of(session, [shift])
    grounds = check_can_take(session, who, slot, staff_id, overruling)
    after = move(session, cause, shift, status=ShiftStatus.ASSIGNED, staff_id=staff_id)
    note(session, cause, after, "assign", before=_state(shift), after=_state(after) | _against(grounds),
         reason=grounds.reason)  # fmt: skip
    scored = grounds._replace(score=score_of(session, slot, staff_id))
    entries.write(session, cause, shift.id, staff_id, AssignmentKind.GIVEN, scored)
    tell(session, cause, StaffAssigned, after, own={"previous_staff_id": replacing})
    return scored


def unassign(
    session: Session, cause: Cause, who: Person, shift_id: int, *, reason: str = "", seen: int | None = None
) -> None:
    """Take whoever has a shift off it, so that it is open again."""
    shift = _load(session, who, "shift.assign", shift_id, seen)
    _take_off(session, cause, shift, read_reason(reason))


def publish(
    session: Session, cause: Cause, who: Person, shift_id: int, *, seen: int | None = None, reason: str = ""
) -> None:
    """Let staff see a shift; raises Refused where whoever has it cannot work it and no reason is given."""
    shift = _load(session, who, "rota.publish", shift_id, seen)
    if shift.published_at is not None:
        raise Conflict("This shift is published already.")
    if shift.status not in PLANNED:
        raise Conflict(f"This shift is {_words(shift)}, so it cannot be published.")
    if shift.staff_id is not None and not reason:
        slot, *_ = slots_of(session, [shift])
        check_still_can(session, who, slot, shift.staff_id, overruled_for(session, shift.id, shift.staff_id))
    after = move(session, cause, shift, status=shift.status, staff_id=shift.staff_id, published_at=cause.at)
    note(session, cause, after, "publish", before=_state(shift), after=_state(after), reason=reason)
    tell(session, cause, ShiftPublished, after)


def cancel(
    session: Session, cause: Cause, who: Person, shift_id: int, *, reason: str = "", seen: int | None = None
) -> None:
    """Cancel a shift that is not needed any more; its record stays, and whoever had it is free."""
    shift = _load(session, who, "shift.edit", shift_id, seen)
    if shift.status not in PLANNED:
        raise Conflict(f"This shift is {_words(shift)}, so it cannot be cancelled.")
    why = read_reason(reason)
    after = move(session, cause, shift, status=ShiftStatus.CANCELLED, staff_id=shift.staff_id, cancel_reason=why)
    note(session, cause, after, "cancel", before=_state(shift), after=_state(after), reason=why)
    own = {"reason": why, "was_published": shift.published_at is not None}
    tell(session, cause, ShiftDeleted, after, own=own)


def _take_off(session: Session, cause: Cause, shift: PlannedShift, reason: str) -> PlannedShift:
    person = shift.staff_facts
    if shift.status not in (ShiftStatus.ASSIGNED, ShiftStatus.NO_SHOW) or person is None:
        raise Conflict(f"This shift is {_words(shift)}, so there is nobody to take off it.")
    after = move(session, cause, shift, status=ShiftStatus.OPEN, staff_id=None)
    note(session, cause, after, "unassign", before=_state(shift), after=_state(after), reason=reason)
    grounds = NO_GROUNDS._replace(reason=reason)
    entries.write(session, cause, shift.id, person.id, AssignmentKind.TAKEN_OFF, grounds)
    own = {"previous_staff_id": person.id, "reason": reason}
    tell(session, cause, StaffUnassigned, after, about=person, own=own)
    return after


def _load(session: Session, who: Person, permission: str, shift_id: int, seen: int | None) -> PlannedShift:
    shift = shift_as_it_is(session, shift_id)
    require(who, permission, On(home_id=shift.home_id))
    if seen is not None and seen != shift.version:
        raise Conflict
    return shift


def _not_open(shift: PlannedShift) -> str:
    if shift.status is ShiftStatus.ASSIGNED:
        return f"{shift.staff_name} already has this shift. Take them off it first."
    return f"This shift is {_words(shift)}, so nobody can be given it."


def _check_unit(session: Session, plan: ShiftPlan, home_id: int) -> None:
    if plan.unit_id is not None and not is_unit_of(session, plan.unit_id, home_id):
        message = "This home has no such unit; choose one of its units, or none."
        raise Refused([Problem(path="unit_id", code="unknown", message=message)])


def _state(shift: PlannedShift) -> dict[str, Any]:
    return {"status": shift.status, "staff_id": shift.staff_id, "published": shift.published_at is not None}


def _against(grounds: Grounds) -> dict[str, Any]:
    return {"overruled": list(grounds.overruled)} if grounds.overruled else {}


def _words(shift: PlannedShift) -> str:
    return shift.status.label.lower()
