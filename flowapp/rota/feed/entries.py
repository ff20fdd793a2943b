"""What stands in somebody's calendar: their published shifts and their leave, and nothing about residents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from flowapp.kernel.prepared import Prepared
from flowapp.rota.homes import CareHome
from flowapp.rota.leave import GRANTED, LeaveRequest
from flowapp.rota.leave_days import DayPart, LeavePeriod
from flowapp.rota.leave_period import ONE_DAY, window
from flowapp.rota.leave_types import LEAVE_TYPES
from flowapp.rota.shift_plan import ShiftPlan
from flowapp.rota.shifts import Shift, ShiftKind, ShiftStatus, WorkingTime
from flowapp.rota.staff import JobRole
from flowapp.rota.units import Unit
from flowapp.rota.wording import amount_text

BACK, AHEAD = timedelta(days=30), timedelta(days=180)
CANCELLED_FOR = timedelta(days=30)  # so that every telephone hears of it
OPEN_LEAVE = "ANNUAL"  # any other type may tell of somebody's health, and calendars are shown to others


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing in a calendar; days without times run up to, and without, the last one."""

    uid: str  # such as shift-01J…
    title: str
    starts: datetime | date
    ends: datetime | date
    changed_at: datetime
    version: int
    place: str = ""
    text: str = ""
    cancelled: bool = False
    busy: bool = True


def entries_of(session: Session, staff_id: int, now: datetime) -> tuple[Entry, ...]:
    """Answer what stands in the calendar of one person, from thirty days ago to half a year ahead."""
    first, last = (now - BACK).date(), (now + AHEAD).date()
    shifts = _SHIFTS.rows(session, staff_id=staff_id, first=first, last=last, since=now - CANCELLED_FOR)
    leave = _LEAVE.rows(session, staff_id=staff_id, first=first, last=last)
    return (*map(_shift_entry, shifts), *map(_leave_entry, leave))


class _OwnShift(NamedTuple):
    uid: str
    local_date: date
    start_local: str
    end_local: str
    timezone: str
    role: JobRole
    kind: ShiftKind
    working_time: WorkingTime
    unpaid_break_minutes: int
    hours: Decimal
    status: ShiftStatus
    updated_at: datetime
    version: int
    home_name: str
    unit_name: str | None


_SHIFTS = Prepared(
    select(
        *(Shift.uid, Shift.local_date, Shift.start_local, Shift.end_local, Shift.timezone, Shift.role, Shift.kind),
        *(Shift.working_time, Shift.unpaid_break_minutes, Shift.hours, Shift.status, Shift.updated_at, Shift.version),
        *(CareHome.name, Unit.name.label("unit_name")),
    )
    .join(CareHome, CareHome.id == Shift.home_id)
    .outerjoin(Unit, Unit.id == Shift.unit_id)
    .where(
        Shift.staff_id == bindparam("staff_id"),
        Shift.published_at.is_not(None),
        Shift.local_date >= bindparam("first", type_=Shift.local_date.type),
        Shift.local_date <= bindparam("last", type_=Shift.local_date.type),
        or_(
            Shift.status != ShiftStatus.CANCELLED,
            Shift.updated_at >= bindparam("since", type_=Shift.updated_at.type),
        ),
    )
    .order_by(Shift.starts_at, Shift.id),
    _OwnShift,
)


class _OwnLeave(NamedTuple):
    uid: str
    type: str
    start: date
    start_part: DayPart
    end: date
    end_part: DayPart
    requested_at: datetime
    decided_at: datetime | None
    version: int
    timezone: str


_LEAVE = Prepared(
    select(
        *(LeaveRequest.uid, LeaveRequest.type, LeaveRequest.start_date, LeaveRequest.start_part),
        *(LeaveRequest.end_date, LeaveRequest.end_part, LeaveRequest.requested_at, LeaveRequest.decided_at),
        *(LeaveRequest.version, CareHome.timezone),
    )
    .join(CareHome, CareHome.id == LeaveRequest.home_id)
    .where(
        LeaveRequest.staff_id == bindparam("staff_id"),
        LeaveRequest.end_date >= bindparam("first", type_=LeaveRequest.end_date.type),
        LeaveRequest.start_date <= bindparam("last", type_=LeaveRequest.start_date.type),
        or_(*(LeaveRequest.status == status for status in GRANTED)),
    )
    .order_by(LeaveRequest.start_date, LeaveRequest.id),
    _OwnLeave,
)


def _shift_entry(shift: _OwnShift) -> Entry:
    plan = _plan_of(shift)
    zone = ZoneInfo(shift.timezone)
    last = plan.date + (timedelta() if plan.end > plan.start else ONE_DAY)
    place = ", ".join(filter(None, (shift.unit_name, shift.home_name)))
    return Entry(
        uid=f"shift-{shift.uid}",
        title=f"{plan.type.replace('_', ' ').capitalize()}, {shift.home_name}",
        starts=datetime.combine(plan.date, plan.start, tzinfo=zone),
        ends=datetime.combine(last, plan.end, tzinfo=zone),
        changed_at=shift.updated_at,
        version=shift.version,
        place=place,
        text=" ".join(_sentences(shift)),
        cancelled=shift.status is ShiftStatus.CANCELLED,
    )


def _plan_of(shift: _OwnShift) -> ShiftPlan:
    return ShiftPlan(
        unit_id=None,
        role=shift.role,
        date=shift.local_date,
        start=time.fromisoformat(shift.start_local),
        end=time.fromisoformat(shift.end_local),
        kind=shift.kind,
        working_time=shift.working_time,
    )


def _sentences(shift: _OwnShift) -> Iterator[str]:
    # Never the notes of a shift: they may name a resident.
    yield f"{shift.role.label}, {amount_text(shift.hours, 'hour')} paid."
    if shift.unpaid_break_minutes:
        yield f"{shift.unpaid_break_minutes} minutes of break are not paid."


def _leave_entry(leave: _OwnLeave) -> Entry:
    period = LeavePeriod(leave.start, leave.start_part, leave.end, leave.end_part)
    starts, ends = _stretch(period, leave.timezone)
    return Entry(
        uid=f"leave-{leave.uid}",
        title=LEAVE_TYPES[leave.type].name if leave.type == OPEN_LEAVE else "Leave",
        starts=starts,
        ends=ends,
        changed_at=leave.decided_at or leave.requested_at,
        version=leave.version,
        busy=False,
    )


def _stretch(period: LeavePeriod, zone: str) -> tuple[datetime | date, datetime | date]:
    if period.start_part is period.end_part is DayPart.ALL:
        return period.start, period.end + ONE_DAY
    away = window(period, zone)
    return away.starts_at.astimezone(ZoneInfo(zone)), away.ends_at.astimezone(ZoneInfo(zone))
