"""Changing what the rules of working time know of somebody: a guard, a change, a note in the audit and an event."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.events.event import Change
from flowapp.events.outbox import record
from flowapp.events.staff import StaffUpdated, StaffUpdatedContext
from flowapp.kernel.errors import Conflict, NotFound, Refused
from flowapp.kernel.unchanged import write_if_unchanged
from flowapp.rota.homes import place_of
from flowapp.rota.reasons import read_reason
from flowapp.rota.staff import Staff
from flowapp.rota.staff_changes import facts_of
from flowapp.rota.work_limits.limits import PRIVATE, limits_of, wrong_limits

NOT_SHOWN = "(not shown)"


def change(
    session: Session, cause: Cause, who: Person, staff_id: int, *, seen: int | None = None, **given: Any
) -> None:
    """Change what the rules know of somebody: `given` are fields of `WorkLimits`.

    Raises NotFound or NotAllowed when `who` may not, Refused naming each field that is not right, and Conflict when
    somebody changed the record since the version `seen`.
    """
    found = _load(session, who, staff_id, seen, with_note="restriction_note" in given)
    if "restriction_note" in given:
        given["restriction_note"] = _read_note(given["restriction_note"])
    old = limits_of(found)
    new = replace(old, **given)
    before, after = old.columns(), new.columns()
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return
    if problems := [*wrong_limits(new, _today(session, cause, found.home_id))]:
        raise Refused(problems)
    version = found.version
    write_if_unchanged(session, found, Staff.version == version, values={**after, "version": version + 1})
    _tell(session, cause, found, changed, before, after)


def _load(session: Session, who: Person, staff_id: int, seen: int | None, *, with_note: bool) -> Staff:
    found = session.get(Staff, staff_id)
    if found is None:
        raise NotFound
    on = On(home_id=found.home_id, staff_id=staff_id)
    require(who, "staff.edit", on)
    require(who, "staff.private", on)
    if with_note:
        require(who, "staff.health", on)
    if seen is not None and seen != found.version:
        raise Conflict
    return found


def _read_note(text: str) -> str:
    try:
        return read_reason(text)
    except Refused as refused:
        raise Refused([replace(each, path="restriction_note") for each in refused.problems]) from None


def _today(session: Session, cause: Cause, home_id: int) -> date:
    place = place_of(session, home_id)
    if place is None:
        raise NotFound
    return cause.at.astimezone(place.zone).date()


def _tell(
    session: Session, cause: Cause, found: Staff, changed: list[str], before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Note the change and tell of it, without what is for few eyes: not even the audit's readers may see that."""
    old = {name: NOT_SHOWN if name in PRIVATE else before[name] for name in changed}
    new = {name: NOT_SHOWN if name in PRIVATE else after[name] for name in changed}
    audit.write(
        session,
        cause,
        action="staff.limits",
        entity="staff",
        entity_id=found.id,
        home_id=found.home_id,
        before=old,
        after=new,
    )
    context = StaffUpdatedContext(**facts_of(found, cause), changed=changed, previous_status=found.status)
    event = StaffUpdated(
        subject_id=found.id,
        care_home_id=found.home_id,
        cause=cause,
        context=context,
        changes=tuple(Change(field=name, old=old[name], new=new[name]) for name in changed),
    )
    record(session, event)
