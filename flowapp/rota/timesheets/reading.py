"""Reading timesheets: one, those somebody may see, and the shifts of which somebody has to hand in their hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, exists, false, or_, select, true
from sqlalchemy.orm import Session

from flowapp.accounts.can import ALL, homes_of, require
from flowapp.accounts.people import On, Person
from flowapp.events.event import StaffFacts
from flowapp.kernel.errors import NotFound
from flowapp.kernel.prepared import Prepared
from flowapp.rota.homes import CareHome
from flowapp.rota.shift_reading import PlannedShift, planned_shifts
from flowapp.rota.shifts import Shift, ShiftStatus
from flowapp.rota.staff import JobRole, Staff
from flowapp.rota.timesheets.timesheet import Timesheet, TimesheetStatus
from flowapp.rota.timesheets.worked import Difference, Worked, difference
from flowapp.rota.units import Unit
from flowapp.rota.wall_time import Interval

# Of shifts that are over: nobody may have clocked in, and hours are handed in for them all the same.
WORKED = (ShiftStatus.ASSIGNED, ShiftStatus.IN_PROGRESS, ShiftStatus.COMPLETED)


class Sheet(NamedTuple):
    """A timesheet as the database has it, with the plan of its shift and whose it is."""

    id: int
    uid: str
    home_id: int
    home_name: str
    shift_id: int
    staff_id: int
    staff_name: str
    staff_email: str
    staff_role: JobRole
    employee_no: str
    local_date: date
    in_at: datetime | None
    out_at: datetime | None
    break_minutes: int
    hours: Decimal
    status: TimesheetStatus
    note: str
    reason: str
    submitted_at: datetime | None
    decided_at: datetime | None
    decided_by: str
    history: list[dict[str, Any]]
    version: int
    unit_name: str | None
    start_local: str
    end_local: str
    timezone: str
    starts_at: datetime
    ends_at: datetime
    planned_break: int
    planned_hours: Decimal

    @property
    def on(self) -> On:
        """Whose it is and where, for permissions."""
        return On(home_id=self.home_id, staff_id=self.staff_id)

    @property
    def plan(self) -> Interval:
        """The instants between which the shift was planned."""
        return Interval(self.starts_at, self.ends_at)

    @property
    def worked(self) -> Worked | None:
        """What was worked; None while somebody is at work, or nothing is written yet."""
        if self.in_at is None or self.out_at is None:
            return None
        return Worked(in_at=self.in_at, out_at=self.out_at, break_minutes=self.break_minutes)

    @property
    def difference(self) -> Difference | None:
        """How it differs from the plan; None while there is nothing to compare."""
        if (worked := self.worked) is None:
            return None
        return difference(self.plan, self.planned_break, self.planned_hours, worked)

    @property
    def staff_facts(self) -> StaffFacts:
        """Whose it is, as events tell of them."""
        return StaffFacts(id=self.staff_id, name=self.staff_name, email=self.staff_email, role=self.staff_role.label)


def sheets() -> Select[*tuple[Any, ...]]:
    """Select timesheets as `Sheet` has them; in no order yet."""
    return (
        select(
            *(Timesheet.id, Timesheet.uid, Timesheet.home_id, CareHome.name.label("home_name"), Timesheet.shift_id),
            *(Timesheet.staff_id, Staff.name.label("staff_name"), Staff.email, Staff.role, Staff.employee_no),
            *(Timesheet.local_date, Timesheet.in_at, Timesheet.out_at, Timesheet.break_minutes, Timesheet.hours),
            *(Timesheet.status, Timesheet.note, Timesheet.reason, Timesheet.submitted_at, Timesheet.decided_at),
            *(Timesheet.decided_by, Timesheet.history, Timesheet.version, Unit.name.label("unit_name")),
            *(Shift.start_local, Shift.end_local, Shift.timezone, Shift.starts_at, Shift.ends_at),
            *(Shift.unpaid_break_minutes, Shift.hours.label("planned_hours")),
        )
        .join(Shift, Shift.id == Timesheet.shift_id)
        .join(Staff, Staff.id == Timesheet.staff_id)
        .join(CareHome, CareHome.id == Timesheet.home_id)
        .outerjoin(Unit, Unit.id == Shift.unit_id)
    )


_ONE = Prepared(sheets().where(Timesheet.id == bindparam("timesheet_id")), Sheet)
_OF_SHIFT = Prepared(
    sheets().where(Timesheet.shift_id == bindparam("shift_id"), Timesheet.staff_id == bindparam("staff_id")), Sheet
)
_SHARING_TIME = Prepared(
    sheets().where(
        Timesheet.staff_id == bindparam("staff_id"),
        Timesheet.shift_id != bindparam("shift_id"),
        Timesheet.in_at < bindparam("out_at", type_=Timesheet.in_at.type),
        Timesheet.out_at > bindparam("in_at", type_=Timesheet.out_at.type),
    ),
    Sheet,
)


def sheet_as_it_is(session: Session, timesheet_id: int) -> Sheet:
    """Answer a timesheet as the database has it at this moment; raises NotFound."""
    found = _ONE.first(session, timesheet_id=timesheet_id)
    if found is None:
        raise NotFound
    return found


def visible_sheet(session: Session, who: Person, timesheet_id: int) -> Sheet:
    """Answer a timesheet that somebody may see; raises NotFound, whether it does not exist or is not for them."""
    found = sheet_as_it_is(session, timesheet_id)
    require(who, "timesheet.view", found.on)
    return found


def sheet_of_shift(session: Session, shift_id: int, staff_id: int) -> Sheet | None:
    """Answer somebody's timesheet of a shift, or None while there is none."""
    return _OF_SHIFT.first(session, shift_id=shift_id, staff_id=staff_id)


