"""Adding, changing and removing times closed to leave: each a guard, a change and a note in the audit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import ALL, homes_of, require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Refused
from flowapp.kernel.unchanged import write_if_unchanged
from flowapp.rota.embargoes.details import EmbargoDetails, details_of, embargo_of
from flowapp.rota.homes import place_of
from flowapp.rota.leave_embargo import LeaveEmbargo, add_embargo, columns_of
from flowapp.rota.units import is_unit_of

_EVERYWHERE = "Only somebody who looks after every home may close leave in all of them. Ask an administrator."


def embargoes_seen(session: Session, who: Person) -> list[LeaveEmbargo]:
    """Answer the times closed to leave in the homes somebody may see, those of every home first."""
    homes = homes_of(who, "home.view")
    query = select(LeaveEmbargo).where(LeaveEmbargo.removed_at.is_(None))
    if homes is not ALL:
        query = query.where(or_(LeaveEmbargo.home_id.is_(None), LeaveEmbargo.home_id.in_(homes)))
    return list(
        session.scalars(query.order_by(LeaveEmbargo.home_id.is_not(None), LeaveEmbargo.home_id, LeaveEmbargo.id))
    )


def seen_embargo(session: Session, who: Person, embargo_id: int) -> LeaveEmbargo:
    """Answer a time closed to leave that somebody may see; raises NotFound."""
    found = session.get(LeaveEmbargo, embargo_id)
    if found is None or found.removed_at is not None:
        raise NotFound
    if found.home_id is not None:
        require(who, "home.view", On(home_id=found.home_id))
    return found


def may_edit(who: Person, home_id: int | None) -> bool:
    """Say whether somebody may close leave in a home, or in every home."""
    homes = homes_of(who, "home.edit")
    return homes is ALL or home_id in homes


def create(session: Session, cause: Cause, who: Person, details: EmbargoDetails) -> int:
    """Close leave for some time and answer its number; raises NotFound, NotAllowed, and Refused naming each field."""
    _require(who, details.home_id)
    _check(session, details)
    made = add_embargo(session, embargo_of(details))
    _note(session, cause, made, details.home_id, "create", before=None, after=asdict(details))
    return made


def change(
    session: Session, cause: Cause, who: Person, embargo_id: int, *, seen: int | None = None, **given: Any
) -> None:
    """Say anew when leave is closed: `given` are fields of `EmbargoDetails`. Nothing is written when all is as before.

    Raises as `create` does, and Conflict when somebody changed it since the version `seen`.
    """
    found = _load(session, who, embargo_id, seen)
    old = details_of(found)
    new = replace(old, **given)
    before, after = asdict(old), asdict(new)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return
    _require(who, new.home_id)
    _check(session, new)
    values = {**columns_of(embargo_of(new)), "version": found.version + 1}
    write_if_unchanged(session, found, LeaveEmbargo.version == found.version, values=values)
    told = ({name: side[name] for name in changed} for side in (before, after))
    _note(session, cause, embargo_id, new.home_id, "update", before=next(told), after=next(told))


def remove(session: Session, cause: Cause, who: Person, embargo_id: int, *, seen: int | None = None) -> None:
    """Open the days to leave again; the record stays for the audit. Raises as `change` does."""
    found = _load(session, who, embargo_id, seen)
    values = {"removed_at": cause.at, "version": found.version + 1}
    before = asdict(details_of(found))
    write_if_unchanged(session, found, LeaveEmbargo.version == found.version, values=values)
    _note(session, cause, embargo_id, before["home_id"], "remove", before=before, after=None)


def _load(session: Session, who: Person, embargo_id: int, seen: int | None) -> LeaveEmbargo:
    found = seen_embargo(session, who, embargo_id)
    _require(who, found.home_id)
    if seen is not None and seen != found.version:
        raise Conflict
    return found


def _require(who: Person, home_id: int | None) -> None:
    if home_id is not None:
        require(who, "home.edit", On(home_id=home_id))
    elif not may_edit(who, None):
        raise NotAllowed(_EVERYWHERE)


def _check(session: Session, details: EmbargoDetails) -> None:
    if problems := [*_unfit(session, details)]:
        raise Refused(problems)


def _unfit(session: Session, details: EmbargoDetails) -> Iterator[Problem]:
    if details.home_id is None:
        return
    if place_of(session, details.home_id) is None:
        raise NotFound
    if details.unit_id is not None and not is_unit_of(session, details.unit_id, details.home_id):
        message = "This home has no such unit; choose one of its units, or none."
        yield Problem(path="unit_id", code="unknown", message=message)


def _note(
    session: Session, cause: Cause, embargo_id: int, home_id: int | None, action: str, *, before: Any, after: Any
) -> None:
    audit.write(
        session,
        cause,
        action=f"embargo.{action}",
        entity="leave_embargo",
        entity_id=embargo_id,
        home_id=home_id,
        before=before,
        after=after,
    )
