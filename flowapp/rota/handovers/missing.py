"""Handovers that nobody wrote: a shift gave way to the next some time ago, and nothing was told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from flowapp.events.cause import SYSTEM, Cause
from flowapp.events.event import UserFacts
from flowapp.events.handover import HandoverMissing, HandoverMissingContext
from flowapp.events.outbox import event_with_key, record
from flowapp.kernel.prepared import Prepared
from flowapp.rota.handovers.handover import Handover
from flowapp.rota.shift_reading import LONGEST
from flowapp.rota.shifts import Shift, ShiftStatus, WorkingTime
from flowapp.rota.units import Unit
from flowapp.rota.watches.watch import Watch, watch_of

LOOK_BACK = timedelta(hours=12)  # what is missing for longer than that is told no more
NEAR = timedelta(hours=2)  # a handover so close to a change of shifts is the one of this change


class ChangeOfShifts(NamedTuple):
    """A moment at which one shift gives way to the next, in a unit or in the whole home."""

    home_id: int
    unit_id: int | None
    unit_name: str | None
    at: datetime


_ENDED = Prepared(
    select(Shift.home_id, Shift.unit_id, Unit.name, Shift.ends_at)
    .join(Watch, Watch.home_id == Shift.home_id)
    .outerjoin(Unit, Unit.id == Shift.unit_id)
    .where(
        Watch.handover_minutes.is_not(None),
        Shift.status != ShiftStatus.CANCELLED,
        Shift.staff_id.is_not(None),
        Shift.working_time == WorkingTime.FULL,
        Shift.starts_at > bindparam("after", type_=Shift.starts_at.type),
        Shift.ends_at > bindparam("since", type_=Shift.ends_at.type),
        Shift.ends_at <= bindparam("now", type_=Shift.ends_at.type),
    )
    .distinct(),
    ChangeOfShifts,
)
_TOLD: Prepared[tuple[int | None]] = Prepared(
    select(Handover.unit_id).where(
        Handover.home_id == bindparam("home_id"),
        Handover.change_at >= bindparam("first", type_=Handover.change_at.type),
        Handover.change_at <= bindparam("last", type_=Handover.change_at.type),
    ),
)


def due_changes(session: Session, now: datetime) -> list[ChangeOfShifts]:
    """Answer the changes of shifts by which nothing was told although it is time, as each home counts it."""
    ended = _ENDED.rows(session, after=now - LOOK_BACK - LONGEST, since=now - LOOK_BACK, now=now)
    return [change for change in changes_of(ended) if _is_missing(session, change, now)]


def changes_of(ended: list[ChangeOfShifts]) -> Iterator[ChangeOfShifts]:
    """Answer where one shift gives way to the next: in each unit, and in the whole home where no unit has a shift."""
    with_units = {(each.home_id, each.at) for each in ended if each.unit_id is not None}
    for each in ended:
        if each.unit_id is not None or (each.home_id, each.at) not in with_units:
            yield each


def note_missing(session: Session, change: ChangeOfShifts, now: datetime) -> bool:
    """Tell once that a handover is missing, and answer whether that was so; it is looked at once more."""
    if not _is_missing(session, change, now):
        return False
    context = HandoverMissingContext(
        care_home_id=change.home_id,
        unit_id=change.unit_id,
        unit=change.unit_name or "",
        change_at=change.at,
        minutes_ago=int((now - change.at).total_seconds()) // 60,
        user_id=None,
        user=UserFacts(id=None, name=SYSTEM.name, role=""),
    )
    cause = Cause(actor=SYSTEM, at=now)
    record(
        session,
        HandoverMissing(
            subject_id=change.home_id,
            care_home_id=change.home_id,
            cause=cause,
            context=context,
            dedupe_key=_key(change),
        ),
    )
    return True


def _is_missing(session: Session, change: ChangeOfShifts, now: datetime) -> bool:
    watch = watch_of(session, change.home_id)
    patience = None if watch is None else watch.handover_minutes
    if patience is None or change.at + timedelta(minutes=patience) > now:
        return False
    told = _TOLD.rows(session, home_id=change.home_id, first=change.at - NEAR, last=change.at + NEAR)
    if any(unit_id in (None, change.unit_id) for (unit_id,) in told):
        return False
    return event_with_key(session, _key(change)) is None


def _key(change: ChangeOfShifts) -> str:
    return f"handover_missing:{change.home_id}:{change.unit_id or 0}:{change.at:%Y%m%dT%H%M}"
