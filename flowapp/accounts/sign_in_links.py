"""Sign-in links: how somebody without a password, or who forgot it, chooses one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ForeignKey, String, Table, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.accounts import audit
from flowapp.accounts.people import Person
from flowapp.accounts.secret_text import digest
from flowapp.accounts.user_changes import set_password
from flowapp.accounts.users import USERS, person_of
from flowapp.events.cause import Actor, ActorKind, Cause
from flowapp.kernel.columns import Base, Instant
from flowapp.kernel.errors import Conflict, NotFound
from flowapp.kernel.ids import new_token

HOLDS_FOR = timedelta(days=7)
UNKNOWN = "This sign-in link is not known. Check that you copied all of it, or ask your administrator for a new one."
USED = (
    "This sign-in link was used before, and each one works once. Sign in with the password that was chosen, "
    "or ask your administrator for a new link."
)
OLD = "This sign-in link is too old: it worked for 7 days. Ask your administrator for a new one."
REPLACED = (
    "This sign-in link no longer works: a newer one was made. Use that one, or ask your administrator for another."
)
CHANGED = (
    "This sign-in link no longer works, because the account was changed after it was made. "
    "Sign in with your password, or ask your administrator for a new link."
)


class LinkOver(NotFound):
    """This sign-in link no longer works."""

    code = "link_over"


class SignInLink(Base):
    """A link; the text in its address is shown once and not kept."""

    __tablename__ = "sign_in_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    session_version: Mapped[int]  # the account's when it was made; over when the account's has gone on
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


_LINKS = cast(Table, SignInLink.__table__)


def make(session: Session, cause: Cause, user_id: int) -> str:
    """Make a link and answer the text for its address; only the newest of an account works.

    Raises NotFound, and Conflict when the account is closed.
    """
    person = person_of(session, user_id)
    if person is None:
        raise NotFound("There is no such account.")
    if not person.active:
        raise Conflict("This account is closed, so a sign-in link would not work. Open the account again first.")
    raw = new_token()
    row = {
        "token_hash": digest(raw),
        "user_id": user_id,
        "session_version": _version(session, user_id),
        "created_at": cause.at,
        "expires_at": cause.at + HOLDS_FOR,
        "used_at": None,
    }
    session.execute(insert(_LINKS), row)
    after = {"expires_at": row["expires_at"]}
    audit.write(session, cause, action="account.sign_in_link", entity="user", entity_id=user_id, after=after)
    return raw


def look_up(session: Session, raw: str, now: datetime) -> Person:
    """Answer whose link this is; raises NotFound, and LinkOver with the reason once it has ended."""
    link = session.scalars(select(SignInLink).where(SignInLink.token_hash == digest(raw))).one_or_none()
    person = person_of(session, link.user_id) if link else None
    if link is None or person is None:
        raise NotFound(UNKNOWN)
    if link.used_at is not None:
        raise LinkOver(USED)
    if link.expires_at <= now:
        raise LinkOver(OLD)
    if not person.active or link.session_version != _version(session, link.user_id):
        raise LinkOver(CHANGED)
    if link.id != session.scalar(select(func.max(_LINKS.c.id)).where(_LINKS.c.user_id == link.user_id)):
        raise LinkOver(REPLACED)
    return person


def use(session: Session, raw: str, password_hash: str, now: datetime) -> Person:
    """Give the account the password, which comes hashed, and use the link up; raises as `look_up` does."""
    person = look_up(session, raw, now)
    session.execute(update(_LINKS).where(_LINKS.c.token_hash == digest(raw)).values(used_at=now))
    actor = Actor(kind=ActorKind.USER, id=person.user_id, name=person.name, role=person.role.label)
    set_password(session, Cause(actor=actor, at=now), person.user_id, password_hash)
    return person


def _version(session: Session, user_id: int) -> int:
    version: int = session.scalars(select(USERS.c.session_version).where(USERS.c.id == user_id)).one()
    return version
