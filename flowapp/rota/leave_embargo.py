"""Times closed to leave, as a home keeps them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String, Text, bindparam, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base, Instant
from flowapp.kernel.errors import Problem, Refused
from flowapp.kernel.prepared import Prepared
from flowapp.rota.embargo import ClosedOnce, ClosedYearly, Embargo, Place


class LeaveEmbargo(Base):
    """A time closed to leave: once (`first_day`, `last_day`) or every year (`yearly_from`, `yearly_to` as MM-DD).

    Without a home it holds in every home, without a unit or a role for everybody there. A hard one is never
    overridden.
    """

    __tablename__ = "leave_embargo"
    __table_args__ = (Index("ix_leave_embargo_home", "home_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    home_id: Mapped[int | None]
    role: Mapped[str | None] = mapped_column(String(10))
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    yearly_from: Mapped[str | None] = mapped_column(String(5))
    yearly_to: Mapped[str | None] = mapped_column(String(5))
    message: Mapped[str] = mapped_column(Text)
    hard: Mapped[bool]
    unit_id: Mapped[int | None]
    removed_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1, server_default="1")


def _embargo(
    home_id: int | None,
    role: str | None,
    first: date | None,
    last: date | None,
    yearly_from: str | None,
    yearly_to: str | None,
    message: str,
    hard: bool,
    unit_id: int | None,
) -> Embargo:
    place = Place(home_id=home_id, unit_id=unit_id, role=role)
    if yearly_from and yearly_to:
        return Embargo(closed=ClosedYearly(first=yearly_from, last=yearly_to), message=message, hard=hard, place=place)
    assert first is not None and last is not None  # noqa: PT018 - the table holds one or the other, see add_embargo
    return Embargo(closed=ClosedOnce(first=first, last=last), message=message, hard=hard, place=place)


_OF_HOME = Prepared(
    select(
        LeaveEmbargo.home_id,
        LeaveEmbargo.role,
        LeaveEmbargo.first_day,
        LeaveEmbargo.last_day,
        LeaveEmbargo.yearly_from,
        LeaveEmbargo.yearly_to,
        LeaveEmbargo.message,
        LeaveEmbargo.hard,
        LeaveEmbargo.unit_id,
    )
    .where(
        LeaveEmbargo.removed_at.is_(None),
        or_(LeaveEmbargo.home_id.is_(None), LeaveEmbargo.home_id == bindparam("home_id")),
    )
    .order_by(LeaveEmbargo.id),
    _embargo,
)


def embargoes_of(session: Session, home_id: int) -> tuple[Embargo, ...]:
    """Answer the times closed to leave in a home, those of the whole organisation included."""
    return tuple(_OF_HOME.rows(session, home_id=home_id))


def add_embargo(session: Session, embargo: Embargo) -> int:
    """Keep a time closed to leave, and answer its number; raises Refused for one without a message."""
    if not embargo.message.strip():
        message = "Say why these days are closed to leave; people will read it."
        raise Refused([Problem(path="message", code="missing", message=message)])
    row = LeaveEmbargo(**columns_of(embargo), version=1)
    session.add(row)
    session.flush()
    return row.id


def columns_of(embargo: Embargo) -> dict[str, Any]:
    """Answer what an embargo's row holds of it."""
    closed = embargo.closed
    return {
        "home_id": embargo.place.home_id,
        "unit_id": embargo.place.unit_id,
        "role": embargo.place.role,
        "first_day": closed.first if isinstance(closed, ClosedOnce) else None,
        "last_day": closed.last if isinstance(closed, ClosedOnce) else None,
        "yearly_from": closed.first if isinstance(closed, ClosedYearly) else None,
        "yearly_to": closed.last if isinstance(closed, ClosedYearly) else None,
        "message": embargo.message.strip(),
        "hard": embargo.hard,
    }
