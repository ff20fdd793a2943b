"""How a shift follows its timesheet: it is begun when somebody clocks in, and was worked once they have gone."""

from __future__ import annotations

from sqlalchemy.orm import Session

from flowapp.events.cause import Cause
from flowapp.rota.shift_reading import PlannedShift
from flowapp.rota.shift_writing import move, note
from flowapp.rota.shifts import ShiftStatus


def follow(session: Session, cause: Cause, shift: PlannedShift, to: ShiftStatus) -> PlannedShift:
    """Write where a shift stands now, and note it; whoever has it keeps it."""
    if shift.status is to:
        return shift
    after = move(session, cause, shift, status=to, staff_id=shift.staff_id)
    note(session, cause, after, to.value, before={"status": shift.status}, after={"status": to})
    return after
