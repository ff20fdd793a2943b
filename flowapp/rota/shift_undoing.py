"""Putting shifts back as they were before a workflow changed them; each refuses what was changed since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.events.event import Change
from flowapp.events.shift import ShiftUpdated
from flowapp.kernel.errors import Conflict
from flowapp.rota import shift_changes
from flowapp.rota.assignment.entries import overruled_for
from flowapp.rota.eligibility.gathering.slots import slots_of
from flowapp.rota.shift_assigning import Overruling, check_still_can
from flowapp.rota.shift_events import in_words, tell
from flowapp.rota.shift_plan import as_said
from flowapp.rota.shift_reading import PlannedShift, shift_as_it_is
from flowapp.rota.shift_writing import move, note
from flowapp.rota.shifts import ShiftKind, ShiftStatus, WorkingTime
from flowapp.rota.staff import JobRole
from flowapp.rota.wall_time import read_time
from flowapp.rota.wording import day_text

WHY = "A workflow is undone"
Note = Mapping[str, Any]


def before_changing(session: Session, shift_id: int) -> dict[str, Any]:
    """Answer what must be remembered of a shift to put it back: plain data. Raises NotFound."""
    shift = shift_as_it_is(session, shift_id)
    overruled = frozenset() if shift.staff_id is None else overruled_for(session, shift.id, shift.staff_id)
    return {
        "shift_id": shift.id,
        "version": shift.version,
        "plan": as_said(shift.plan),
        "staff_id": shift.staff_id,
        "overruled": sorted(overruled),
    }


def call_off(session: Session, cause: Cause, who: Person, left: Note) -> str:
    """Cancel a shift that a workflow planned, and say so."""
    with _as_left(session, cause, left) as shift:
        shift_changes.cancel(session, cause, who, shift.id, reason=WHY, seen=left["version"])
    return f"{name_of(shift)} is cancelled."


def take_off_again(session: Session, cause: Cause, who: Person, left: Note) -> str:
    """Take somebody off a shift that a workflow gave them, and say so."""
    with _as_left(session, cause, left) as shift:
        shift_changes.unassign(session, cause, who, shift.id, reason=WHY, seen=left["version"])
    return f"{name_of(shift)} is open again."


def give_back(session: Session, cause: Cause, who: Person, left: Note) -> str:
    """Give a shift back to whoever a workflow took off it, and say so; every rule is asked again."""
    with _as_left(session, cause, left) as shift:
        _give(session, cause, who, shift, left, seen=left["version"])
    return f"{shift_as_it_is(session, shift.id).staff_name} has {name_of(shift, first=False)} again."


def plan_as_before(session: Session, cause: Cause, who: Person, left: Note) -> str:
    """Plan a shift as it was before a workflow changed it, and say so."""
    with _as_left(session, cause, left) as shift:
        if shift.staff_id is not None and shift.staff_id != left["staff_id"]:
            shift_changes.unassign(session, cause, who, shift.id, reason=WHY)
        shift_changes.update(session, cause, who, shift.id, **_read(left["plan"]))
        if left["staff_id"] not in (None, shift.staff_id):
            _give(session, cause, who, shift, left)
    return f"{name_of(shift_as_it_is(session, shift.id))} is planned as it was before."


def reinstate(session: Session, cause: Cause, who: Person, left: Note) -> str:
    """Plan a cancelled shift again, for whoever had it, and say so; raises Refused where they cannot work it now."""
    with _as_left(session, cause, left) as shift:
        require(who, "shift.edit", On(home_id=shift.home_id))
        if shift.staff_id is not None:
            slot, *_ = slots_of(session, [shift])
            check_still_can(session, who, slot, shift.staff_id, frozenset(left["overruled"]))
        status = ShiftStatus.OPEN if shift.staff_id is None else ShiftStatus.ASSIGNED
        after = move(session, cause, shift, status=status, staff_id=shift.staff_id)
        note(session, cause, after, "reinstate", before={"status": shift.status}, after={"status": status}, reason=WHY)
        changes = (Change(field="status", old=shift.status.value, new=status.value),)
        tell(session, cause, ShiftUpdated, after, changes=changes, own={"changes": in_words(changes)})
    return f"{name_of(shift)} is planned again."


def name_of(shift: PlannedShift, *, first: bool = True) -> str:
    """Name a shift by its day and times; `first` at the beginning of a sentence."""
    the = "The" if first else "the"
    return f"{the} shift of {day_text(shift.local_date)} from {shift.start_local} to {shift.end_local}"


@contextmanager
def _as_left(session: Session, cause: Cause, left: Note) -> Iterator[PlannedShift]:
    """Answer a shift that is as the workflow left it; raises Conflict, which names it, where it is not."""
    shift = shift_as_it_is(session, left["shift_id"])
    if shift.version != left["version"]:
        raise Conflict(f"{name_of(shift)} was changed since. Open it and decide there.")
    if shift.starts_at <= cause.at:
        raise Conflict(f"{name_of(shift)} has begun, so it stays as it is.")
    yield shift


def _give(
    session: Session, cause: Cause, who: Person, shift: PlannedShift, left: Note, seen: int | None = None
) -> None:
    overruling = Overruling(rules=frozenset(left["overruled"]), reason=WHY)
    shift_changes.assign(session, cause, who, shift.id, staff_id=left["staff_id"], seen=seen, overruling=overruling)


def _read(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Answer the fields of a plan that was kept as plain data."""
    day = plan["date"]
    return dict(plan) | {
        "role": JobRole(plan["role"]),
        "date": day if isinstance(day, date) else date.fromisoformat(day),
        "start": read_time(plan["start"], field="start"),
        "end": read_time(plan["end"], field="end"),
        "kind": ShiftKind(plan["kind"]),
        "working_time": WorkingTime(plan["working_time"]),
        "skills": tuple(plan["skills"]),
    }
