"""Writing certificates down: one that is new, and another state of one that is there."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict
from flowapp.kernel.ids import new_uid
from flowapp.kernel.prepared import Prepared
from flowapp.rota.training.certificates import Certificate, Origin
from flowapp.rota.training.details import CertificateDetails
from flowapp.rota.training.reading import HeldCertificate, certificate_as_it_is
from flowapp.rota.training.types import TrainingType
from flowapp.rota.training.validity import Competency

_ADD: Prepared[Any] = Prepared(
    insert(Certificate).returning(Certificate.id),
    columns=(
        *("uid", "staff_id", "training_type_id", "issued_on", "expires_on", "competency", "evidence_ref", "origin"),
        *("recorded_by", "verified_by", "verified_by_id", "verified_at", "revoked_on", "revoke_reason"),
        *("watched_from", "reminded", "next_look_on", "created_at", "version"),
    ),
)


def add(
    session: Session,
    cause: Cause,
    staff_id: int,
    kind: TrainingType,
    details: CertificateDetails,
    today: date,
    *,
    competency: Competency,
    origin: Origin = Origin.RECORDED,
) -> HeldCertificate:
    """Write a new certificate, and answer it."""
    row = {
        "uid": new_uid(cause.at),
        "staff_id": staff_id,
        "training_type_id": kind.id,
        "issued_on": details.issued_on,
        "expires_on": details.expires_on,
        "competency": competency,
        "evidence_ref": details.evidence_ref,
        "origin": origin,
        "recorded_by": cause.actor.name,
        "verified_by": None,
        "verified_by_id": None,
        "verified_at": None,
        "revoked_on": None,
        "revoke_reason": "",
        **watched_anew(details.expires_on, today),
        "created_at": cause.at,
        "version": 1,
    }
    certificate_id: int = _ADD.value(session, **row)
    return certificate_as_it_is(session, certificate_id, today)


def write(session: Session, held: HeldCertificate, today: date, **values: Any) -> HeldCertificate:
    """Write another state of a certificate, and answer it; raises Conflict when somebody changed it meanwhile."""
    changing = (
        update(Certificate)
        .where(Certificate.id == held.id, Certificate.version == held.version)
        .values(**values, version=held.version + 1)
    )
    done: Any = session.execute(changing.execution_options(synchronize_session=False))
    if done.rowcount != 1:
        raise Conflict
    return certificate_as_it_is(session, held.id, today)


def watched_anew(expires_on: date | None, today: date) -> dict[str, Any]:
    """Answer what a row holds of the reminders of a certificate that is looked at for the first time today."""
    return {"watched_from": today, "reminded": None, "next_look_on": None if expires_on is None else today}


def look_again(session: Session, held: HeldCertificate, today: date) -> None:
    """See to it that the other certificates of the same person and type are looked at: one may be due after all."""
    others = (
        update(Certificate)
        .where(
            Certificate.staff_id == held.staff_id,
            Certificate.training_type_id == held.type_id,
            Certificate.id != held.id,
            Certificate.expires_on.is_not(None),
        )
        .values(next_look_on=today)
    )
    session.execute(others.execution_options(synchronize_session=False))


def note(
    session: Session,
    cause: Cause,
    held: HeldCertificate,
    action: str,
    *,
    before: Any,
    after: Any,
    reason: str = "",
) -> None:
    """Note in the audit what became of a certificate."""
    audit.write(
        session,
        cause,
        action=f"certificate.{action}",
        entity="certificate",
        entity_id=held.id,
        home_id=held.home_id,
        before=before,
        after=after,
        reason=reason,
    )
