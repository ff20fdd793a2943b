"""Shifts that nobody has as their start comes near: told seven days, three days, a day and four hours before.

The scheduler asks every second. Each mark of a shift is told once, also when nobody looked as it passed; a shift that
was opened after a mark had passed is not told at that mark.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from flowapp.events.cause import SYSTEM, Cause
from flowapp.events.shift import ShiftUnfilled
from flowapp.kernel.db import Database, DatabaseBusy
from flowapp.kernel.prepared import Prepared
from flowapp.rota.shift_events import tell
from flowapp.rota.shift_reading import shift_as_it_is
from flowapp.rota.shifts import Shift, ShiftStatus

log = logging.getLogger(__name__)
MARKS = (168, 72, 24, 4)  # hours before the start, the first one first
MOST_AT_ONCE = 50  # of each mark; the rest is for the next second
PATIENCE_SECONDS = 1.0  # the scheduler has other things to do than to wait for the database


class Unfilled(NamedTuple):
    """A shift that is open at a mark."""

    shift_id: int
    mark: int


_INSTANT = Shift.starts_at.type
_DUE: Prepared[Any] = Prepared(
    select(Shift.id, Shift.starts_at, Shift.open_since)
    .where(
        Shift.status == ShiftStatus.OPEN,
        Shift.starts_at > bindparam("now", type_=_INSTANT),
        Shift.starts_at <= bindparam("until", type_=_INSTANT),
        or_(Shift.unfilled_told.is_(None), Shift.unfilled_told > bindparam("mark")),
    )
    .order_by(Shift.starts_at, Shift.id)
)
_TOLD: Prepared[Any] = Prepared(
    update(Shift)
    .where(
        Shift.id == bindparam("shift_id"),
        Shift.status == ShiftStatus.OPEN,
        or_(Shift.unfilled_told.is_(None), Shift.unfilled_told > bindparam("mark")),
    )
    .values(unfilled_told=bindparam("mark"))
)


def tell_unfilled(database: Database, now: datetime) -> int:
    """Tell of the shifts that are open at a mark, and answer how many that were; each in a write of its own."""
    with database.read() as session:
        found = unfilled(session, now)
    told = 0
    for each in found:
        try:
            told += _tell_in(database, each, now)
        except DatabaseBusy:
            break
        except Exception:
            log.exception("that shift %s is open could not be told; it is tried again", each.shift_id)
    return told


def unfilled(session: Session, now: datetime) -> list[Unfilled]:
    """Answer what is to be told at a moment: of each shift the marks that have passed, the first one first."""
    found = []
    for mark in MARKS:
        before = timedelta(hours=mark)
        rows = _DUE.rows(session, now=now, until=now + before, mark=mark)
        open_then = [id_ for id_, starts_at, since in rows if since is None or since <= starts_at - before]
        found += [Unfilled(id_, mark) for id_ in open_then[:MOST_AT_ONCE]]
    return found


def _tell_in(database: Database, due: Unfilled, now: datetime) -> bool:
    return database.write(lambda session: _tell(session, due, now), give_up=PATIENCE_SECONDS)


def _tell(session: Session, due: Unfilled, now: datetime) -> bool:
    if not _TOLD.run(session, shift_id=due.shift_id, mark=due.mark):
        return False  # somebody took it meanwhile, or another process told
    shift = shift_as_it_is(session, due.shift_id)
    tell(session, Cause(actor=SYSTEM, at=now), ShiftUnfilled, shift, own={"mark_hours": due.mark})
    return True
