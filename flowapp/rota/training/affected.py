"""Which shifts to come somebody could not work any more once a certificate has run out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from flowapp.events.training import AffectedShift
from flowapp.kernel.prepared import Prepared
from flowapp.rota.shifts import Shift, ShiftStatus

MOST = 50  # in an event; the rest is counted
_AN_HOUR = 3600


class _Held(NamedTuple):
    id: int
    local_date: date
    start_local: str
    end_local: str
    starts_at: datetime
    skills: list[str]


_TO_COME = Prepared(
    select(Shift.id, Shift.local_date, Shift.start_local, Shift.end_local, Shift.starts_at, Shift.skills)
    .where(
        Shift.staff_id == bindparam("staff_id"),
        Shift.status == ShiftStatus.ASSIGNED,
        Shift.starts_at > bindparam("now", type_=Shift.starts_at.type),
        Shift.local_date > bindparam("last_day", type_=Shift.local_date.type),
    )
    .order_by(Shift.starts_at),
    _Held,
)


def affected_shifts(session: Session, staff_id: int, code: str, last_day: date, now: datetime) -> list[AffectedShift]:
    """Answer the shifts that somebody has after the last day of a certificate, and that need it."""
    held: Sequence[_Held] = _TO_COME.rows(session, staff_id=staff_id, now=now, last_day=last_day)
    return [_as_told(each, now) for each in held if code in each.skills]


def _as_told(shift: _Held, now: datetime) -> AffectedShift:
    return AffectedShift(
        shift_id=shift.id,
        date=shift.local_date,
        start=shift.start_local,
        end=shift.end_local,
        hours_until_start=int((shift.starts_at - now).total_seconds() // _AN_HOUR),
    )
