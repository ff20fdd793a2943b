"""Writes everything that a FlowApp of one's own begins with, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.roles import Role
from flowapp.accounts.users import create_user
from flowapp.events.cause import Cause
from flowapp.http.first_setup import is_empty
from flowapp.kernel.errors import NotFound
from flowapp.rota.entitlement import LeaveYear, entitled_hours, fraction_of_year, leave_year, rounded_up
from flowapp.rota.homes import CareHome, add_home
from flowapp.rota.leave_balance import grant
from flowapp.rota.staff import Contract, JobRole, add_staff
from flowapp.rota.training.catalogue import write_catalogue
from flowapp.rota.units import add_unit
from flowapp.web.setup.checking import Plan
from flowapp.web.setup.staff_lines import StaffLine
from flowapp.workflows.kinds import Action, Trigger
from flowapp.workflows.publishing import create_workflow, publish
from flowapp.workflows.reading import read_document

# Everybody else may see to their own things only; more is given by hand, not by a list.
ROLE_OF_JOB = MappingProxyType(
    {
        JobRole.MANAGER: Role.MANAGER,
        JobRole.DEPUTY: Role.SENIOR,
        JobRole.SENIOR_CARER: Role.SENIOR,
        JobRole.OFFICE: Role.HR,
    }
)


def set_up(
    session: Session,
    cause: Cause,
    plan: Plan,
    *,
    password_hash: str,
    actions: Mapping[str, Action],
    triggers: Mapping[str, Trigger],
) -> int:
    """Write the home, its units and staff, the accounts and the workflows; answer the administrator's number.

    Raises NotFound when somebody else was quicker.
    """
    if not is_empty(session):
        raise NotFound
    home = add_home(
        session, code=plan.code, name=plan.home_name, nation=plan.nation, timezone=plan.timezone, at=cause.at
    )
    write_catalogue(session, cause)
    for unit in plan.units:
        add_unit(session, cause, home_id=home.id, name=unit.name, kind=unit.kind, beds=unit.beds)
    staff = {line.email: _add_member(session, cause, home, line, n) for n, line in enumerate(plan.staff, 1)}
    admin = create_user(
        session,
        cause,
        email=plan.email,
        name=plan.name,
        role=Role.ADMIN,
        all_homes=True,
        staff_id=staff.get(plan.email),
        password_hash=password_hash,
    )
    for line in plan.staff:
        if line.email != plan.email:
            _add_account(session, cause, home.id, line, staff[line.email])
    for document in plan.workflows:
        workflow = create_workflow(session, cause, read_document(document), owner_id=admin, home_id=home.id)
        publish(session, cause, workflow, actions=actions, triggers=triggers)
    _note(session, cause, home, plan)
    return admin


def _note(session: Session, cause: Cause, home: CareHome, plan: Plan) -> None:
    after = {"code": home.code, "name": home.name, "units": len(plan.units), "staff": len(plan.staff)}
    audit.write(
        session, cause, action="home.create", entity="care_home", entity_id=home.id, home_id=home.id, after=after
    )


def _add_member(session: Session, cause: Cause, home: CareHome, line: StaffLine, number: int) -> int:
    this_year = leave_year(cause.at.astimezone(home.zone).date(), home.leave_year_start)
    next_year = leave_year(this_year.end + timedelta(days=1), home.leave_year_start)
    started = line.start_date or this_year.start
    member = add_staff(
        session,
        employee_no=f"{home.code}-{number:03}",
        name=line.name,
        email=line.email,
        home_id=home.id,
        role=line.role,
        pattern=line.week,
        start_date=started,
        contract=Contract.PERMANENT if line.week else Contract.BANK,
        at=cause.at,
    )
    for year in (this_year, next_year):
        if hours := _entitled(line, year, started):
            years = (year.start, year.end)
            by = cause.actor.label
            grant(session, staff_id=member.id, leave_type="ANNUAL", year=years, hours=hours, at=cause.at, by=by)
    return member.id


def _entitled(line: StaffLine, year: LeaveYear, started: date) -> Decimal:
    """Answer the statutory leave of a year; people without fixed hours earn theirs as they work."""
    if not line.week:
        return Decimal(0)
    hours = sum(line.week.values(), Decimal(0))
    part = fraction_of_year(year, started=started)
    return rounded_up(entitled_hours(hours_per_week=hours, days_per_week=Decimal(len(line.week)), fraction=part))


def _add_account(session: Session, cause: Cause, home_id: int, line: StaffLine, staff_id: int) -> None:
    """Open an account without a password: the person cannot sign in before one is set."""
    role = ROLE_OF_JOB.get(line.role, Role.STAFF)
    create_user(
        session,
        cause,
        email=line.email,
        name=line.name,
        role=role,
        home_ids=[home_id],
        staff_id=staff_id,
        all_homes=role is Role.HR,
    )
