"""Finding the homes, units and people that a row names."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from flowapp.accounts.can import ALL, can, homes_of
from flowapp.accounts.people import On, Person
from flowapp.kernel.prepared import Prepared
from flowapp.rota.exchange.listing import Row, wrong
from flowapp.rota.homes import CareHome
from flowapp.rota.staff import JobRole, Staff
from flowapp.rota.units import Unit


class Member(NamedTuple):
    """Somebody whom a row names."""

    id: int
    home_id: int
    role: JobRole
    employee_no: str


class Home(NamedTuple):
    """A home that a row names."""

    id: int
    code: str
    timezone: str


_BY_CODE = Prepared(
    select(CareHome.id, CareHome.code, CareHome.timezone).where(CareHome.code == bindparam("code")), Home
)
_BY_NAME = Prepared(
    select(CareHome.id, CareHome.code, CareHome.timezone).where(func.lower(CareHome.name) == bindparam("name")), Home
)
_MEMBER = (Staff.id, Staff.home_id, Staff.role, Staff.employee_no)
_BY_NUMBER = Prepared(select(*_MEMBER).where(Staff.employee_no == bindparam("employee_no")), Member)
_BY_EMAIL = Prepared(select(*_MEMBER).where(Staff.email == bindparam("email")), Member)
_UNITS: Prepared[Any] = Prepared(select(Unit.id, Unit.name).where(Unit.home_id == bindparam("home_id")))


def home_in(session: Session, who: Person, row: Row, column: str) -> Home:
    """Find the home that a cell names by code or name, or the only one somebody has; raises Refused."""
    text = row.text(column)
    if not text:
        return _only_home(session, who, column)
    found = _BY_CODE.first(session, code=text.upper()) or _BY_NAME.first(session, name=text.lower())
    if found is None or not can(who, "rota.view_all", On(home_id=found.id)):
        raise wrong(column, f"None of your homes is called “{text[:40]}”. Write the code of one, such as ROSE.")
    return found


def _only_home(session: Session, who: Person, column: str) -> Home:
    homes = homes_of(who, "rota.view_all")
    query = select(CareHome.id, CareHome.code, CareHome.timezone).limit(2)
    found = session.execute(query if homes is ALL else query.where(CareHome.id.in_(homes))).all()
    if len(found) != 1:
        raise wrong(column, "The cell is empty, and you look after several homes. Write the code of one, such as ROSE.")
    return Home(*found[0])


def unit_in(session: Session, row: Row, column: str, home: Home) -> int | None:
    """Find the unit that a cell names, or None for an empty cell; raises Refused."""
    text = row.text(column)
    if not text:
        return None
    units = {name.lower(): unit_id for unit_id, name in _UNITS.rows(session, home_id=home.id)}
    if text.lower() not in units:
        raise wrong(column, f"{home.code} has no unit called “{text[:40]}”. Write the name of one, or leave it empty.")
    return int(units[text.lower()])


def member_in(session: Session, who: Person, row: Row, column: str) -> Member:
    """Find whoever a cell names by their number on the payroll; raises Refused."""
    text = row.needed(column, "ROSE-014")
    return _seen(who, _BY_NUMBER.first(session, employee_no=text), column, text)


def member_by_email(session: Session, who: Person, row: Row, column: str) -> Member:
    """Find whoever a cell names by their email address; raises Refused."""
    text = row.text(column)
    return _seen(who, _BY_EMAIL.first(session, email=text.lower()), column, text)


def _seen(who: Person, found: Member | None, column: str, text: str) -> Member:
    if found is None or not can(who, "staff.view", On(home_id=found.home_id, staff_id=found.id)):
        raise wrong(column, f"Nobody in your homes is known as “{text[:60]}”. Add them first, or correct the cell.")
    return found
