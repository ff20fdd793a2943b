"""Everything that can be done to a violation: each a guard, a change, a note in the audit and, at its end, an event.

Whoever says which version they have `seen` is told when somebody changed it since. Each function raises NotFound or
NotAllowed when `who` may not do it, and Conflict when the violation is no longer in the state for it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from flowapp.accounts.can import require
from flowapp.accounts.people import Person
from flowapp.events.cause import Cause
from flowapp.events.violation import ViolationResolved
from flowapp.kernel.errors import Conflict, NotAllowed, Problem, Refused
from flowapp.rota.compliance.finding import Evidence, Finding
from flowapp.rota.compliance.raising import Raised, raise_found, today_at
from flowapp.rota.compliance.reading import (
    KnownViolation,
    may_resolve,
    rule_of,
    violation_as_it_is,
    visible_violation,
    with_key,
)
from flowapp.rota.compliance.telling import tell
from flowapp.rota.compliance.violation import ViolationStatus
from flowapp.rota.compliance.writing import in_words, move, note
from flowapp.rota.reasons import read_reason

LONGEST_RISK = timedelta(days=366)


def acknowledge(session: Session, cause: Cause, who: Person, violation_id: int, *, seen: int | None = None) -> None:
    """Say that one has seen it."""
    known = _load(session, who, violation_id, seen)
    require(who, "violation.note", known.on)
    if known.status is not ViolationStatus.OPEN:
        raise Conflict(f"This is not open any more: {known.status.label.lower()}. Nothing was changed.")
    _moved(session, cause, known, "acknowledge", ViolationStatus.ACKNOWLEDGED, **_seen_by(cause, known))


def take_on(session: Session, cause: Cause, who: Person, violation_id: int, *, seen: int | None = None) -> None:
    """Say that one is putting it right, so that others need not."""
    known = _load(session, who, violation_id, seen)
    _require_resolving(session, who, known)
    _check_live(known)
    if known.status is ViolationStatus.IN_PROGRESS and known.owner_id == who.user_id:
        raise Conflict("You have taken this on already.")
    given = {**_seen_by(cause, known), "owner_id": who.user_id}
    _moved(session, cause, known, "take_on", ViolationStatus.IN_PROGRESS, **given)


def resolve(
    session: Session, cause: Cause, who: Person, violation_id: int, *, resolution: str, seen: int | None = None
) -> None:
    """Say how it was put right; whoever inspects the home reads it, so it is required."""
    known = _load(session, who, violation_id, seen)
    _require_resolving(session, who, known)
    why = _needed(resolution, "resolution", "Say how it was put right; whoever inspects the home will read it.")
    _check_live(known)
    close(session, cause, known, ViolationStatus.RESOLVED, why)


def say_not_broken(
    session: Session, cause: Cause, who: Person, violation_id: int, *, reason: str, seen: int | None = None
) -> None:
    """Say that the rule was not broken after all; the same facts are not written down again."""
    known = _load(session, who, violation_id, seen)
    _require_resolving(session, who, known)
    why = _needed(reason, "resolution", "Say why the rule was not broken after all.")
    _check_live(known)
    close(session, cause, known, ViolationStatus.FALSE_POSITIVE, why)


def accept_risk(
    session: Session,
    cause: Cause,
    who: Person,
    violation_id: int,
    *,
    until: date,
    reason: str,
    seen: int | None = None,
) -> None:
    """Let it stay so until a day, with the reason; on the day after it counts as broken again."""
    known = _load(session, who, violation_id, seen)
    require(who, "violation.accept", known.on)
    why = _needed(reason, "resolution", "Say why it may stay so; you answer for it.")
    _check_live(known)
    today = today_at(session, known.home_id, cause)
    if not today < until <= today + LONGEST_RISK:
        message = "Choose the last day on which it may stay so: after today, and within a year."
        raise Refused([Problem(path="until", code="out_of_range", message=message)])
    given = {"accepted_until": until, "resolution": why, "closed_at": cause.at, "closed_by": in_words(cause)}
    _moved(session, cause, known, "accept_risk", ViolationStatus.ACCEPTED_RISK, reason=why, **given)


def reopen(
    session: Session, cause: Cause, who: Person, violation_id: int, *, reason: str, seen: int | None = None
) -> Raised:
    """Write one that is over down anew; the old one stays as it ended."""
    known = _load(session, who, violation_id, seen)
    _require_resolving(session, who, known)
    why = _needed(reason, "resolution", "Say what shows that the rule is broken still, or again.")
    if known.is_live:
        raise Conflict("This is not over yet, so there is nothing to open again.")
    other = with_key(session, known.dedupe_key)
    if other is not None and other.id != known.id:
        raise Conflict("This was found again since, and waits to be put right there.")
    if known.status is ViolationStatus.ACCEPTED_RISK:
        move(session, cause, known, known.status, open_key=None)
    said = Evidence(label=f"Opened again by {in_words(cause)}", value=why)
    facts = [Evidence(label=each["label"], value=each["value"]) for each in known.evidence]
    found = Finding(
        rule=known.rule,
        home_id=known.home_id,
        severity=known.severity,
        description=known.description,
        staff_id=known.staff_id,
        shift_id=known.shift_id,
        certificate_id=known.certificate_id,
        about=known.dedupe_key.partition(f":home:{known.home_id or 0}:")[2],
        first_day=known.first_day,
        last_day=known.last_day,
        evidence=(*facts, said),
    )
    return raise_found(session, cause, found, check_id=known.check_id)


def close(
    session: Session, cause: Cause, known: KnownViolation, status: ViolationStatus, resolution: str
) -> KnownViolation:
    """Let a violation be over, and tell of it."""
    given: dict[str, Any] = {"open_key": None, "closed_at": cause.at, "closed_by": in_words(cause)}
    given["resolution"] = resolution
    after = _moved(session, cause, known, _ACTIONS[status], status, reason=resolution, **given)
    own = {"outcome": status.value, "resolution": resolution}
    tell(session, cause, ViolationResolved, after, rule_of(session, after.rule), own=own)
    return after


_ACTIONS = {ViolationStatus.RESOLVED: "resolve", ViolationStatus.FALSE_POSITIVE: "say_not_broken"}


def back_to(session: Session, cause: Cause, who: Person, violation_id: int, *, note_of: dict[str, Any]) -> None:
    """Take the resolving of a violation back; raises Conflict when it was changed, or found again, since."""
    known = violation_as_it_is(session, violation_id)
    _require_resolving(session, who, known)
    if known.status is not ViolationStatus.RESOLVED or known.version != note_of["version"] + 1:
        raise Conflict("Somebody changed this violation since, so it stays as it is.")
    if with_key(session, known.dedupe_key) is not None:
        raise Conflict("This was found again since, and waits to be put right there.")
    status = ViolationStatus(note_of["status"])
    given: dict[str, Any] = {"open_key": known.dedupe_key, "closed_at": None, "closed_by": None, "resolution": ""}
    _moved(session, cause, known, "take_back", status, **given)


def _moved(
    session: Session,
    cause: Cause,
    known: KnownViolation,
    action: str,
    status: ViolationStatus,
    *,
    reason: str = "",
    **given: Any,
) -> KnownViolation:
    after = move(session, cause, known, status, **given)
    note(session, cause, after, action, before=_state(known), after=_state(after), reason=reason)
    return after


def _load(session: Session, who: Person, violation_id: int, seen: int | None) -> KnownViolation:
    known = visible_violation(session, who, violation_id)
    if seen is not None and seen != known.version:
        raise Conflict
    return known


def _require_resolving(session: Session, who: Person, known: KnownViolation) -> None:
    require(who, "violation.view", known.on)
    if not may_resolve(who, rule_of(session, known.rule).category, known.on):
        raise NotAllowed


def _check_live(known: KnownViolation) -> None:
    if not known.is_live:
        by = f" by {known.closed_by}" if known.closed_by else ""
        raise Conflict(f"This is over already: {known.status.label.lower()}{by}. Nothing was changed.")


def _needed(text: str, path: str, message: str) -> str:
    why = read_reason(text)
    if not why:
        raise Refused([Problem(path=path, code="missing", message=message)])
    return why


def _seen_by(cause: Cause, known: KnownViolation) -> dict[str, Any]:
    if known.acknowledged_at is not None:
        return {}
    return {"acknowledged_at": cause.at, "acknowledged_by": in_words(cause)}


def _state(known: KnownViolation) -> dict[str, Any]:
    return {"status": known.status, "owner_id": known.owner_id, "accepted_until": known.accepted_until}
