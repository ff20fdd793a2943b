"""Writing the people of the demo: their records, their leave and their accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.accounts.roles import Role
from flowapp.accounts.users import create_user, person_of
from flowapp.cli.demo.allowance import carried, granted
from flowapp.cli.demo.days import Days
from flowapp.cli.demo.homes import STRATHALLOW, UNITS
from flowapp.cli.demo.limits import say_where_and_when, tell_rules, trainee_among
from flowapp.cli.demo.people import Colleague
from flowapp.events.cause import Actor, ActorKind, Cause
from flowapp.kernel.errors import NotFound
from flowapp.rota.leave_balance import LedgerKind, add_entry, grant
from flowapp.rota.staff import JobRole, add_staff

SIGN_INS = MappingProxyType(
    {
        "carer@example.org": "a carer at Glenfarrow House",
        "senior@example.org": "a senior carer at Glenfarrow House",
        "manager@example.org": "the manager of Glenfarrow House",
        "carer2@example.org": "a carer at Strathallow Court",
        "manager2@example.org": "the manager of Strathallow Court",
        "hr@example.org": "HR, for every home",
        "regional@example.org": "the regional manager of every home",
        "admin@example.org": "looks after FlowApp",
    }
)
MEADOWMERE_MANAGER = "manager3@example.org"
WITH_PASSWORD = frozenset({*SIGN_INS, MEADOWMERE_MANAGER})
FORMER_SENIOR = "elspeth.gunn@example.org"
HR, REGIONAL, ADMIN = "hr@example.org", "regional@example.org", "admin@example.org"
# Who has no place in a home's rota: those of the organisation, and somebody who has left by now.
_OTHERS = (
    (HR, "Hana Sinclair", Role.HR),
    (REGIONAL, "Ruth Calder", Role.REGIONAL),
    (ADMIN, "Alex Doyle", Role.ADMIN),
    (FORMER_SENIOR, "Elspeth Gunn", Role.SENIOR),
)
_ROLES = {JobRole.MANAGER: Role.MANAGER, JobRole.DEPUTY: Role.SENIOR, JobRole.SENIOR_CARER: Role.SENIOR}
_ON_UNITS = (JobRole.SENIOR_CARER, JobRole.CARER, JobRole.CARE_ASSISTANT)


@dataclass(frozen=True, kw_only=True)
class Written:
    """The numbers that people have in the database, by their place in the demo and by their address."""

    staff: Mapping[int, int]
    accounts: Mapping[str, int]
    homes: Sequence[int]
    units: Sequence[Sequence[int]]  # of each home


def write_people(
    session: Session,
    cause: Cause,
    people: Sequence[Colleague],
    homes: Sequence[int],
    units: Sequence[Sequence[int]],
    days: Days,
    *,
    password_hash: str,
) -> Written:
    """Write everybody with their leave and an account; only those who sign in get the password."""
    staff, accounts = {}, {}
    trainee = trainee_among(people)
    for who in people:
        unit = units[who.home][who.number % UNITS] if who.role in _ON_UNITS else None
        seventeen = who.number == trainee
        staff[who.number] = _write_record(session, cause, who, homes[who.home], unit, days, trainee=seventeen)
        say_where_and_when(session, cause, who, staff[who.number], list(homes), days)
        accounts[who.email] = create_user(
            session,
            cause,
            email=who.email,
            name=who.name,
            role=_ROLES.get(who.role, Role.STAFF),
            staff_id=staff[who.number],
            home_ids=[homes[who.home]],
            password_hash=password_hash if who.email in WITH_PASSWORD else "",
        )
    for email, name, role in _OTHERS:
        accounts[email] = create_user(
            session,
            cause,
            email=email,
            name=name,
            role=role,
            home_ids=[homes[STRATHALLOW]] if role is Role.SENIOR else homes,
            all_homes=role in (Role.HR, Role.ADMIN),
            password_hash=password_hash if email in WITH_PASSWORD else "",
        )
    return Written(staff=staff, accounts=accounts, homes=homes, units=units)


def _write_record(
    session: Session,
    cause: Cause,
    who: Colleague,
    home_id: int,
    unit_id: int | None,
    days: Days,
    *,
    trainee: bool,
) -> int:
    person = add_staff(
        session,
        employee_no=who.employee_no,
        name=who.name,
        email=who.email,
        home_id=home_id,
        role=who.role,
        pattern=dict(who.week.hours),
        start_date=who.start_date,
        at=cause.at,
        unit_id=unit_id,
        contract=who.contract,
    )
    tell_rules(person, who, days, trainee=trainee)
    for year in days.leave_years:
        if not (hours := granted(who, year)):
            continue
        entitlement = grant(
            session,
            staff_id=person.id,
            leave_type="ANNUAL",
            year=(year.start, year.end),
            hours=hours,
            at=cause.at,
            by=cause.actor.label,
        )
        if year == days.leave_years[0] and (more := carried(who, year)):
            add_entry(session, entitlement, LedgerKind.CARRY_IN, more, at=cause.at, by=cause.actor.label)
    return person.id


def as_somebody(session: Session, user_id: int, at: datetime) -> tuple[Person, Cause]:
    """Answer somebody and the cause of what they do on a page at a moment."""
    who = person_of(session, user_id)
    if who is None:
        raise NotFound("There is no such account.")
    return who, Cause(actor=Actor(kind=ActorKind.USER, id=who.user_id, name=who.name, role=who.role.label), at=at)
