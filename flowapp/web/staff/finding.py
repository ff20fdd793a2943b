"""Finding members of staff: those of one's homes, by name, home and role."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from flowapp.accounts.can import homes_of
from flowapp.accounts.people import Person
from flowapp.rota.homes import CareHome
from flowapp.rota.staff import JobRole, Staff


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Who is looked for; what is empty does not narrow the search."""

    text: str = ""
    home: str = ""  # the home's code
    role: JobRole | None = None

    @property
    def applied(self) -> int:
        """How many of the filters are in use."""
        return sum((bool(self.text), bool(self.home), self.role is not None))


def visible_homes(session: Session, person: Person) -> tuple[CareHome, ...]:
    """Answer the homes whose staff somebody may see, by name; none where only one's own record counts."""
    homes = homes_of(person, "staff.view")
    query = select(CareHome).order_by(CareHome.name, CareHome.id)
    return tuple(session.scalars(query if homes is None else query.where(CareHome.id.in_(homes))))


def count_found(session: Session, person: Person, wanted: Wanted) -> int:
    """Count everybody who is found."""
    return session.scalar(select(func.count(Staff.id)).where(*_conditions(person, wanted))) or 0


def found(session: Session, person: Person, wanted: Wanted, *, skip: int, most: int) -> list[tuple[Staff, CareHome]]:
    """Answer some of those who are found, with their homes, by name."""
    query: Select[Staff, CareHome] = (
        select(Staff, CareHome)
        .join(CareHome, CareHome.id == Staff.home_id)
        .where(*_conditions(person, wanted))
        .order_by(Staff.name, Staff.id)
        .offset(skip)
        .limit(most)
    )
    return [(member, home) for member, home in session.execute(query)]


def _conditions(person: Person, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    homes = homes_of(person, "staff.view")
    if homes is not None:
        conditions.append(or_(Staff.home_id.in_(homes), Staff.id == person.staff_id))
    if wanted.text:
        conditions.append(Staff.name.icontains(wanted.text, autoescape=True))
    if wanted.home:
        conditions.append(Staff.home_id.in_(select(CareHome.id).where(CareHome.code == wanted.home)))
    if wanted.role is not None:
        conditions.append(Staff.role == wanted.role)
    return conditions
