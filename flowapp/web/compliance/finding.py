"""Finding violations: those of one's homes, by home, rule, and whether they are over."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, not_, select
from sqlalchemy.orm import Session

from flowapp.accounts.can import homes_of
from flowapp.accounts.people import Person
from flowapp.rota.compliance.reading import KnownViolation, is_live, known_violations, seen_by
from flowapp.rota.compliance.rule import Severity
from flowapp.rota.compliance.violation import ComplianceViolation
from flowapp.rota.homes import CareHome

MOST = 200


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which violations are looked for; what is empty does not narrow the search."""

    over: bool = False
    home: str = ""  # the home's code
    rule: str = ""  # its code

    @property
    def applied(self) -> int:
        """How many of the filters are in use."""
        return sum((bool(self.home), bool(self.rule)))


def visible_homes(session: Session, person: Person) -> tuple[CareHome, ...]:
    """Answer the homes whose violations somebody may see, by name."""
    homes = homes_of(person, "violation.view")
    query = select(CareHome).order_by(CareHome.name, CareHome.id)
    return tuple(session.scalars(query if homes is None else query.where(CareHome.id.in_(homes))))


def count_found(session: Session, person: Person, wanted: Wanted) -> int:
    """Count every violation that is found."""
    return session.scalar(select(func.count(ComplianceViolation.id)).where(*_conditions(person, wanted))) or 0


def found(session: Session, person: Person, wanted: Wanted) -> list[KnownViolation]:
    """Answer those that are found, 200 at most: the worst first, then the oldest; or what was over last."""
    query = known_violations().where(*_conditions(person, wanted)).limit(MOST)
    if wanted.over:
        ordered = query.order_by(ComplianceViolation.closed_at.desc(), ComplianceViolation.id.desc())
    else:
        worst = {each.value: -number for number, each in enumerate(Severity)}
        rank = case(worst, value=ComplianceViolation.severity, else_=0)
        ordered = query.order_by(rank, ComplianceViolation.rule, ComplianceViolation.detected_at)
    return [KnownViolation(*row) for row in session.execute(ordered)]


def _conditions(person: Person, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [seen_by(person), not_(is_live()) if wanted.over else is_live()]
    if wanted.home:
        conditions.append(ComplianceViolation.home_id.in_(select(CareHome.id).where(CareHome.code == wanted.home)))
    if wanted.rule:
        conditions.append(ComplianceViolation.rule == wanted.rule)
    return conditions
