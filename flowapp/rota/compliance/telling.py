"""What a violation tells workflows."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from flowapp.events.cause import Cause
from flowapp.events.event import Event, UserFacts
from flowapp.events.outbox import record
from flowapp.events.violation import ComplianceViolation, ViolationFacts, WorkingTimeBreach
from flowapp.rota.compliance.reading import KnownViolation, rule_of
from flowapp.rota.compliance.rule import Category, Rule


def tell_broken(session: Session, cause: Cause, known: KnownViolation) -> None:
    """Record that a rule is broken, and beside that a breach of working time where it is one of somebody's."""
    rule = rule_of(session, known.rule)
    tell(session, cause, ComplianceViolation, known, rule)
    if rule.category is Category.WORKING_TIME and known.staff_facts is not None:
        tell(session, cause, WorkingTimeBreach, known, rule)


def tell(
    session: Session,
    cause: Cause,
    event: builtins.type[Event],
    known: KnownViolation,
    rule: Rule,
    *,
    own: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Record an event of a violation; `own` is what only this kind of event brings."""
    known_facts: dict[str, Any] = {
        "violation_id": known.id,
        "care_home_id": known.home_id,
        "staff_id": known.staff_id,
        "shift_id": known.shift_id,
        "certificate_id": known.certificate_id,
        "user_id": cause.actor.id,
        "rule": known.rule,
        "severity": known.severity.value,
        "violation": _facts(known, rule),
        "staff": known.staff_facts,
        "user": UserFacts(id=cause.actor.id, name=cause.actor.name, role=cause.actor.role or ""),
        **own,
    }
    context = event.Context(**known_facts)
    record(session, event(subject_id=known.id, care_home_id=known.home_id, cause=cause, context=context))


def _facts(known: KnownViolation, rule: Rule) -> ViolationFacts:
    return ViolationFacts(
        rule=rule.code,
        rule_name=rule.name,
        category=rule.category.value,
        severity=known.severity.value,
        description=known.description,
        status=known.status.value,
        due_on=known.due_on,
        first_day=known.first_day,
        last_day=known.last_day,
    )
