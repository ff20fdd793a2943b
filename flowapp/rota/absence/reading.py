"""Reading absences: one, and those somebody may see."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import Session

from flowapp.accounts.can import homes_of, require
from flowapp.accounts.people import On, Person
from flowapp.kernel.errors import NotFound
from flowapp.rota.absence.absence import Absence, AbsenceKind, AbsenceStatus
from flowapp.rota.staff import Staff


def visible_absence(session: Session, who: Person, absence_id: int) -> tuple[Absence, Staff]:
    """Answer an absence that somebody may see, and whose it is; raises NotFound where it is not for them."""
    row = session.get(Absence, absence_id)
    if row is None:
        raise NotFound
    require(who, "absence.view", On(home_id=row.home_id, staff_id=row.staff_id))
    return row, session.get_one(Staff, row.staff_id)


def absences_with_staff(who: Person) -> Select[Absence, Staff]:
    """Select the absences somebody may see, with whose they are; in no order yet."""
    return select(Absence, Staff).join(Staff, Staff.id == Absence.staff_id).where(_seen_by(who))


def _seen_by(who: Person) -> ColumnElement[bool]:
    homes = homes_of(who, "absence.view")
    return true() if homes is None else or_(Absence.home_id.in_(homes), Absence.staff_id == (who.staff_id or 0))


def stands_like(status: AbsenceStatus) -> ColumnElement[bool]:
    """Say which absences stand like this."""
    is_open = and_(Absence.kind == AbsenceKind.SICKNESS, Absence.talked_at.is_(None))
    if status is AbsenceStatus.AWAY:
        return and_(is_open, Absence.last_day.is_(None))
    if status is AbsenceStatus.TALK_DUE:
        return and_(is_open, Absence.last_day.is_not(None))
    return or_(Absence.kind != AbsenceKind.SICKNESS, Absence.talked_at.is_not(None))
