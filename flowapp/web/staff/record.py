"""What the page of one member of staff shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.rota.homes import CareHome, home
from flowapp.rota.leave import LeaveRequest, LeaveStatus, requests_with_staff
from flowapp.rota.leave_types import LEAVE_TYPES
from flowapp.rota.staff import Contract, JobRole, Staff, StaffStatus
from flowapp.rota.units import Unit
from flowapp.rota.wording import amount_text
from flowapp.web.filters import day, period
from flowapp.web.staff.allowance import Allowance, allowances
from flowapp.web.staff.pages import STATUS_PILLS
from flowapp.web.staff.presence import PresencePart, presence_part
from flowapp.web.staff.sign_in_link import SignInPart, sign_in_part
from flowapp.web.staff.week import week_words
from flowapp.web.training.of_person import PersonTraining, person_training

MOST_LEAVE = 30


@dataclass(frozen=True, kw_only=True)
class LeaveLine:
    """One leave request of the person."""

    href: str
    dates: str
    takes: str
    type: str
    status: str
    status_word: str


@dataclass(frozen=True, kw_only=True)
class RecordPage:
    """One member of staff."""

    name: str
    sentence: str
    status: tuple[str, str, str]
    facts: tuple[tuple[str, str], ...]
    may_see_balance: bool
    allowances: tuple[Allowance, ...]
    may_see_leave: bool
    leave: tuple[LeaveLine, ...]
    is_own: bool
    presence: PresencePart
    training: PersonTraining | None
    sign_in: SignInPart | None
    personal_data_url: str  # "" for whoever may not hand it over


def record_page(session: Session, person: Person, member: Staff, *, now: datetime) -> RecordPage:
    """Put together what this reader may see of a member of staff."""
    at = home(session, member.home_id)
    on = On(home_id=member.home_id, staff_id=member.id)
    today = now.astimezone(at.zone).date()
    sees_balance, sees_leave = can(person, "leave.balance", on), can(person, "leave.view", on)
    return RecordPage(
        name=member.name,
        sentence=f"{JobRole(member.role).label} at {at.name}.",
        status=STATUS_PILLS[StaffStatus(member.status)],
        facts=_facts(member, at, _unit(session, member), today),
        may_see_balance=sees_balance,
        allowances=allowances(session, member.id, today, at.leave_year_start) if sees_balance else (),
        may_see_leave=sees_leave,
        leave=_leave(session, member.id) if sees_leave else (),
        is_own=person.staff_id == member.id,
        presence=presence_part(session, person, member),
        training=person_training(session, person, member, at, today),
        sign_in=sign_in_part(session, person, member),
        personal_data_url=url_for("personal_data.index", staff_id=member.id) if can(person, "staff.export", on) else "",
    )


def _facts(member: Staff, at: CareHome, unit: str, today: date) -> tuple[tuple[str, str], ...]:
    facts = [("Home", at.name)]
    if unit:
        facts.append(("Unit", unit))
    facts += [
        ("Role", JobRole(member.role).label),
        ("Staff number", member.employee_no),
        ("Email", member.email),
        ("Contract", f"{_terms(member)}, {amount_text(member.contracted_hours, 'hour')} a week"),
        ("Usual week", week_words(member.pattern)),
        ("Started" if member.start_date <= today else "Starts", day(member.start_date)),
    ]
    if member.end_date is not None:
        facts.append(("Left" if member.end_date < today else "Leaves", day(member.end_date)))
    return tuple(facts)


def _unit(session: Session, member: Staff) -> str:
    return session.scalar(select(Unit.name).where(Unit.id == member.unit_id)) or ""


def _terms(member: Staff) -> str:
    return Contract(member.contract).value.replace("_", " ").capitalize()


def _leave(session: Session, staff_id: int) -> tuple[LeaveLine, ...]:
    query = requests_with_staff().where(LeaveRequest.staff_id == staff_id).limit(MOST_LEAVE)
    return tuple(_line(request) for request, _ in session.execute(query))


def _line(request: LeaveRequest) -> LeaveLine:
    return LeaveLine(
        href=url_for("leave.show_request", leave_id=request.id),
        dates=period(request.start_date, request.end_date),
        takes=f"{amount_text(request.days, 'day')}, {amount_text(request.hours, 'hour')}",
        type=LEAVE_TYPES[request.type].name,
        status=request.status,
        status_word=LeaveStatus(request.status).label,
    )
