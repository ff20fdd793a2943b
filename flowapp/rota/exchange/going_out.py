"""The rows of the lists that go out: those of one's homes, in the columns in which they can come in again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import Session

from flowapp.accounts.can import ALL, can, homes_of
from flowapp.accounts.people import On, Person
from flowapp.rota.exchange.listing import Listing
from flowapp.rota.exchange.lists import LAYOUTS, ListKind
from flowapp.rota.homes import CareHome
from flowapp.rota.leave import LeaveRequest
from flowapp.rota.shift_reading import PlannedShift, planned_shifts
from flowapp.rota.shifts import Shift
from flowapp.rota.staff import Staff
from flowapp.rota.units import Unit
from flowapp.rota.wording import number_text
from flowapp.rota.work import WEEKDAY_NAMES

FETCHED = 500  # rows at once, so that a long list needs no more memory than a short one
SEEN_BY = MappingProxyType(
    {ListKind.STAFF: "staff.edit", ListKind.SHIFTS: "rota.view_all", ListKind.LEAVE: "leave.decide"}
)


@dataclass(frozen=True, kw_only=True)
class Part:
    """What of a list is wanted: one home's, and of shifts and leave some days."""

    home: str = ""  # the code
    first: date | None = None
    last: date | None = None


def columns_of(kind: ListKind) -> tuple[str, ...]:
    """Answer the columns of a list that goes out."""
    listing: Listing = LAYOUTS[kind][0]
    return listing.columns


def rows_of(session: Session, who: Person, kind: ListKind, part: Part) -> Iterator[tuple[str, ...]]:
    """Go through the rows of a list that somebody may see."""
    return _ROWS[kind](session, who, part)


def _staff(session: Session, who: Person, part: Part) -> Iterator[tuple[str, ...]]:
    query = (
        select(Staff, CareHome.code, Unit.name)
        .join(CareHome, CareHome.id == Staff.home_id)
        .outerjoin(Unit, Unit.id == Staff.unit_id)
        .where(_in_homes(who, ListKind.STAFF, part))
        .order_by(CareHome.code, Staff.employee_no)
    )
    for member, code, unit in _go_through(session, query):
        week = tuple(_text(member.pattern.get(day)) for day in WEEKDAY_NAMES)
        yield (
            *(member.employee_no, member.name, member.email, code, unit or "", member.role.value),
            *(member.contract.value, _text(member.contracted_hours), *week),
            *(_text(member.start_date), _text(member.end_date), member.status.value),
        )


def _shifts(session: Session, who: Person, part: Part) -> Iterator[tuple[str, ...]]:
    query = (
        planned_shifts()
        .add_columns(CareHome.code, Staff.employee_no)
        .join(CareHome, CareHome.id == Shift.home_id)
        .where(_in_homes(who, ListKind.SHIFTS, part), *_between(Shift.local_date, Shift.local_date, part))
        .order_by(CareHome.code, Shift.starts_at, Shift.id)
    )
    for *columns, code, employee_no in _go_through(session, query):
        yield _shift(PlannedShift(*columns), code, employee_no or "")


def _shift(shift: PlannedShift, code: str, employee_no: str) -> tuple[str, ...]:
    next_day = "1" if shift.end_local <= shift.start_local else "0"
    return (
        *(shift.uid, code, shift.unit_name or "", _text(shift.local_date), shift.start_local, shift.end_local),
        *(next_day, shift.timezone, shift.role.value, "", shift.kind.value, employee_no, shift.staff_name or ""),
        *(str(shift.unpaid_break_minutes), _text(shift.hours), shift.status.value),
        *("0" if shift.published_at is None else "1", ";".join(shift.skills), shift.notes),
    )


def _leave(session: Session, who: Person, part: Part) -> Iterator[tuple[str, ...]]:
    query = (
        select(LeaveRequest, Staff.employee_no)
        .join(Staff, Staff.id == LeaveRequest.staff_id)
        .join(CareHome, CareHome.id == LeaveRequest.home_id)
        .where(_in_homes(who, ListKind.LEAVE, part), *_between(LeaveRequest.start_date, LeaveRequest.end_date, part))
        .order_by(CareHome.code, LeaveRequest.start_date, LeaveRequest.id)
    )
    for leave, employee_no in _go_through(session, query):
        knows_why = can(who, "leave.reason", On(home_id=leave.home_id, staff_id=leave.staff_id))
        yield (
            *(employee_no, leave.type, _text(leave.start_date), leave.start_part.value),
            *(_text(leave.end_date), leave.end_part.value, _text(leave.days), _text(leave.hours), leave.status.value),
            *(leave.decided_by or "", _text(leave.decided_at), leave.reason if knows_why else ""),
        )


_ROWS: Mapping[ListKind, Callable[[Session, Person, Part], Iterator[tuple[str, ...]]]] = MappingProxyType(
    {ListKind.STAFF: _staff, ListKind.SHIFTS: _shifts, ListKind.LEAVE: _leave}
)


def _in_homes(who: Person, kind: ListKind, part: Part) -> ColumnElement[bool]:
    homes = homes_of(who, SEEN_BY[kind])
    seen = true() if homes is ALL else CareHome.id.in_(homes)
    return seen & (CareHome.code == part.home.upper()) if part.home else seen


def _between(first: Any, last: Any, part: Part) -> Iterator[ColumnElement[bool]]:
    if part.first is not None:
        yield last >= part.first
    if part.last is not None:
        yield first <= part.last


def _go_through(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    with session.execute(query.execution_options(yield_per=FETCHED)) as found:
        yield from found


def _text(value: date | datetime | Decimal | int | None) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else number_text(value)
