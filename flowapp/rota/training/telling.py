"""Telling what became of a certificate: the facts that its events bring."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from flowapp.events.cause import Cause
from flowapp.events.event import Change, Event, StaffFacts, UserFacts
from flowapp.events.outbox import record
from flowapp.events.training import CertificateFacts
from flowapp.rota.staff import JobRole
from flowapp.rota.training.reading import HeldCertificate


def tell(
    session: Session,
    cause: Cause,
    event: builtins.type[Event],
    held: HeldCertificate,
    today: date,
    *,
    changes: Sequence[Change] = (),
    own: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Record an event of a certificate; `own` is what only this kind of event brings."""
    context = event.Context(**_shared(held, cause, today), **own)
    record(
        session,
        event(
            subject_id=held.id,
            care_home_id=held.home_id,
            cause=cause,
            context=context,
            changes=tuple(changes),
        ),
    )


def _shared(held: HeldCertificate, cause: Cause, today: date) -> dict[str, Any]:
    facts = _facts(held, today)
    role = JobRole(held.staff_role).label
    return {
        "certificate_id": held.id,
        "staff_id": held.staff_id,
        "user_id": cause.actor.id,
        "care_home_id": held.home_id,
        "training_type": held.code,
        "expires_on": held.expires_on,
        "days_left": facts.days_left,
        "holds": facts.holds,
        "waits_for_check": held.waits,
        "certificate": facts,
        "staff": StaffFacts(id=held.staff_id, name=held.staff_name, email=held.staff_email, role=role),
        "user": UserFacts(id=cause.actor.id, name=cause.actor.name, role=cause.actor.role or ""),
    }


def _facts(held: HeldCertificate, today: date) -> CertificateFacts:
    return CertificateFacts(
        id=held.id,
        type=held.code,
        type_name=held.type_name,
        category=held.category.value,
        issued_on=held.issued_on,
        expires_on=held.expires_on,
        days_left=held.validity.days_left(today),
        competency=held.competency.value,
        verified=held.verified_at is not None,
        holds=held.validity.holds_on(today),
        blocks_rostering=held.blocks_rostering,
    )
