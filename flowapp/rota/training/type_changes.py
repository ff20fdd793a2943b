"""Adding and changing types of training, and who needs them: each a guard, a change and a note in the audit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Refused
from flowapp.kernel.ids import new_uid
from flowapp.kernel.unchanged import write_if_unchanged
from flowapp.rota.homes import CareHome
from flowapp.rota.staff import JobRole
from flowapp.rota.training.certificates import Certificate
from flowapp.rota.training.requirements import TrainingRequirement
from flowapp.rota.training.type_details import TypeDetails, details_of, wrong_details
from flowapp.rota.training.types import TrainingType, training_type

LONGEST_GRACE = 365
_FOR_HR = "Types of training are kept by HR. Ask them to change this one."


def create(session: Session, cause: Cause, who: Person, details: TypeDetails) -> int:
    """Add a type of training and answer its number; raises NotAllowed, and Refused naming each field."""
    _require(who)
    return add(session, cause, details)


def add(session: Session, cause: Cause, details: TypeDetails) -> int:
    """Write a type of training that FlowApp itself or somebody who may brings; raises Refused."""
    if problems := [*wrong_details(details), *_taken(session, details, None)]:
        raise Refused(problems)
    made = TrainingType(uid=new_uid(cause.at), created_at=cause.at, version=1, **asdict(details))
    session.add(made)
    session.flush()
    _note(session, cause, made.id, "create", before=None, after=asdict(details))
    return made.id


def change(session: Session, cause: Cause, who: Person, type_id: int, *, seen: int | None = None, **given: Any) -> None:
    """Change what is known of a type of training: `given` are fields of `TypeDetails`.

    Nothing is written when every value is as before; certificates keep the last day that they have.
    """
    _require(who)
    found = training_type(session, type_id)
    if seen is not None and seen != found.version:
        raise Conflict
    old = details_of(found)
    new = replace(old, **given)
    before, after = asdict(old), asdict(new)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return
    if problems := [*wrong_details(new), *_taken(session, new, type_id), *_code_in_use(session, found, new)]:
        raise Refused(problems)
    row = {**after, "version": found.version + 1}
    write_if_unchanged(session, found, TrainingType.version == found.version, values=row)
    if "reminder_days" in changed:
        _look_again(session, cause, type_id)
    told = ({name: side[name] for name in changed} for side in (before, after))
    _note(session, cause, type_id, "update", before=next(told), after=next(told))


def require_training(
    session: Session,
    cause: Cause,
    who: Person,
    type_id: int,
    *,
    home_id: int | None = None,
    role: JobRole | None = None,
    grace_days: int = 0,
) -> int:
    """Say who must have a type of training, and answer the requirement's number.

    Said again of the same home and role it takes the new number of days. Raises NotAllowed, NotFound and Refused.
    """
    _require(who)
    return add_requirement(session, cause, type_id, home_id=home_id, role=role, grace_days=grace_days)


def add_requirement(
    session: Session, cause: Cause, type_id: int, *, home_id: int | None, role: JobRole | None, grace_days: int
) -> int:
    """Write a requirement that FlowApp itself or somebody who may brings; raises NotFound and Refused."""
    training_type(session, type_id)
    if home_id is not None and session.get(CareHome, home_id) is None:
        message = "There is no such home. Choose one of the list, or none for every home."
        raise Refused([Problem(path="care_home_id", code="unknown", message=message)])
    if not 0 <= grace_days <= LONGEST_GRACE:
        message = f"Give somebody new from 0 to {LONGEST_GRACE} days."
        raise Refused([Problem(path="grace_days", code="out_of_range", message=message)])
    of = TrainingRequirement
    same = select(of).where(of.training_type_id == type_id, of.home_id.is_not_distinct_from(home_id))
    found = session.scalar(same.where(of.role.is_(None) if role is None else of.role == role))
    before = None if found is None else _said(found)
    if found is None:
        found = of(training_type_id=type_id, home_id=home_id, role=role, created_at=cause.at)
        session.add(found)
    found.grace_days = grace_days
    session.flush()
    _note(session, cause, type_id, "require", before=before, after=_said(found))
    return found.id


def drop_requirement(session: Session, cause: Cause, who: Person, requirement_id: int) -> int:
    """Say that a type of training is no longer needed so, and answer its number; raises NotFound and NotAllowed."""
    _require(who)
    found = session.get(TrainingRequirement, requirement_id)
    if found is None:
        raise NotFound
    type_id, before = found.training_type_id, _said(found)
    session.delete(found)
    session.flush()
    _note(session, cause, type_id, "no_longer_require", before=before, after=None)
    return type_id


def _require(who: Person) -> None:
    if not can(who, "training.edit", On(home_id=None)):
        raise NotAllowed(_FOR_HR)


def _taken(session: Session, details: TypeDetails, type_id: int | None) -> Iterator[Problem]:
    other = session.scalar(select(TrainingType.id).where(TrainingType.code == details.code))
    if other is not None and other != type_id:
        message = f"Another type of training has the code {details.code}. Choose another code."
        yield Problem(path="code", code="taken", message=message)


def _code_in_use(session: Session, found: TrainingType, new: TypeDetails) -> Iterator[Problem]:
    """Shifts name the code in their skills, so one that certificates hang on stays."""
    if new.code == found.code:
        return
    if session.scalar(select(Certificate.id).where(Certificate.training_type_id == found.id).limit(1)) is not None:
        message = "People have certificates of this training, and shifts name its code. Keep the code."
        yield Problem(path="code", code="in_use", message=message)


def _look_again(session: Session, cause: Cause, type_id: int) -> None:
    today = cause.at.date()
    again = (
        update(Certificate)
        .where(Certificate.training_type_id == type_id, Certificate.expires_on >= today)
        .values(next_look_on=today)
    )
    session.execute(again.execution_options(synchronize_session=False))


def _said(found: TrainingRequirement) -> dict[str, Any]:
    return {"home_id": found.home_id, "role": found.role, "grace_days": found.grace_days}


def _note(session: Session, cause: Cause, type_id: int, action: str, *, before: Any, after: Any) -> None:
    audit.write(
        session,
        cause,
        action=f"training_type.{action}",
        entity="training_type",
        entity_id=type_id,
        before=before,
        after=after,
    )
