"""In which homes beside their own somebody helps out, and in which they must not work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base, Instant, Word
from flowapp.rota.eligibility.candidate import Scope
from flowapp.rota.homes import CareHome
from flowapp.rota.staff import Staff


class StaffHomeScope(Base):
    """How somebody belongs to a home that is not theirs; their own is in their record."""

    __tablename__ = "staff_home_scope"
    __table_args__ = (UniqueConstraint("staff_id", "home_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey(Staff.id))
    home_id: Mapped[int] = mapped_column(ForeignKey(CareHome.id), index=True)
    kind: Mapped[StrEnum] = mapped_column(Word(Scope))
    since: Mapped[datetime] = mapped_column(Instant)


def scopes_of(session: Session, staff_ids: Collection[int]) -> Mapping[int, Mapping[int, Scope]]:
    """Answer how each of these people belongs to each home, by their numbers, in two queries for all of them."""
    found: defaultdict[int, dict[int, Scope]] = defaultdict(dict)
    beside = select(StaffHomeScope.staff_id, StaffHomeScope.home_id, StaffHomeScope.kind)
    for staff_id, home_id, kind in session.execute(beside.where(StaffHomeScope.staff_id.in_(staff_ids))):
        found[staff_id][home_id] = Scope(kind)
    own = select(Staff.id, Staff.home_id).where(Staff.id.in_(staff_ids))
    for staff_id, home_id in session.execute(own):
        found[staff_id][home_id] = Scope.BASE
    return found


def who_may_help(session: Session, home_id: int) -> frozenset[int]:
    """Answer the numbers of whoever works in a home: those whose own it is, and those who help out."""
    own = select(Staff.id).where(Staff.home_id == home_id)
    beside = select(StaffHomeScope.staff_id).where(
        StaffHomeScope.home_id == home_id, StaffHomeScope.kind == Scope.RELIEF
    )
    return frozenset(session.scalars(own)) | frozenset(session.scalars(beside))


def homes_worked_in(session: Session, found: Staff) -> list[tuple[int, str, Scope]]:
    """Answer number, name and kind of each home somebody belongs to: their own first, the others by name."""
    own = session.get_one(CareHome, found.home_id)
    beside = (
        select(CareHome.id, CareHome.name, StaffHomeScope.kind)
        .join(CareHome, CareHome.id == StaffHomeScope.home_id)
        .where(StaffHomeScope.staff_id == found.id)
        .order_by(CareHome.name, CareHome.id)
    )
    others = [(home_id, name, Scope(kind)) for home_id, name, kind in session.execute(beside)]
    return [(own.id, own.name, Scope.BASE), *(each for each in others if each[0] != own.id)]
