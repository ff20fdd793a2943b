"""Saying in which homes somebody helps out: a guard, a change, a note in the audit and an event."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import can, require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.events.event import Change
from flowapp.events.outbox import record
from flowapp.events.staff import StaffUpdated, StaffUpdatedContext
from flowapp.kernel.errors import NotFound, Problem, Refused
from flowapp.rota.eligibility.candidate import Scope
from flowapp.rota.home_scope.scopes import StaffHomeScope
from flowapp.rota.homes import CareHome
from flowapp.rota.staff import Staff
from flowapp.rota.staff_changes import facts_of


def set_scope(session: Session, cause: Cause, who: Person, staff_id: int, *, home_id: int, kind: Scope | None) -> None:
    """Say that somebody helps out in a home, must not work there, or neither (None).

    Nothing is written when it stands so already. Raises NotFound or NotAllowed when `who` may not, and Refused for a
    home that `who` may not see or that is the person's own.
    """
    found = session.get(Staff, staff_id)
    if found is None:
        raise NotFound
    require(who, "staff.edit", On(home_id=found.home_id, staff_id=staff_id))
    _check(session, who, found, home_id, kind)
    query = select(StaffHomeScope).where(StaffHomeScope.staff_id == staff_id, StaffHomeScope.home_id == home_id)
    row = session.scalars(query).one_or_none()
    before = None if row is None else Scope(row.kind)
    if before is kind:
        return
    if row is not None:
        session.delete(row)
        session.flush()
    if kind is not None:
        session.add(StaffHomeScope(staff_id=staff_id, home_id=home_id, kind=kind, since=cause.at))
        session.flush()
    _tell(session, cause, found, home_id, before, kind)


def _check(session: Session, who: Person, found: Staff, home_id: int, kind: Scope | None) -> None:
    if session.get(CareHome, home_id) is None or not can(who, "home.view", On(home_id=home_id)):
        message = "There is no such home among those you look after; choose one of them."
        raise Refused([Problem(path="care_home_id", code="unknown", message=message)])
    if home_id == found.home_id:
        message = f"{found.name} belongs to this home already; choose another."
        raise Refused([Problem(path="care_home_id", code="own_home", message=message)])
    if kind is Scope.BASE:
        message = "Say relief for a home where somebody helps out, or never."
        raise Refused([Problem(path="kind", code="bad_value", message=message)])


def _tell(
    session: Session, cause: Cause, found: Staff, home_id: int, before: Scope | None, after: Scope | None
) -> None:
    old, new = ({str(home_id): None if kind is None else kind.value} for kind in (before, after))
    audit.write(
        session,
        cause,
        action="staff.homes",
        entity="staff",
        entity_id=found.id,
        home_id=found.home_id,
        before=old,
        after=new,
    )
    context = StaffUpdatedContext(**facts_of(found, cause), changed=["homes"], previous_status=found.status)
    event = StaffUpdated(
        subject_id=found.id,
        care_home_id=found.home_id,
        cause=cause,
        context=context,
        changes=(Change(field="homes", old=old, new=new),),
    )
    record(session, event)
