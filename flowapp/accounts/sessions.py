"""Being signed in: sessions kept on the server, so that they can be ended at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ForeignKey, String, Table, delete, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.accounts.people import Person
from flowapp.accounts.secret_text import digest
from flowapp.accounts.users import USERS, person_of
from flowapp.kernel.columns import Base, Instant
from flowapp.kernel.ids import new_token

IDLE = timedelta(minutes=30)  # ASVS 5.0, 7.3.1
LONGEST = timedelta(hours=12)  # ASVS 5.0, 7.3.2
TOUCH_EVERY = timedelta(minutes=1)


class BrowserSession(Base):
    """Somebody signed in with one browser; the cookie's text itself is not kept."""

    __tablename__ = "browser_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    session_version: Mapped[int]  # the account's when it began; ended when the account's has gone on
    csrf: Mapped[str] = mapped_column(String(64))
    user_agent: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant, index=True)


_SESSIONS = cast(Table, BrowserSession.__table__)


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A session that holds, and whose it is."""

    person: Person
    csrf: str  # what each form must send along
    session_id: int
    last_seen_at: datetime


def open(session: Session, person: Person, now: datetime, *, user_agent: str = "") -> str:
    """Begin a session and answer the text for the cookie, which is not kept anywhere."""
    raw = new_token()
    version = session.scalars(select(USERS.c.session_version).where(USERS.c.id == person.user_id)).one()
    row = {
        "token_hash": digest(raw),
        "user_id": person.user_id,
        "session_version": version,
        "csrf": new_token(),
        "user_agent": user_agent[:120],
        "created_at": now,
        "last_seen_at": now,
    }
    session.execute(insert(_SESSIONS), row)
    return raw


def look_up(session: Session, raw: str, now: datetime) -> SignedIn | None:
    """Answer whose session this is, or None once it has ended in any way; changes nothing."""
    query = (
        select(_SESSIONS)
        .join(USERS, USERS.c.id == _SESSIONS.c.user_id)
        .where(
            _SESSIONS.c.token_hash == digest(raw),
            _SESSIONS.c.session_version == USERS.c.session_version,
            _SESSIONS.c.last_seen_at > now - IDLE,
            _SESSIONS.c.created_at > now - LONGEST,
            USERS.c.is_active,
        )
    )
    found = session.execute(query).one_or_none()
    person = person_of(session, found.user_id) if found else None
    if found is None or person is None:
        return None
    return SignedIn(person=person, csrf=found.csrf, session_id=found.id, last_seen_at=found.last_seen_at)


def touch(session: Session, session_id: int, now: datetime) -> None:
    """Note that a session is in use; does nothing when that was noted within the last minute."""
    due = update(_SESSIONS).where(_SESSIONS.c.id == session_id, _SESSIONS.c.last_seen_at <= now - TOUCH_EVERY)
    user_id = session.scalar(due.values(last_seen_at=now).returning(_SESSIONS.c.user_id))
    if user_id is not None:
        session.execute(update(USERS).where(USERS.c.id == user_id).values(last_seen_at=now))


def close(session: Session, session_id: int) -> None:
    """End one session."""
    session.execute(delete(_SESSIONS).where(_SESSIONS.c.id == session_id))


def close_all(session: Session, user_id: int, *, but: int | None = None) -> int:
    """End every session of an account, all but one if asked; answer how many that were."""
    ended = delete(_SESSIONS).where(_SESSIONS.c.user_id == user_id, _SESSIONS.c.id != (but or 0))
    return len(session.execute(ended.returning(_SESSIONS.c.id)).all())


def sweep(session: Session, now: datetime) -> int:
    """Remove what is left of sessions that have ended by time; answer how many that were."""
    over = or_(_SESSIONS.c.last_seen_at <= now - IDLE, _SESSIONS.c.created_at <= now - LONGEST)
    return len(session.execute(delete(_SESSIONS).where(over).returning(_SESSIONS.c.id)).all())
