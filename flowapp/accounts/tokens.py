"""API tokens: how programs sign in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ForeignKey, String, Table, bindparam, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.accounts import audit
from flowapp.accounts.people import Person
from flowapp.accounts.secret_text import digest
from flowapp.accounts.users import PERSON, USER_HOMES, USERS, person_in, person_of
from flowapp.events.cause import Cause
from flowapp.kernel.columns import Base, Instant, Plain
from flowapp.kernel.errors import NotFound, Problem, Refused
from flowapp.kernel.ids import new_token
from flowapp.kernel.prepared import Prepared

PREFIX = "flow_"  # so that a token left in a file is known for what it is
LONGEST_NAME = 80
TOUCH_EVERY = timedelta(minutes=1)


class Scope(StrEnum):
    """What a token may be used for; it never adds to the rights of its user."""

    READ = "read"  # look, evaluate, render, preview, validate, dry-run
    RUN = "run"  # start, retry, cancel and undo runs
    EDIT = "edit"  # change workflows
    ROTA = "rota"  # change the rota, and decide
    ADMIN = "admin"  # everything else


class ApiToken(Base):
    """A token; its text itself is shown once and not kept."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    scopes: Mapped[Any] = mapped_column(Plain)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


_TOKENS = cast(Table, ApiToken.__table__)


@dataclass(frozen=True, kw_only=True)
class Bearer:
    """A program with a token that holds, and the person with whose rights it acts."""

    person: Person
    scopes: frozenset[str]
    token_id: int
    last_used_at: datetime | None


def create(
    session: Session, cause: Cause, *, user_id: int, name: str, scopes: Iterable[str], expires_at: datetime
) -> str:
    """Make a token and answer its text, which is not kept anywhere; raises Refused, and NotFound."""
    wanted = sorted(set(scopes))
    if problems := _problems(name=name, scopes=wanted, expires_at=expires_at, now=cause.at):
        raise Refused(problems)
    if person_of(session, user_id) is None:
        raise NotFound("There is no such account.")
    raw = PREFIX + new_token()
    row = {
        "token_hash": digest(raw),
        "name": name.strip(),
        "user_id": user_id,
        "scopes": wanted,
        "created_at": cause.at,
        "expires_at": expires_at,
        "last_used_at": None,
        "revoked_at": None,
    }
    token_id: int = session.execute(insert(_TOKENS).returning(_TOKENS.c.id), row).scalar_one()
    audit.write(
        session,
        cause,
        action="token.create",
        entity="api_token",
        entity_id=token_id,
        after={"name": row["name"], "user_id": user_id, "scopes": wanted, "expires_at": expires_at},
    )
    return raw


def _problems(*, name: str, scopes: list[str], expires_at: datetime, now: datetime) -> list[Problem]:
    found = []
    if not name.strip() or len(name.strip()) > LONGEST_NAME or not name.isprintable():
        message = f"Say in at most {LONGEST_NAME} characters what the token is for."
        found.append(Problem(path="name", code="no_name", message=message))
    known = [scope.value for scope in Scope]
    if not scopes or not set(scopes) <= set(known):
        message = f"Choose one or more of these scopes: {', '.join(known)}."
        found.append(Problem(path="scopes", code="unknown_scope", message=message))
    if expires_at <= now:
        message = "Choose an expiry that lies in the future."
        found.append(Problem(path="expires_at", code="in_the_past", message=message))
    return found


# Asked by every call of a program, so compiled once, and with the person in the same rows.
_THAT_HOLDS: Prepared[Any] = Prepared(
    select(_TOKENS.c.id, _TOKENS.c.scopes, _TOKENS.c.last_used_at, *PERSON)
    .join(USERS, USERS.c.id == _TOKENS.c.user_id)
    .outerjoin(USER_HOMES, USER_HOMES.c.user_id == USERS.c.id)
    .where(
        _TOKENS.c.token_hash == bindparam("token_hash"),
        _TOKENS.c.revoked_at.is_(None),
        _TOKENS.c.expires_at > bindparam("now", type_=Instant),
        USERS.c.is_active,
    ),
)


def look_up(session: Session, raw: str, now: datetime) -> Bearer | None:
    """Answer whose token this is, or None once it has ended in any way; changes nothing."""
    if not raw.startswith(PREFIX):
        return None
    rows = _THAT_HOLDS.rows(session, token_hash=digest(raw), now=now)
    person = person_in(columns for _, _, _, *columns in rows)
    if person is None:
        return None
    token_id, scopes, last_used_at, *_ = rows[0]
    return Bearer(person=person, scopes=frozenset(scopes), token_id=token_id, last_used_at=last_used_at)


def touch(session: Session, token_id: int, now: datetime) -> None:
    """Note that a token is in use; does nothing when that was noted within the last minute."""
    long_ago = or_(_TOKENS.c.last_used_at.is_(None), _TOKENS.c.last_used_at <= now - TOUCH_EVERY)
    session.execute(update(_TOKENS).where(_TOKENS.c.id == token_id, long_ago).values(last_used_at=now))


def revoke(session: Session, cause: Cause, token_id: int) -> None:
    """End a token; raises NotFound when there is none, or it has ended before."""
    open_ = update(_TOKENS).where(_TOKENS.c.id == token_id, _TOKENS.c.revoked_at.is_(None))
    if session.scalar(open_.values(revoked_at=cause.at).returning(_TOKENS.c.id)) is None:
        raise NotFound("There is no such token, or it was revoked before.")
    audit.write(session, cause, action="token.revoke", entity="api_token", entity_id=token_id)


def tokens_of(session: Session, user_id: int) -> list[ApiToken]:
    """Answer every token of an account, the newest first."""
    return list(session.scalars(select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.id.desc())))
