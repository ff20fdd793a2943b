"""The shifts of one person around some days: what leave is counted in, where it clashes, and where cover may lack."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from flowapp.kernel.prepared import Prepared
from flowapp.rota.shift_reading import LONGEST
from flowapp.rota.shifts import Shift, ShiftStatus
from flowapp.rota.staff import JobRole
from flowapp.rota.wall_time import Interval
from flowapp.rota.work import RosteredShift


class OwnShift(NamedTuple):
    """A shift that somebody has, in whichever home."""

    id: int
    home_id: int
    unit_id: int | None
    role: JobRole
    day: date
    start: str
    end: str
    hours: Decimal
    starts_at: datetime
    ends_at: datetime
    published_at: datetime | None
    status: ShiftStatus

    @property
    def rostered(self) -> RosteredShift:
        """The same as leave is counted in."""
        start, end = time.fromisoformat(self.start), time.fromisoformat(self.end)
        return RosteredShift(date=self.day, start=start, end=end, paid_hours=self.hours, shift_id=self.id)


_AROUND = Prepared(
    select(
        *(Shift.id, Shift.home_id, Shift.unit_id, Shift.role, Shift.local_date, Shift.start_local, Shift.end_local),
        *(Shift.hours, Shift.starts_at, Shift.ends_at, Shift.published_at, Shift.status),
    )
    .where(
        Shift.staff_id == bindparam("staff_id"),
        Shift.status != ShiftStatus.CANCELLED,
        Shift.starts_at > bindparam("after", type_=Shift.starts_at.type),
        Shift.starts_at < bindparam("before", type_=Shift.starts_at.type),
    )
    .order_by(Shift.starts_at),
    OwnShift,
)


def own_shifts(session: Session, staff_id: int, interval: Interval) -> list[OwnShift]:
    """Answer the shifts of one person that share time with an interval, and some that end before it; in order."""
    after = interval.starts_at - LONGEST  # by their beginning, so that the index helps
    return _AROUND.rows(session, staff_id=staff_id, after=after, before=interval.ends_at)


def known_work(shifts: Sequence[OwnShift], since: datetime) -> tuple[RosteredShift, ...]:
    """Answer what somebody knows they will work: what is published and begins at a moment or later."""
    return tuple(each.rostered for each in shifts if each.published_at is not None and each.starts_at >= since)


def sharing_time(shifts: Sequence[OwnShift], interval: Interval) -> tuple[OwnShift, ...]:
    """Answer those that share time with an interval, the night before that runs into it included."""
    return tuple(each for each in shifts if each.starts_at < interval.ends_at and each.ends_at > interval.starts_at)


def to_be_worked(shifts: Sequence[OwnShift], first: date, last: date) -> list[OwnShift]:
    """Answer those that start on the days from first to last and are still to be worked."""
    return [each for each in shifts if each.status is ShiftStatus.ASSIGNED and first <= each.day <= last]
