"""Clocking in and out: somebody says on the spot that they have come, and that they go."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.events.attendance import LateClockIn, StaffClockedIn, StaffClockedOut
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict, NotFound
from flowapp.rota.reasons import read_reason
from flowapp.rota.shift_events import tell
from flowapp.rota.shift_reading import LONGEST, PlannedShift, visible_shift
from flowapp.rota.shifts import ShiftStatus
from flowapp.rota.timesheets.following import follow
from flowapp.rota.timesheets.reading import Sheet, sheet_of_shift
from flowapp.rota.timesheets.worked import TOLERANCE_MINUTES, Worked
from flowapp.rota.timesheets.writing import begin, change, note, story

EARLIEST = timedelta(hours=1)  # before the planned start
CAN_BEGIN = frozenset({ShiftStatus.ASSIGNED, ShiftStatus.NO_SHOW})  # somebody who was missed may still come


def clock_in(session: Session, cause: Cause, who: Person, shift_id: int, *, words: str = "") -> Sheet:
    """Note that somebody has come to their own shift, with `words` on why they are late; answers their timesheet.

    Raises NotFound when the shift is not theirs, and Conflict when it is not the time for it.
    """
    shift, words = _own(session, who, shift_id), read_reason(words)
    if not may_clock_in(shift, cause.at):
        raise Conflict(_why_not_in(shift, cause.at))
    now = _whole_minute(cause.at)
    sheet = sheet_of_shift(session, shift_id, shift.staff_id or 0)
    if sheet is not None:
        raise Conflict("Your hours of this shift are written down already. Look at them instead.")
    made = begin(session, cause, shift, in_at=now, note=words, history=story(cause, [], "clocked in"))
    after = follow(session, cause, shift, ShiftStatus.IN_PROGRESS)
    note(session, cause, made, "clock_in", before=None, reason=words)
    late = minutes_late(shift, now)
    tell(session, cause, StaffClockedIn, after, own={"at": now})
    if late:
        tell(session, cause, LateClockIn, after, own={"at": now, "minutes_late": late, "note": words})
    return made


def clock_out(session: Session, cause: Cause, who: Person, shift_id: int) -> Sheet:
    """Note that somebody has gone from their own shift, and answer their timesheet; raises as `clock_in` does."""
    shift = _own(session, who, shift_id)
    sheet = sheet_of_shift(session, shift_id, shift.staff_id or 0)
    if sheet is None or sheet.in_at is None or sheet.out_at is not None:
        raise Conflict("You are not clocked in to this shift, so there is nothing to clock out of.")
    now = _whole_minute(cause.at)
    if now <= sheet.in_at:
        raise Conflict("You clocked in this very minute. Wait a moment, then clock out.")
    if now - sheet.in_at > LONGEST:
        raise Conflict("You clocked in more than a day ago. Hand in your hours with the time you really went.")
    worked = _with_break(sheet.in_at, now, shift.unpaid_break_minutes)
    after = change(
        session,
        cause,
        sheet,
        out_at=now,
        break_minutes=worked.break_minutes,
        hours=worked.hours,
        history=story(cause, sheet.history, "clocked out"),
    )
    note(session, cause, after, "clock_out", before=sheet)
    gone = follow(session, cause, shift, ShiftStatus.COMPLETED)
    tell(session, cause, StaffClockedOut, gone, own={"at": now, "worked_hours": worked.hours})
    return after


def may_clock_in(shift: PlannedShift, at: datetime) -> bool:
    """Say whether it is the time to clock in to a shift: an hour before it starts, until it ends."""
    return shift.status in CAN_BEGIN and shift.starts_at - EARLIEST <= at < shift.ends_at


def minutes_late(shift: PlannedShift, at: datetime) -> int:
    """Answer how late somebody comes; 0 for a few minutes, which nobody is told of."""
    late = int((at - shift.starts_at).total_seconds()) // 60
    return late if late > TOLERANCE_MINUTES else 0


def _own(session: Session, who: Person, shift_id: int) -> PlannedShift:
    shift = visible_shift(session, who, shift_id)
    if who.staff_id is None or shift.staff_id != who.staff_id or shift.published_at is None:
        raise NotFound("This shift is not yours, so only whoever has it can clock in and out.")
    return shift


def _why_not_in(shift: PlannedShift, at: datetime) -> str:
    if shift.status is ShiftStatus.IN_PROGRESS:
        return "You are clocked in to this shift already."
    if shift.status not in CAN_BEGIN:
        return f"This shift is {shift.status.label.lower()}, so nobody can clock in to it."
    if at >= shift.ends_at:
        return "This shift is over. Hand in your hours instead."
    return f"This shift starts at {shift.start_local}. You can clock in from an hour before."


def _with_break(came: datetime, went: datetime, minutes: int) -> Worked:
    # Who goes before the break would be over has had none.
    taken = minutes if went - came > timedelta(minutes=minutes) else 0
    return Worked(in_at=came, out_at=went, break_minutes=taken)


def _whole_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
