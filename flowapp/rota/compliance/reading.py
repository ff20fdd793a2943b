"""Reading violations: one, those somebody may see, and since when all is clear."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, true
from sqlalchemy.orm import Session

from flowapp.accounts.can import ALL, can, homes_of
from flowapp.accounts.people import On, Person
from flowapp.accounts.users import User
from flowapp.events.event import StaffFacts
from flowapp.kernel.errors import NotFound
from flowapp.kernel.prepared import Prepared
from flowapp.rota.compliance.rule import SHIPPED, Category, Rule, Severity, rule_called
from flowapp.rota.compliance.violation import LIVE, ComplianceViolation, ViolationStatus
from flowapp.rota.homes import CareHome
from flowapp.rota.staff import JobRole, Staff


class KnownViolation(NamedTuple):
    """A violation as the database has it, with the names of those it concerns."""

    id: int
    uid: str
    rule: str
    home_id: int | None
    home_name: str | None
    staff_id: int | None
    staff_name: str | None
    staff_email: str | None
    staff_role: JobRole | None
    shift_id: int | None
    certificate_id: int | None
    execution_id: int | None
    dedupe_key: str
    severity: Severity
    description: str
    evidence: list[dict[str, Any]]
    first_day: date | None
    last_day: date | None
    status: ViolationStatus
    due_on: date | None
    owner_id: int | None
    owner_name: str | None
    check_id: int | None
    raised_by: str
    detected_at: datetime
    seen_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    closed_at: datetime | None
    closed_by: str | None
    resolution: str
    accepted_until: date | None
    version: int

    @property
    def is_live(self) -> bool:
        """Whether it is to be dealt with still."""
        return self.status in LIVE

    @property
    def on(self) -> On:
        """What a permission is asked about."""
        return On(home_id=self.home_id)

    @property
    def staff_facts(self) -> StaffFacts | None:
        """Whoever it is about, as events tell of them."""
        if self.staff_id is None or self.staff_name is None or self.staff_email is None or self.staff_role is None:
            return None
        return StaffFacts(id=self.staff_id, name=self.staff_name, email=self.staff_email, role=self.staff_role.label)


_V = ComplianceViolation


def known_violations() -> Select[*tuple[Any, ...]]:
    """Select violations as `KnownViolation` has them; in no order yet."""
    return (
        select(
            *(_V.id, _V.uid, _V.rule, _V.home_id, CareHome.name.label("home_name")),
            *(_V.staff_id, Staff.name.label("staff_name"), Staff.email, Staff.role, _V.shift_id, _V.certificate_id),
            *(_V.execution_id, _V.dedupe_key, _V.severity, _V.description, _V.evidence, _V.first_day, _V.last_day),
            *(_V.status, _V.due_on, _V.owner_id, User.name.label("owner_name"), _V.check_id, _V.raised_by),
            *(_V.detected_at, _V.seen_at, _V.acknowledged_at, _V.acknowledged_by, _V.closed_at, _V.closed_by),
            *(_V.resolution, _V.accepted_until, _V.version),
        )
        .outerjoin(CareHome, CareHome.id == _V.home_id)
        .outerjoin(Staff, Staff.id == _V.staff_id)
        .outerjoin(User, User.id == _V.owner_id)
    )


_ONE = Prepared(known_violations().where(_V.id == bindparam("violation_id")), KnownViolation)
_OF_KEY = Prepared(known_violations().where(_V.open_key == bindparam("open_key")), KnownViolation)


def violation_as_it_is(session: Session, violation_id: int) -> KnownViolation:
    """Answer a violation as the database has it at this moment; raises NotFound."""
    found = _ONE.first(session, violation_id=violation_id)
    if found is None:
        raise NotFound
    return found


def with_key(session: Session, open_key: str) -> KnownViolation | None:
    """Answer the violation that holds a key: a live one, or one whose risk was accepted."""
    return _OF_KEY.first(session, open_key=open_key)


def visible_violation(session: Session, who: Person, violation_id: int) -> KnownViolation:
    """Answer a violation that somebody may see; raises NotFound, whether it does not exist or is not for them."""
    found = violation_as_it_is(session, violation_id)
    if not can(who, "violation.view", found.on):
        raise NotFound
    return found


def seen_by(who: Person) -> ColumnElement[bool]:
    """Say which violations somebody may see."""
    home_ids = homes_of(who, "violation.view")
    return true() if home_ids is ALL else _V.home_id.in_(home_ids)


def is_live() -> ColumnElement[bool]:
    """Say which violations are to be dealt with still."""
    return or_(*(_V.status == status for status in sorted(LIVE)))


def rule_of(session: Session, code: str) -> Rule:
    """Answer the rule that is broken; one that was taken away since is still told by its code."""
    found = rule_called(session, code)
    if found is not None:
        return found
    house = SHIPPED["HOUSE_RULE"]
    return Rule(code=code, name=code, meaning="", category=house.category, severity=house.severity, mode=house.mode)


def may_resolve(who: Person, category: Category, on: On) -> bool:
    """Say whether somebody may put a broken rule right; those about training are HR's as well."""
    return can(who, "violation.resolve", on) or (category is Category.TRAINING and can(who, "violation.training", on))


def clear_since(session: Session, who: Person) -> datetime | None:
    """Answer when the last violation was closed that somebody may see; None where there never was any."""
    found: datetime | None = session.scalar(select(func.max(_V.closed_at)).where(seen_by(who)))
    return found