def sharing_time(session: Session, staff_id: int, shift_id: int, worked: Worked) -> list[Sheet]:
    """Answer the timesheets of somebody's other shifts that share time with what they worked of this one."""
    return _SHARING_TIME.rows(session, staff_id=staff_id, shift_id=shift_id, in_at=worked.in_at, out_at=worked.out_at)


def seen_by(who: Person) -> ColumnElement[bool]:
    """Say which timesheets somebody may see: those of their homes, and their own."""
    own = false() if who.staff_id is None else Timesheet.staff_id == who.staff_id
    return or_(_in_homes(homes_of(who, "timesheet.view")), own)


def decided_by(who: Person) -> ColumnElement[bool]:
    """Say on which timesheets somebody decides: those of their homes, but never their own."""
    return _in_homes(homes_of(who, "timesheet.decide")) & (Timesheet.staff_id != (who.staff_id or 0))


def matching_the_plan(session: Session, who: Person, most: int) -> list[Sheet]:
    """Answer the timesheets that wait for somebody's decision and are as planned, the oldest first."""
    return [each for each in waiting_for(session, who, most) if each.difference and each.difference.matches]


def waiting_for(session: Session, who: Person, most: int) -> list[Sheet]:
    """Answer the timesheets that wait for somebody's decision, the oldest first."""
    wanted = (Timesheet.status == TimesheetStatus.SUBMITTED, decided_by(who))
    query = sheets().where(*wanted).order_by(Timesheet.local_date, Timesheet.id).limit(most)
    return [Sheet(*row) for row in session.execute(query)]


def not_handed_in(session: Session, who: Person, since: datetime, now: datetime, most: int) -> list[PlannedShift]:
    """Answer the shifts that ended since a moment and whose hours nobody has handed in, where somebody decides."""
    begun = (Timesheet.shift_id == Shift.id) & (Timesheet.staff_id == Shift.staff_id)
    handed_in = exists().where(begun, Timesheet.status != TimesheetStatus.DRAFT)
    query = planned_shifts().where(
        Shift.starts_at > since,
        Shift.ends_at < now,
        Shift.published_at.is_not(None),
        Shift.status.in_(WORKED),
        _in_homes(homes_of(who, "timesheet.decide"), Shift.home_id),
        ~handed_in,
    )
    return [PlannedShift(*row) for row in session.execute(query.order_by(Shift.starts_at, Shift.id).limit(most))]


def own_work(session: Session, staff_id: int, first: date, last: date, now: datetime) -> list[PlannedShift]:
    """Answer somebody's published shifts of these days that have begun, the latest first."""
    query = planned_shifts().where(
        Shift.staff_id == staff_id,
        Shift.local_date >= first,
        Shift.local_date <= last,
        Shift.starts_at <= now,
        Shift.published_at.is_not(None),
        Shift.status.in_((*WORKED, ShiftStatus.NO_SHOW)),
    )
    return [PlannedShift(*row) for row in session.execute(query.order_by(Shift.starts_at.desc()))]


def own_sheets(session: Session, staff_id: int, first: date, last: date) -> Sequence[Sheet]:
    """Answer somebody's timesheets of these days."""
    days = (Timesheet.local_date >= first, Timesheet.local_date <= last)
    query = sheets().where(Timesheet.staff_id == staff_id, *days)
    return [Sheet(*row) for row in session.execute(query)]


def _in_homes(home_ids: frozenset[int] | None, home: Any = Timesheet.home_id) -> ColumnElement[bool]:
    found: ColumnElement[bool] = true() if home_ids is ALL else home.in_(home_ids)
    return found
