"""Reading shifts: one, those somebody may see, those of one person."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select, true
from sqlalchemy.orm import Session

from flowapp.accounts.can import ALL, can, homes_of
from flowapp.accounts.people import On, Person
from flowapp.events.event import StaffFacts
from flowapp.kernel.errors import NotFound
from flowapp.kernel.prepared import Prepared
from flowapp.rota.homes import CareHome
from flowapp.rota.shift_plan import ShiftPlan
from flowapp.rota.shifts import LONGEST_SLEEP_IN_HOURS, Shift, ShiftKind, ShiftStatus, WorkingTime
from flowapp.rota.staff import JobRole, Staff
from flowapp.rota.units import Unit
from flowapp.rota.wall_time import Interval

LONGEST = timedelta(hours=LONGEST_SLEEP_IN_HOURS)


class PlannedShift(NamedTuple):
    """A shift as the database has it, with the names of its unit and of whoever has it."""

    id: int
    uid: str
    home_id: int
    unit_id: int | None
    unit_name: str | None
    role: JobRole
    local_date: date
    start_local: str
    end_local: str
    timezone: str
    starts_at: datetime
    ends_at: datetime
    unpaid_break_minutes: int
    hours: Decimal
    kind: ShiftKind
    working_time: WorkingTime
    status: ShiftStatus
    staff_id: int | None
    staff_name: str | None
    staff_email: str | None
    staff_role: JobRole | None
    published_at: datetime | None
    cancel_reason: str
    notes: str
    skills: list[str]
    version: int
    acknowledged_at: datetime | None
    open_since: datetime | None

    @property
    def plan(self) -> ShiftPlan:
        """What was said of it."""
        return ShiftPlan(
            unit_id=self.unit_id,
            role=self.role,
            date=self.local_date,
            start=time.fromisoformat(self.start_local),
            end=time.fromisoformat(self.end_local),
            unpaid_break_minutes=self.unpaid_break_minutes,
            kind=self.kind,
            working_time=self.working_time,
            notes=self.notes,
            skills=tuple(self.skills),
        )

    @property
    def interval(self) -> Interval:
        """The instants between which it is worked."""
        return Interval(self.starts_at, self.ends_at)

    @property
    def staff_facts(self) -> StaffFacts | None:
        """Whoever has it, as events tell of them."""
        if self.staff_id is None or self.staff_name is None or self.staff_email is None or self.staff_role is None:
            return None
        return StaffFacts(id=self.staff_id, name=self.staff_name, email=self.staff_email, role=self.staff_role.label)


def planned_shifts() -> Select[*tuple[Any, ...]]:
    """Select shifts as `PlannedShift` has them; in no order yet."""
    return (
        select(
            *(Shift.id, Shift.uid, Shift.home_id, Shift.unit_id, Unit.name.label("unit_name"), Shift.role),
            *(Shift.local_date, Shift.start_local, Shift.end_local, Shift.timezone, Shift.starts_at, Shift.ends_at),
            *(Shift.unpaid_break_minutes, Shift.hours, Shift.kind, Shift.working_time, Shift.status),
            *(Shift.staff_id, Staff.name.label("staff_name"), Staff.email, Staff.role.label("staff_role")),
            *(Shift.published_at, Shift.cancel_reason, Shift.notes, Shift.skills, Shift.version),
            *(Shift.acknowledged_at, Shift.open_since),
        )
        .outerjoin(Unit, Unit.id == Shift.unit_id)
        .outerjoin(Staff, Staff.id == Shift.staff_id)
    )


_ONE = Prepared(planned_shifts().where(Shift.id == bindparam("shift_id")), PlannedShift)


def shift_as_it_is(session: Session, shift_id: int) -> PlannedShift:
    """Answer a shift as the database has it at this moment; raises NotFound."""
    found = _ONE.first(session, shift_id=shift_id)
    if found is None:
        raise NotFound
    return found


def visible_shift(session: Session, who: Person, shift_id: int) -> PlannedShift:
    """Answer a shift that somebody may see; raises NotFound, whether it does not exist or is not for them."""
    found = shift_as_it_is(session, shift_id)
    in_home = On(home_id=found.home_id)
    if can(who, "rota.view_all", in_home):
        return found
    if found.published_at is None or not can(who, "rota.view", On(home_id=found.home_id, staff_id=found.staff_id)):
        raise NotFound
    return found


def seen_by(who: Person) -> ColumnElement[bool]:
    """Say which shifts somebody may see: the published ones of their homes and their own; or all that are planned."""
    ways = [
        _in_homes(homes_of(who, "rota.view_all")),
        and_(Shift.published_at.is_not(None), _in_homes(homes_of(who, "rota.view"))),
    ]
    if who.staff_id is not None:
        ways.append(and_(Shift.published_at.is_not(None), Shift.staff_id == who.staff_id))
    return or_(*ways)


def _in_homes(home_ids: frozenset[int] | None) -> ColumnElement[bool]:
    return true() if home_ids is ALL else Shift.home_id.in_(home_ids)


class HeldShift(NamedTuple):
    """A shift that somebody has, and where."""

    id: int
    home_name: str
    local_date: date
    start_local: str
    end_local: str


_SHARING_TIME = Prepared(
    select(Shift.id, CareHome.name, Shift.local_date, Shift.start_local, Shift.end_local)
    .join(CareHome, CareHome.id == Shift.home_id)
    .where(
        Shift.staff_id == bindparam("staff_id"),
        Shift.status != ShiftStatus.CANCELLED,
        Shift.starts_at < bindparam("ends_at", type_=Shift.starts_at.type),
        Shift.ends_at > bindparam("starts_at", type_=Shift.starts_at.type),
        Shift.starts_at > bindparam("earliest", type_=Shift.starts_at.type),  # so that the index helps
    )
    .order_by(Shift.starts_at),
    HeldShift,
)


def held_during(session: Session, staff_id: int, interval: Interval) -> list[HeldShift]:
    """Answer the shifts of one person, in whichever home, that share time with an interval."""
    starts_at, ends_at = interval.starts_at, interval.ends_at
    earliest = starts_at - LONGEST
    return _SHARING_TIME.rows(session, staff_id=staff_id, starts_at=starts_at, ends_at=ends_at, earliest=earliest)
