"""Writing violations down: one that is new, one that is found again, and another state of one that is there."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.events.cause import ActorKind, Cause
from flowapp.kernel.errors import Conflict
from flowapp.kernel.ids import new_uid
from flowapp.kernel.prepared import Prepared
from flowapp.kernel.transaction import savepoint
from flowapp.rota.compliance.finding import Finding
from flowapp.rota.compliance.reading import KnownViolation, violation_as_it_is
from flowapp.rota.compliance.violation import ComplianceViolation, ViolationStatus

_V = ComplianceViolation
_FOUND = ("description", "evidence", "first_day", "last_day", "seen_at")
_STATE = ("status", "owner_id", "open_key", "acknowledged_at", "acknowledged_by", "closed_at", "closed_by")
_ENDING = ("resolution", "accepted_until")
_ADD: Prepared[Any] = Prepared(
    insert(_V).returning(_V.id),
    columns=(
        *("uid", "rule", "home_id", "staff_id", "shift_id", "certificate_id", "check_id", "execution_id"),
        *("dedupe_key", "severity", "due_on", "raised_by", "detected_at", *_FOUND, *_STATE, *_ENDING, "version"),
    ),
)
_OF_VERSION = (_V.id == bindparam("violation_id"), _V.version == bindparam("seen"))
_FIND_AGAIN: Prepared[Any] = Prepared(update(_V).where(*_OF_VERSION), columns=(*_FOUND, "version"))
_MOVE: Prepared[Any] = Prepared(update(_V).where(*_OF_VERSION), columns=(*_STATE, *_ENDING, "version"))
_LET_KEY_GO: Prepared[Any] = Prepared(update(_V).where(_V.id == bindparam("violation_id")).values(open_key=None))
_REMOVE: Prepared[Any] = Prepared(delete(_V).where(*_OF_VERSION))
_NOT_BROKEN: Prepared[Any] = Prepared(
    select(_V.id, _V.evidence)
    .where(_V.dedupe_key == bindparam("key"), _V.status == ViolationStatus.FALSE_POSITIVE)
    .order_by(_V.id.desc())
)


def add(session: Session, cause: Cause, finding: Finding, *, check_id: int | None = None) -> int | None:
    """Write a new violation and answer its number; None when another process has just written the same."""
    row = {
        "uid": new_uid(cause.at),
        **{name: None for name in (*_STATE, *_ENDING)},
        "rule": finding.rule,
        "home_id": finding.home_id,
        "staff_id": finding.staff_id,
        "shift_id": finding.shift_id,
        "certificate_id": finding.certificate_id,
        "check_id": check_id,
        "execution_id": cause.actor.execution_id,
        "dedupe_key": finding.key,
        "open_key": finding.key,
        "severity": finding.severity,
        "description": finding.description,
        "evidence": finding.facts,
        "first_day": finding.first_day,
        "last_day": finding.last_day,
        "status": ViolationStatus.OPEN,
        "due_on": finding.due_on,
        "raised_by": in_words(cause),
        "detected_at": cause.at,
        "seen_at": cause.at,
        "resolution": "",
        "version": 1,
    }
    try:
        with savepoint(session):
            return int(_ADD.value(session, **row))
    except IntegrityError:
        return None


def find_again(session: Session, cause: Cause, known: KnownViolation, finding: Finding) -> KnownViolation:
    """Write down what a live violation looks like now; its days become those of both.

    Whoever tells of it without facts that show it, as a workflow may, leaves those that are there.
    """
    shown = bool(finding.evidence) or not known.evidence
    facts = finding.facts if shown else known.evidence
    is_new = (known.description, known.evidence) != (finding.description, facts)
    row = {
        "description": finding.description,
        "evidence": facts,
        "first_day": _earlier(known.first_day, finding.first_day) if shown else known.first_day,
        "last_day": _later(known.last_day, finding.last_day) if shown else known.last_day,
        "seen_at": cause.at,
        "version": known.version + is_new,
    }
    after = _only_if_unchanged(session, known, _FIND_AGAIN, row)
    if is_new:
        before, now = {"description": known.description}, {"description": after.description}
        note(session, cause, after, "find_again", before=before, after=now)
    return after


def move(
    session: Session, cause: Cause, known: KnownViolation, status: ViolationStatus, **given: Any
) -> KnownViolation:
    """Write another state of a violation, and answer it; `given` are columns that become otherwise with it."""
    keeps_key = known.is_live or status is ViolationStatus.ACCEPTED_RISK
    row = {
        "status": status,
        "owner_id": known.owner_id,
        "open_key": known.dedupe_key if keeps_key else None,
        "acknowledged_at": known.acknowledged_at,
        "acknowledged_by": known.acknowledged_by,
        "closed_at": known.closed_at,
        "closed_by": known.closed_by,
        "resolution": known.resolution,
        "accepted_until": known.accepted_until,
        **given,
        "version": known.version + 1,
    }
    return _only_if_unchanged(session, known, _MOVE, row)


def let_key_go(session: Session, known: KnownViolation) -> None:
    """Let another violation have the key of one whose risk was accepted until a day that is over."""
    _LET_KEY_GO.run(session, violation_id=known.id)


def remove(session: Session, known: KnownViolation) -> None:
    """Take a violation out that nobody has touched; raises Conflict when somebody has."""
    if _REMOVE.run(session, violation_id=known.id, seen=known.version) != 1:
        raise Conflict


def not_broken_before(session: Session, finding: Finding) -> int | None:
    """Answer the violation in which somebody said of these very facts that the rule is not broken."""
    rows = _NOT_BROKEN.rows(session, key=finding.key)
    return next((number for number, evidence in rows if evidence == finding.facts), None)


def note(
    session: Session, cause: Cause, known: KnownViolation, action: str, *, before: Any, after: Any, reason: str = ""
) -> None:
    """Note in the audit what became of a violation."""
    audit.write(
        session,
        cause,
        action=f"violation.{action}",
        entity="violation",
        entity_id=known.id,
        home_id=known.home_id,
        before=before,
        after=after,
        reason=reason,
    )


def in_words(cause: Cause) -> str:
    """Say who does it, for people."""
    return f"the workflow “{cause.actor.name}”" if cause.actor.kind is ActorKind.WORKFLOW else cause.actor.name


def _only_if_unchanged(
    session: Session, known: KnownViolation, statement: Prepared[Any], row: dict[str, Any]
) -> KnownViolation:
    if statement.run(session, violation_id=known.id, seen=known.version, **row) != 1:
        raise Conflict
    return violation_as_it_is(session, known.id)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else None


def _later(one: date | None, other: date | None) -> date | None:
    return max(one, other) if one and other else None
