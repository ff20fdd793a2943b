"""The secret address of somebody's calendar: made, made anew, and taken back."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import ForeignKey, String, Table, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.accounts import audit
from flowapp.accounts.people import Person
from flowapp.accounts.secret_text import digest
from flowapp.accounts.users import person_of
from flowapp.events.cause import Cause
from flowapp.kernel.columns import Base, Instant
from flowapp.kernel.errors import Conflict, NotFound
from flowapp.kernel.ids import new_token

LONGEST = 100  # signs of a text that is worth looking up


class CalendarAddress(Base):
    """An address under which a calendar is read; the text in it is shown once and not kept.

    It belongs to an account, so it ends with it.
    """

    __tablename__ = "calendar_address"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


_ADDRESSES = cast(Table, CalendarAddress.__table__)


def make(session: Session, cause: Cause, who: Person) -> str:
    """Make an address and answer the secret text in it; an earlier one ends. Raises Conflict for whoever has no shifts.

    An account that belongs to no member of staff has nothing to show.
    """
    if who.staff_id is None:
        raise Conflict("Your account belongs to no member of staff, so there are no shifts to show in a calendar.")
    ended = _end(session, cause, who.user_id)
    raw = new_token()
    row = {"token_hash": digest(raw), "user_id": who.user_id, "created_at": cause.at, "revoked_at": None}
    made: int = session.execute(insert(_ADDRESSES).returning(_ADDRESSES.c.id), row).scalar_one()
    audit.write(
        session,
        cause,
        action="calendar.make",
        entity="calendar_address",
        entity_id=made,
        after={"user_id": who.user_id, "in_place_of": ended},
    )
    return raw


def take_back(session: Session, cause: Cause, who: Person) -> bool:
    """End somebody's address; answer whether there was one."""
    ended = _end(session, cause, who.user_id)
    for each in ended:
        audit.write(session, cause, action="calendar.take_back", entity="calendar_address", entity_id=each)
    return bool(ended)


def made_at(session: Session, who: Person) -> datetime | None:
    """Answer when somebody's address was made, or None while there is none."""
    mine = select(CalendarAddress.created_at).where(
        CalendarAddress.user_id == who.user_id, CalendarAddress.revoked_at.is_(None)
    )
    return session.scalar(mine)


def whose(session: Session, raw: str) -> Person:
    """Answer whose calendar is read under this text; raises NotFound for one that is not known, or has ended."""
    user_id = None
    if len(raw) <= LONGEST:
        held = CalendarAddress.token_hash == digest(raw)
        user_id = session.scalar(select(CalendarAddress.user_id).where(held, CalendarAddress.revoked_at.is_(None)))
    found = person_of(session, user_id) if user_id is not None else None
    if found is None or not found.active or found.staff_id is None:
        raise NotFound("There is no calendar at this address. It may have been made anew or taken back.")
    return found


def _end(session: Session, cause: Cause, user_id: int) -> list[int]:
    live = (_ADDRESSES.c.user_id == user_id, _ADDRESSES.c.revoked_at.is_(None))
    ending = update(_ADDRESSES).where(*live).values(revoked_at=cause.at).returning(_ADDRESSES.c.id)
    return list(session.scalars(ending))
