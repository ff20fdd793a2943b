"""Handing in one's hours of a shift, with corrections where the clock was forgotten or wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from sqlalchemy.orm import Session

from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.events.timesheet import TimesheetSubmitted
from flowapp.kernel.errors import Conflict, NotFound, Problem, Refused
from flowapp.rota.reasons import read_reason
from flowapp.rota.shift_reading import PlannedShift, shift_as_it_is, visible_shift
from flowapp.rota.shifts import ShiftStatus
from flowapp.rota.timesheets.following import follow
from flowapp.rota.timesheets.reading import Sheet, sharing_time, sheet_as_it_is, sheet_of_shift
from flowapp.rota.timesheets.timesheet import CAN_BE_HANDED_IN, TimesheetStatus
from flowapp.rota.timesheets.wall_clock import Which, came_at, went_at
from flowapp.rota.timesheets.worked import Worked, wrong
from flowapp.rota.timesheets.writing import begin, change, note, story, tell
from flowapp.rota.wording import amount_text, day_text

NOT_WORKED = frozenset({ShiftStatus.OPEN, ShiftStatus.CANCELLED})
UNDER_WAY = frozenset({ShiftStatus.ASSIGNED, ShiftStatus.IN_PROGRESS})


@dataclass(frozen=True, kw_only=True)
class Hours:
    """When somebody came and went by the clock of the home, as they write it down."""

    came: time
    went: time
    break_minutes: int
    came_which: Which | None = None
    went_which: Which | None = None
    words: str = ""


def hand_in(
    session: Session, cause: Cause, who: Person, shift_id: int, hours: Hours, *, seen: int | None = None
) -> Sheet:
    """Hand in the hours of a shift for whoever has it, and answer the timesheet.

    Until they are decided on they can be handed in anew; the same hours again change nothing. Raises NotFound or
    NotAllowed when `who` may not, Refused naming each field that cannot be, and Conflict when they are approved
    already, or somebody changed them since the version `seen`.
    """
    shift = visible_shift(session, who, shift_id)
    require(who, "timesheet.submit", On(home_id=shift.home_id, staff_id=shift.staff_id))
    if shift.staff_id is None or shift.status in NOT_WORKED:
        raise Conflict(f"This shift is {shift.status.label.lower()}, so there are no hours to hand in.")
    return _write(session, cause, shift, sheet_of_shift(session, shift_id, shift.staff_id), hours, seen)


def hand_in_again(
    session: Session, cause: Cause, who: Person, timesheet_id: int, hours: Hours, *, seen: int | None = None
) -> Sheet:
    """Hand in a timesheet that is there already; raises as `hand_in` does."""
    sheet = sheet_as_it_is(session, timesheet_id)
    require(who, "timesheet.submit", sheet.on)
    return _write(session, cause, shift_as_it_is(session, sheet.shift_id), sheet, hours, seen)


def _write(
    session: Session, cause: Cause, shift: PlannedShift, sheet: Sheet | None, hours: Hours, seen: int | None
) -> Sheet:
    if sheet is not None and sheet.status not in CAN_BE_HANDED_IN:
        raise Conflict(f"These hours are approved by {sheet.decided_by} already, so they stay as they are.")
    worked, words = read_hours(shift, hours), read_reason(hours.words)
    if sheet is not None and _is_handed_in(sheet, worked, words):
        return sheet  # a form that is sent twice is no news, whatever version it has seen
    if seen is not None and seen != (0 if sheet is None else sheet.version):
        raise Conflict
    staff_id = shift.staff_id if sheet is None else sheet.staff_id
    if staff_id is None:
        raise NotFound
    _refuse_what_cannot_be(session, cause, staff_id, shift.id, worked)
    history = story(
        cause, [] if sheet is None else sheet.history, "handed in", hours=amount_text(worked.hours, "hour"), why=words
    )
    state = {
        "in_at": worked.in_at,
        "out_at": worked.out_at,
        "break_minutes": worked.break_minutes,
        "hours": worked.hours,
        "status": TimesheetStatus.SUBMITTED,
        "note": words,
        "submitted_at": cause.at,
        "history": history,
    }
    after = begin(session, cause, shift, **state) if sheet is None else change(session, cause, sheet, **state)
    if shift.status in UNDER_WAY and shift.staff_id == staff_id:
        follow(session, cause, shift, ShiftStatus.COMPLETED)
    note(session, cause, after, "submit", before=sheet, reason=words)
    tell(session, cause, TimesheetSubmitted, after)
    return after


def _is_handed_in(sheet: Sheet, worked: Worked, words: str) -> bool:
    return sheet.status is TimesheetStatus.SUBMITTED and (sheet.worked, sheet.note) == (worked, words)


def read_hours(shift: PlannedShift, hours: Hours) -> Worked:
    """Say what was worked in instants; raises Refused when a time was never, was twice, or is far from the plan."""
    came = came_at(hours.came, shift.interval, shift.timezone, hours.came_which)
    went = went_at(hours.went, came, shift.interval, shift.timezone, hours.went_which)
    return Worked(in_at=came, out_at=went, break_minutes=hours.break_minutes)


def _refuse_what_cannot_be(session: Session, cause: Cause, staff_id: int, shift_id: int, worked: Worked) -> None:
    problems = [*wrong(worked, cause.at)]
    if not problems and (others := sharing_time(session, staff_id, shift_id, worked)):
        when = f"{others[0].start_local} to {others[0].end_local} on {day_text(others[0].local_date)}"
        message = f"Hours of another shift, {when}, are written down for part of this time. Nobody is paid twice."
        problems.append(Problem(path="start", code="counted_twice", message=message))
    if problems:
        raise Refused(problems)
