"""The demo: two homes, eight people who can sign in, and the workflows that decide short leave."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flowapp.accounts.passwords import hash_password
from flowapp.accounts.roles import Role
from flowapp.accounts.users import create_user
from flowapp.bootstrap import registries
from flowapp.cli.demo_workflows import AUTO_APPROVE, TELL_THE_PERSON
from flowapp.events.cause import SYSTEM, Cause
from flowapp.kernel.db import Database
from flowapp.kernel.keys import demo_password
from flowapp.kernel.settings import Settings
from flowapp.rota.calendar import Nation
from flowapp.rota.entitlement import leave_year
from flowapp.rota.homes import CareHome, add_home
from flowapp.rota.leave_balance import grant
from flowapp.rota.staff import JobRole, add_staff
from flowapp.workflows.publishing import create_workflow, publish
from flowapp.workflows.reading import read_document

SIGN_INS = MappingProxyType(
    {
        "carer@example.org": "a carer at Glenfarrow House",
        "senior@example.org": "a senior carer at Glenfarrow House",
        "manager@example.org": "the manager of Glenfarrow House",
        "carer2@example.org": "a carer at Strathallow Court",
        "manager2@example.org": "the manager of Strathallow Court",
        "hr@example.org": "HR, for every home",
        "regional@example.org": "the regional manager of both homes",
        "admin@example.org": "looks after FlowApp",
    }
)
LONG_DAYS = {day: Decimal("11") for day in ("mon", "tue", "wed")}  # 12-hour shifts, an hour of them unpaid
OFFICE_WEEK = {day: Decimal("7.5") for day in ("mon", "tue", "wed", "thu", "fri")}
_PEOPLE = (
    # email, name, role, job, home (None: every home or several), the week
    ("carer@example.org", "Anna Boyd", Role.STAFF, JobRole.CARER, 0, LONG_DAYS),
    ("senior@example.org", "Sorcha Munro", Role.SENIOR, JobRole.SENIOR_CARER, 0, LONG_DAYS),
    ("manager@example.org", "Maya Reid", Role.MANAGER, JobRole.MANAGER, 0, OFFICE_WEEK),
    ("carer2@example.org", "Dan Fraser", Role.STAFF, JobRole.CARER, 1, LONG_DAYS),
    ("manager2@example.org", "Iain Lennox", Role.MANAGER, JobRole.MANAGER, 1, OFFICE_WEEK),
    ("hr@example.org", "Hana Sinclair", Role.HR, None, None, None),
    ("regional@example.org", "Ruth Calder", Role.REGIONAL, None, None, None),
    ("admin@example.org", "Alex Doyle", Role.ADMIN, None, None, None),
)
WEEKS_OF_LEAVE = Decimal("5.6")  # statutory; gov.uk/holiday-entitlement-rights


def load_demo(settings: Settings, database: Database, now: datetime) -> bool:
    """Load the demo if there is no home yet; answer whether it was loaded."""
    with database.read() as session:
        if session.scalar(select(func.count()).select_from(CareHome)):
            return False
    password_hash = hash_password(demo_password(settings))

    def write(session: Session) -> bool:
        cause = Cause(actor=SYSTEM, at=now)
        homes = [
            add_home(
                session,
                code="GLEN",
                name="Glenfarrow House",
                nation=Nation.SCOTLAND,
                timezone=settings.timezone,
                at=now,
            ),
            add_home(
                session,
                code="STRA",
                name="Strathallow Court",
                nation=Nation.SCOTLAND,
                timezone=settings.timezone,
                at=now,
            ),
        ]
        users = _people(session, cause, homes, password_hash)
        _workflows(session, cause, homes, users)
        return True

    return database.write(write)


def _people(session: Session, cause: Cause, homes: list[CareHome], password_hash: str) -> dict[str, int]:
    users = {}
    for number, (email, name, role, job, at_home, week) in enumerate(_PEOPLE, start=1001):
        staff_id = None
        if job is not None and at_home is not None and week is not None:
            staff_id = _member(session, cause, f"E{number}", name, email, homes[at_home], job, week)
        mine = homes if at_home is None else [homes[at_home]]
        users[email] = create_user(
            session,
            cause,
            email=email,
            name=name,
            role=role,
            password_hash=password_hash,
            staff_id=staff_id,
            home_ids=[home.id for home in mine],
            all_homes=role in (Role.HR, Role.ADMIN),
        )
    return users


def _member(
    session: Session,
    cause: Cause,
    number: str,
    name: str,
    email: str,
    home: CareHome,
    job: JobRole,
    week: dict[str, Decimal],
) -> int:
    today = cause.at.astimezone(home.zone).date()
    person = add_staff(
        session,
        employee_no=number,
        name=name,
        email=email,
        home_id=home.id,
        role=job,
        pattern=week,
        start_date=date(today.year - 3, 4, 1),
        at=cause.at,
    )
    hours = (WEEKS_OF_LEAVE * person.contracted_hours).quantize(Decimal("0.01"))
    this_year = leave_year(today, home.leave_year_start)
    next_year = leave_year(date(this_year.start.year + 1, this_year.start.month, 15), home.leave_year_start)
    for year in (this_year, next_year):
        grant(
            session,
            staff_id=person.id,
            leave_type="ANNUAL",
            year=(year.start, year.end),
            hours=hours,
            at=cause.at,
            by=cause.actor.label,
        )
    return person.id


def _workflows(session: Session, cause: Cause, homes: list[CareHome], users: dict[str, int]) -> None:
    owners = (users["manager@example.org"], users["manager2@example.org"])
    for home, owner in zip(homes, owners, strict=True):
        for data in (AUTO_APPROVE, TELL_THE_PERSON):
            made = create_workflow(session, cause, read_document(data), owner_id=owner, home_id=home.id)
            publish(session, cause, made, actions=registries().actions, triggers=registries().triggers)
