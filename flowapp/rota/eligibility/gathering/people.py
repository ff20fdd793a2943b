"""Who may be asked to take a shift: those who work in the home or help out there, and do the job or one above it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from flowapp.rota.eligibility.candidate import Scope
from flowapp.rota.eligibility.gathering.elsewhere import Span
from flowapp.rota.eligibility.roles import can_cover
from flowapp.rota.staff import Contract, JobRole, Staff, StaffStatus


class Somebody(NamedTuple):
    """A member of staff as the rules look at them."""

    staff_id: int
    name: str
    home_id: int
    role: JobRole
    contract: Contract
    contracted_hours: Decimal
    status: StaffStatus
    start_date: date
    end_date: date | None


_COLUMNS: tuple[Any, ...] = (
    *(Staff.id, Staff.name, Staff.home_id, Staff.role, Staff.contract, Staff.contracted_hours),
    *(Staff.status, Staff.start_date, Staff.end_date),
)


def those_for(
    session: Session, home_id: int, roles: Collection[JobRole], span: Span, helpers: Mapping[int, Scope]
) -> list[Somebody]:
    """Answer everybody at work on these days who may do one of these jobs in a home, by their numbers."""
    relief = [staff_id for staff_id, scope in helpers.items() if scope is Scope.RELIEF]
    never = [staff_id for staff_id, scope in helpers.items() if scope is Scope.NEVER]
    where: ColumnElement[bool] = Staff.home_id == home_id
    if relief:
        where = or_(where, Staff.id.in_(relief))
    query = select(*_COLUMNS).where(
        where,
        Staff.role.in_(_who_can(roles)),
        Staff.status == StaffStatus.ACTIVE,
        Staff.start_date <= span.last,
        or_(Staff.end_date.is_(None), Staff.end_date >= span.first),
    )
    if never:
        query = query.where(Staff.id.not_in(never))
    return [Somebody(*row) for row in session.execute(query.order_by(Staff.id))]


def these(session: Session, staff_ids: Iterable[int]) -> list[Somebody]:
    """Answer the people of these numbers, whoever they are."""
    query = select(*_COLUMNS).where(Staff.id.in_([*staff_ids])).order_by(Staff.id)
    return [Somebody(*row) for row in session.execute(query)]


def _who_can(roles: Collection[JobRole]) -> list[JobRole]:
    return [own for own in JobRole if any(own is needed or can_cover(own, needed) for needed in roles)]
