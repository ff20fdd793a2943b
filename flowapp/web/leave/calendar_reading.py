"""What the team calendar reads, and whose leave it may show."""

from __future__ import annotations

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from flowapp.accounts.can import homes_of
from flowapp.accounts.people import Person
from flowapp.kernel.errors import NotFound
from flowapp.rota.homes import CareHome
from flowapp.rota.leave import LIVE, LeaveRequest, LeaveStatus
from flowapp.rota.leave_types import LEAVE_TYPES
from flowapp.rota.staff import Staff, StaffStatus, member
from flowapp.web.leave.calendar_month import Month
from flowapp.web.leave.calendar_spans import Away


def calendar_homes(session: Session, person: Person) -> tuple[CareHome, ...]:
    """Answer the homes whose calendar somebody may open, their own first; raises NotFound when there is none.

    Who may see their own leave only may open the calendar of the home they work in.
    """
    homes = homes_of(person, "leave.view")
    own = member(session, person.staff_id).home_id if person.staff_id is not None else None
    query = select(CareHome).order_by(CareHome.id != (own or 0), CareHome.name, CareHome.id)
    if homes is not None:
        query = query.where(CareHome.id.in_(homes or ({own} - {None})))
    found = tuple(session.scalars(query))
    if not found:
        raise NotFound("Your account belongs to no care home, so there is no team to show.")
    return found


def sees_everybody(person: Person, home: CareHome) -> bool:
    """Say whether names and dates of everybody in a home may be shown."""
    homes = homes_of(person, "leave.view")
    return homes is None or home.id in homes


def team(session: Session, home: CareHome, month: Month) -> list[Staff]:
    """Answer everybody who works in a home on a day of the month, by name."""
    here = or_(Staff.end_date >= month.first, and_(Staff.end_date.is_(None), Staff.status != StaffStatus.LEAVER))
    query = select(Staff).where(Staff.home_id == home.id, Staff.start_date <= month.last, here)
    return list(session.scalars(query.order_by(Staff.name, Staff.id)))


def leave_in(session: Session, home: CareHome, month: Month) -> list[Away]:
    """Answer the leave of a home's staff that touches a month, the earliest first."""
    query = (
        select(LeaveRequest, Staff.name)
        .join(Staff, Staff.id == LeaveRequest.staff_id)
        .where(
            Staff.home_id == home.id,
            LeaveRequest.status.in_(LIVE),
            LeaveRequest.start_date <= month.last,
            LeaveRequest.end_date >= month.first,
        )
        .order_by(LeaveRequest.start_date, LeaveRequest.id)
    )
    return [_away(request, name) for request, name in session.execute(query)]


def _away(request: LeaveRequest, name: str) -> Away:
    return Away(
        leave_id=request.id,
        staff_id=request.staff_id,
        name=name,
        type=LEAVE_TYPES[request.type].name,
        status=LeaveStatus(request.status),
        period=request.period,
    )
