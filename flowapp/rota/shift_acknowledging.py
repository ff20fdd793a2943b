"""Saying that one has seen a shift of one's own."""

from __future__ import annotations

from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.events.cause import Cause
from flowapp.events.shift import ShiftAcknowledged
from flowapp.kernel.errors import Conflict, NotAllowed
from flowapp.rota.shift_events import tell
from flowapp.rota.shift_reading import visible_shift
from flowapp.rota.shift_writing import move, note
from flowapp.rota.shifts import ShiftStatus


def acknowledge(session: Session, cause: Cause, who: Person, shift_id: int, *, seen: int | None = None) -> None:
    """Note that whoever has a published shift has seen it; nothing is written when they said so already.

    Raises Conflict when it was changed since the version `seen`, so that nobody says yes to what they have not read.
    """
    shift = visible_shift(session, who, shift_id)
    if who.staff_id is None or shift.staff_id != who.staff_id:
        raise NotAllowed("Only whoever has this shift can say that they have seen it.")
    if seen is not None and seen != shift.version:
        raise Conflict("This shift was changed meanwhile. Look at it again, then say that you have seen it.")
    if shift.published_at is None or shift.status is not ShiftStatus.ASSIGNED:
        raise Conflict("This shift is not one to be acknowledged: it is over, or not published yet.")
    if shift.acknowledged_at is not None:
        return
    after = move(session, cause, shift, status=shift.status, staff_id=shift.staff_id, acknowledged_at=cause.at)
    note(session, cause, after, "acknowledge", before={"acknowledged": False}, after={"acknowledged": True})
    tell(session, cause, ShiftAcknowledged, after)
