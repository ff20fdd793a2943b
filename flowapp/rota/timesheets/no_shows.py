"""People who do not come: a published shift that began some time ago, and nobody has clocked in to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from flowapp.events.attendance import StaffNoShow
from flowapp.events.cause import SYSTEM, Cause
from flowapp.kernel.prepared import Prepared
from flowapp.rota.shift_events import tell
from flowapp.rota.shift_reading import LONGEST, shift_as_it_is
from flowapp.rota.shifts import Shift, ShiftStatus
from flowapp.rota.timesheets.following import follow
from flowapp.rota.watches.watch import Watch, watch_of


class _Begun(NamedTuple):
    id: int
    starts_at: datetime
    no_show_minutes: int


_BEGUN = Prepared(
    select(Shift.id, Shift.starts_at, Watch.no_show_minutes)
    .join(Watch, Watch.home_id == Shift.home_id)
    .where(
        Shift.status == ShiftStatus.ASSIGNED,
        Shift.starts_at > bindparam("after", type_=Shift.starts_at.type),  # so that the index helps
        Shift.starts_at < bindparam("now", type_=Shift.starts_at.type),
        Shift.ends_at > bindparam("now", type_=Shift.ends_at.type),  # later nobody can be found any more
        Shift.published_at.is_not(None),
        Watch.no_show_minutes.is_not(None),
    )
    .order_by(Shift.starts_at, Shift.id),
    _Begun,
)


def due_no_shows(session: Session, now: datetime) -> list[int]:
    """Answer the shifts that somebody should have clocked in to by now, as each home counts it."""
    begun = _BEGUN.rows(session, after=now - LONGEST, now=now)
    return [each.id for each in begun if each.starts_at + timedelta(minutes=each.no_show_minutes) <= now]


def note_no_show(session: Session, shift_id: int, now: datetime) -> bool:
    """Note that whoever has a shift did not come, and answer whether that was so.

    It is looked at once more: they may have clocked in, or been taken off the shift, a moment ago.
    """
    shift, cause = shift_as_it_is(session, shift_id), Cause(actor=SYSTEM, at=now)
    watch = watch_of(session, shift.home_id)
    patience = None if watch is None else watch.no_show_minutes
    if shift.status is not ShiftStatus.ASSIGNED or shift.staff_id is None or patience is None:
        return False
    if shift.starts_at + timedelta(minutes=patience) > now:
        return False
    after = follow(session, cause, shift, ShiftStatus.NO_SHOW)
    tell(
        session, cause, StaffNoShow, after, own={"minutes_missing": int((now - shift.starts_at).total_seconds()) // 60}
    )
    return True
