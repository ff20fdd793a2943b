"""Everything that can be done to a certificate: each a guard, a change, a note in the audit and an event.

Nobody vouches for themselves: what somebody enters of their own counts only when somebody else has confirmed it, and
nobody confirms, withdraws or corrects their own. Whoever says which version they have `seen` is told when somebody
changed the certificate since. Each function raises NotFound or NotAllowed when `who` may not do it.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import can, require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.events.event import Change
from flowapp.events.training import CertificateAdded, CertificateUpdated
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Refused
from flowapp.rota.homes import home
from flowapp.rota.reasons import read_reason
from flowapp.rota.staff import Staff
from flowapp.rota.training.certificates import Certificate, Origin
from flowapp.rota.training.details import CertificateDetails, as_written, differences, wrong_details
from flowapp.rota.training.reading import HeldCertificate, certificate_as_it_is
from flowapp.rota.training.telling import tell
from flowapp.rota.training.types import TrainingType
from flowapp.rota.training.validity import Competency
from flowapp.rota.training.writing import add, look_again, note, watched_anew, write
from flowapp.rota.wording import day_text

_OWN = "This is your own certificate, so somebody else has to do that."


def record(
    session: Session,
    cause: Cause,
    who: Person,
    staff_id: int,
    *,
    type_id: int,
    issued_on: date,
    expires_on: date | None = None,
    evidence_ref: str = "",
    competency: Competency | None = None,
) -> int:
    """Record somebody's certificate and answer its number; one's own waits for a check.

    Without a last day it has the usual one of its type; without a competency, what the type asks for is still to be
    watched. Raises Refused naming each field that is not right.
    """
    person, origin = _may_record(session, who, staff_id)
    today = _today(session, cause, person.home_id)
    kind = session.get(TrainingType, type_id)
    if kind is None or not kind.is_active:
        message = "There is no such type of training. Choose one of the list."
        raise Refused([Problem(path="training_type_id", code="unknown", message=message)])
    details = as_written(kind, issued_on, expires_on, evidence_ref)
    problems = [*wrong_details(details, today), *_taken(session, staff_id, kind, issued_on, None)]
    if problems:
        raise Refused(problems)
    seen = _first_competency(kind, competency, origin)
    held = add(session, cause, staff_id, kind, details, today, competency=seen, origin=origin)
    after = asdict(details) | {"staff_id": staff_id, "type": kind.code, "competency": seen, "origin": origin}
    note(session, cause, held, "create", before=None, after=after)
    tell(session, cause, CertificateAdded, held, today)
    return held.id


def correct(
    session: Session, cause: Cause, who: Person, certificate_id: int, *, seen: int | None = None, **given: Any
) -> None:
    """Put right what was written of a certificate: `given` are fields of `CertificateDetails`.

    Nothing is written and nobody is told when every value is as before. Reminders of another last day begin anew.
    """
    held, today = _load(session, cause, who, "certificate.record", certificate_id, seen)
    _not_revoked(held)
    old = CertificateDetails(issued_on=held.issued_on, expires_on=held.expires_on, evidence_ref=held.evidence_ref)
    new = replace(old, **given)
    changes = differences(old, new)
    if not changes:
        return
    problems = [*wrong_details(new, today)]
    if new.issued_on != old.issued_on:
        kind = session.get_one(TrainingType, held.type_id)
        problems += _taken(session, held.staff_id, kind, new.issued_on, held.id)
    if problems:
        raise Refused(problems)
    values = asdict(new)
    if new.expires_on != old.expires_on:
        values |= watched_anew(new.expires_on, today)
        look_again(session, held, today)
    _changed(session, cause, held, today, "update", changes, values)


def verify(session: Session, cause: Cause, who: Person, certificate_id: int, *, seen: int | None = None) -> None:
    """Confirm that a certificate is genuine; one that was sent in counts from now on."""
    held, today = _load(session, cause, who, "certificate.verify", certificate_id, seen)
    _not_revoked(held)
    if held.verified_at is not None:
        raise Conflict(f"{held.verified_by} has confirmed this certificate already.")
    values = {"verified_by": cause.actor.name, "verified_by_id": who.user_id, "verified_at": cause.at}
    if held.waits and held.expires_on is not None:
        values |= watched_anew(held.expires_on, today)
    change = Change(field="verified", old=False, new=True)
    _changed(session, cause, held, today, "verify", (change,), values)


def judge(
    session: Session,
    cause: Cause,
    who: Person,
    certificate_id: int,
    *,
    competency: Competency,
    seen: int | None = None,
) -> None:
    """Say whether somebody was seen to do what they have learnt."""
    held, today = _load(session, cause, who, "certificate.record", certificate_id, seen)
    _not_revoked(held)
    if competency is Competency.NOT_NEEDED:
        message = "Say whether they can do it, cannot yet, or are still to be watched."
        raise Refused([Problem(path="competency", code="bad_value", message=message)])
    if competency is held.competency:
        return
    change = Change(field="competency", old=held.competency, new=competency)
    look_again(session, held, today)
    _changed(session, cause, held, today, "judge", (change,), {"competency": competency})


def revoke(
    session: Session,
    cause: Cause,
    who: Person,
    certificate_id: int,
    *,
    reason: str,
    on: date | None = None,
    seen: int | None = None,
) -> None:
    """Withdraw a certificate from a day on, today unless told; its record stays, with the reason."""
    held, today = _load(session, cause, who, "certificate.record", certificate_id, seen)
    _not_revoked(held)
    day, why = on or today, read_reason(reason)
    problems = []
    if not why:
        message = "Write why the certificate no longer counts; the person may read it."
        problems.append(Problem(path="reason", code="missing", message=message))
    if not held.issued_on <= day <= today:
        message = f"Choose a day from {day_text(held.issued_on)}, when it began, to today."
        problems.append(Problem(path="revoked_on", code="out_of_range", message=message))
    if problems:
        raise Refused(problems)
    change = Change(field="revoked", old=False, new=True)
    values = {"revoked_on": day, "revoke_reason": why, "next_look_on": None}
    look_again(session, held, today)
    _changed(session, cause, held, today, "revoke", (change,), values, reason=why)


def _changed(
    session: Session,
    cause: Cause,
    held: HeldCertificate,
    today: date,
    action: str,
    changes: tuple[Change, ...],
    values: dict[str, Any],
    *,
    reason: str = "",
) -> None:
    after = write(session, held, today, **values)
    old, new = {each.field: each.old for each in changes}, {each.field: each.new for each in changes}
    note(session, cause, after, action, before=old, after=new, reason=reason)
    own = {"changed": [each.field for each in changes]}
    tell(session, cause, CertificateUpdated, after, today, changes=changes, own=own)


def _may_record(session: Session, who: Person, staff_id: int) -> tuple[Staff, Origin]:
    person = session.get(Staff, staff_id)
    if person is None:
        raise NotFound
    on = On(home_id=person.home_id, staff_id=staff_id)
    require(who, "certificate.view", on)
    if who.staff_id != staff_id and can(who, "certificate.record", on):
        return person, Origin.RECORDED
    require(who, "certificate.upload", on)
    return person, Origin.SENT_IN


def _load(
    session: Session, cause: Cause, who: Person, permission: str, certificate_id: int, seen: int | None
) -> tuple[HeldCertificate, date]:
    # In UTC first, since the home's own day is known only with the certificate.
    held = certificate_as_it_is(session, certificate_id, cause.at.date())
    on = On(home_id=held.home_id, staff_id=held.staff_id)
    require(who, "certificate.view", on)
    if who.staff_id == held.staff_id:
        raise NotAllowed(_OWN)
    require(who, permission, on)
    if seen is not None and seen != held.version:
        raise Conflict
    return held, _today(session, cause, held.home_id)


def _today(session: Session, cause: Cause, home_id: int) -> date:
    return cause.at.astimezone(home(session, home_id).zone).date()


def _first_competency(kind: TrainingType, given: Competency | None, origin: Origin) -> Competency:
    if not kind.needs_competency:
        return Competency.NOT_NEEDED
    if given in (None, Competency.NOT_NEEDED) or origin is Origin.SENT_IN:
        return Competency.PENDING
    return given


def _not_revoked(held: HeldCertificate) -> None:
    if held.revoked_on is not None:
        raise Conflict(f"This certificate was withdrawn on {day_text(held.revoked_on)}. Record a new one instead.")


def _taken(
    session: Session, staff_id: int, kind: TrainingType, issued_on: date, certificate_id: int | None
) -> list[Problem]:
    query = select(Certificate.id).where(
        Certificate.staff_id == staff_id,
        Certificate.training_type_id == kind.id,
        Certificate.issued_on == issued_on,
        Certificate.id != (certificate_id or 0),
    )
    if session.scalar(query) is None:
        return []
    message = f"{kind.name} with this first day is there already. Correct that one, or check the date."
    return [Problem(path="issued_on", code="taken", message=message)]
