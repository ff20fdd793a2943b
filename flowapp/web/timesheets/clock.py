"""The button with which somebody says that they have come, or that they go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.rota.shift_reading import LONGEST, PlannedShift, planned_shifts
from flowapp.rota.shifts import Shift, ShiftStatus
from flowapp.rota.timesheets.clocking import CAN_BEGIN, EARLIEST, may_clock_in, minutes_late
from flowapp.rota.timesheets.reading import sheet_of_shift
from flowapp.web.filters import clock, plural


@dataclass(frozen=True, kw_only=True)
class Clock:
    """What somebody can say now about coming and going."""

    sentence: str
    button: str
    url: str
    asks_why: bool  # they are late


def clock_of(session: Session, person: Person, now: datetime) -> Clock | None:
    """Answer what somebody can clock in to or out of now; None where there is nothing."""
    if person.staff_id is None:
        return None
    shifts = _around(session, person.staff_id, now)
    return next((found for each in shifts if (found := _out_of(session, each, now) or _in_to(each, now))), None)


def _around(session: Session, staff_id: int, now: datetime) -> list[PlannedShift]:
    query = planned_shifts().where(
        Shift.staff_id == staff_id,
        Shift.published_at.is_not(None),
        Shift.status.in_((*CAN_BEGIN, ShiftStatus.IN_PROGRESS)),
        Shift.starts_at > now - LONGEST - EARLIEST,
        Shift.starts_at <= now + EARLIEST,
    )
    return [PlannedShift(*row) for row in session.execute(query.order_by(Shift.starts_at))]


def _out_of(session: Session, shift: PlannedShift, now: datetime) -> Clock | None:
    if shift.status is not ShiftStatus.IN_PROGRESS:
        return None
    sheet = sheet_of_shift(session, shift.id, shift.staff_id or 0)
    if sheet is None or sheet.in_at is None or sheet.out_at is not None or now - sheet.in_at > LONGEST:
        return None
    came = clock(sheet.in_at, zone=ZoneInfo(shift.timezone))
    return Clock(
        sentence=f"You clocked in at {came} to your shift {_times(shift)}.",
        button="Clock out",
        url=url_for("timesheets.clock_out", shift_id=shift.id),
        asks_why=False,
    )


def _in_to(shift: PlannedShift, now: datetime) -> Clock | None:
    if not may_clock_in(shift, now):
        return None
    late = minutes_late(shift, now)
    began = f" It began {plural(late, 'minute')} ago." if late else ""
    return Clock(
        sentence=f"Your shift {_times(shift)}.{began}",
        button="Clock in",
        url=url_for("timesheets.clock_in", shift_id=shift.id),
        asks_why=bool(late),
    )


def _times(shift: PlannedShift) -> str:
    where = f" on {shift.unit_name}" if shift.unit_name else ""
    return f"from {shift.start_local} to {shift.end_local}{where}"
