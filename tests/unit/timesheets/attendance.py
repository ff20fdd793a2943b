"""Shifts of Dan at Rose House, to which he clocks in and of which he hands in the hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.events.outbox import EventRecord
from flowapp.kernel.clock import FrozenClock
from flowapp.rota import shift_changes
from flowapp.rota.shift_plan import ShiftPlan
from flowapp.rota.shift_reading import PlannedShift, shift_as_it_is
from flowapp.rota.staff import JobRole
from flowapp.rota.timesheets import clocking, deciding, handing_in
from flowapp.rota.timesheets.handing_in import Hours
from flowapp.rota.timesheets.reading import Sheet, sheet_as_it_is
from flowapp.rota.watches.changes import look_out
from tests.cast import Cast
from tests.factories import ALL_THE_SAME, a_shift, cause_of, unruly

T = TypeVar("T")
TODAY = date(2026, 11, 23)  # a Monday
YESTERDAY = TODAY - timedelta(days=1)


def moment(hour: int, minute: int = 0, day: date = TODAY, second: int = 0) -> datetime:
    """Answer a moment of the clock on the wall, in November."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC)


def hours(came: str = "08:00", went: str = "20:00", break_minutes: int = 0, words: str = "") -> Hours:
    """Write down when somebody came and went; the shifts of tests have no break."""
    times = {"came": time.fromisoformat(came), "went": time.fromisoformat(went)}
    return Hours(**times, break_minutes=break_minutes, words=words)


class Attendance:
    """Dan's shifts, and what people do with their hours."""

    def __init__(self, flow: Flow, cast: Cast, clock: FrozenClock) -> None:
        self.flow, self.cast, self.clock = flow, cast, clock

    def write(self, act: Callable[[Session], T]) -> T:
        return self.flow.database.write(act)

    def read(self, act: Callable[[Session], T]) -> T:
        with self.flow.database.read() as session:
            return act(session)

    def a_shift(self, day: date = TODAY, *, staff: Person | None = None, published: bool = True) -> int:
        """Plan a published shift of twelve hours from 08:00, Dan's unless told otherwise."""
        who = staff or self.cast.dan
        return a_shift(self.flow, self.cast.maya, self.cast.rose, day=day, staff=who, published=published)

    def a_night(self, day: date) -> int:
        """Plan a published night of Dan's, from 20:00 to 08:00."""
        maya, cause = self.cast.maya, cause_of(self.cast.maya, self.clock.now())
        plan = ShiftPlan(unit_id=None, role=JobRole.CARER, date=day, start=time(20), end=time(8))
        given: dict[str, Any] = {"home_id": self.cast.rose, "plan": plan, "staff_id": self.cast.dan.staff_id}

        def write(session: Session) -> int:
            shift_id = shift_changes.create(session, cause, unruly(maya), **given, overruling=ALL_THE_SAME)
            shift_changes.publish(session, cause, maya, shift_id)
            return shift_id

        return self.write(write)

    def shift(self, shift_id: int) -> PlannedShift:
        return self.read(lambda session: shift_as_it_is(session, shift_id))

    def sheet(self, timesheet_id: int) -> Sheet:
        return self.read(lambda session: sheet_as_it_is(session, timesheet_id))

    def comes(self, shift_id: int, at: datetime, *, who: Person | None = None, words: str = "") -> Sheet:
        """Let somebody clock in."""
        self.clock.set(at)
        by = who or self.cast.dan
        return self.write(lambda s: clocking.clock_in(s, cause_of(by, at), by, shift_id, words=words))

    def goes(self, shift_id: int, at: datetime, *, who: Person | None = None) -> Sheet:
        """Let somebody clock out."""
        self.clock.set(at)
        by = who or self.cast.dan
        return self.write(lambda s: clocking.clock_out(s, cause_of(by, at), by, shift_id))

    def hands_in(self, shift_id: int, worked: Hours | None = None, *, who: Person | None = None, **given: Any) -> Sheet:
        """Let somebody hand in the hours of a shift, at half past nine in the evening or later."""
        self.clock.set(max(self.clock.now(), moment(21, 30)))
        by, now = who or self.cast.dan, self.clock.now()
        return self.write(lambda s: handing_in.hand_in(s, cause_of(by, now), by, shift_id, worked or hours(), **given))

    def approves(self, timesheet_id: int, *, who: Person | None = None, **given: Any) -> Sheet:
        by, now = who or self.cast.maya, self.clock.now()
        return self.write(lambda s: deciding.approve(s, cause_of(by, now), by, timesheet_id, **given))

    def queries(self, timesheet_id: int, reason: str = "Really?", *, who: Person | None = None, **given: Any) -> Sheet:
        by, now = who or self.cast.maya, self.clock.now()
        return self.write(lambda s: deciding.query(s, cause_of(by, now), by, timesheet_id, reason=reason, **given))

    def watch(self, *, no_show: int | None = None, handover: int | None = None) -> None:
        """Say what is looked out for at Rose House."""
        by, wanted = self.cast.maya, {"no_show_minutes": no_show, "handover_minutes": handover}
        self.write(lambda s: look_out(s, cause_of(by, self.clock.now()), by, self.cast.rose, **wanted))

    def told(self, *beside: str) -> list[EventRecord]:
        """Answer the events, without those of planning and these."""
        left_out = ("shift_created", "staff_assigned", "shift_published", *beside)
        query = select(EventRecord).where(EventRecord.type.not_in(left_out)).order_by(EventRecord.seq)
        return self.read(lambda session: list(session.scalars(query)))

    def noted(self) -> list[str]:
        """Answer what the audit says of timesheets and shifts, without planning."""
        planning = ("shift.create", "shift.publish")
        query = select(AuditEntry.action).where(AuditEntry.action.not_in(planning)).order_by(AuditEntry.id)
        wanted = query.where(AuditEntry.entity.in_(["timesheet", "shift"]))
        return self.read(lambda session: list(session.scalars(wanted)))
