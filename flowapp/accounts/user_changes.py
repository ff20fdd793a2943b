"""What changes about an account later; each of these ends its sessions at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.people import Person
from flowapp.accounts.user_rules import role_problems, sees_all_homes
from flowapp.accounts.users import USER_HOMES, USERS, person_of
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict, NotFound, Refused


def set_password(session: Session, cause: Cause, user_id: int, password_hash: str) -> None:
    """Give an account another password, which comes hashed; raises NotFound."""
    _change(session, user_id, {"password_hash": password_hash})
    audit.write(session, cause, action="account.password", entity="user", entity_id=user_id)


def change_role(
    session: Session,
    cause: Cause,
    user_id: int,
    *,
    role: str,
    home_ids: Iterable[int] = (),
    all_homes: bool = False,
) -> None:
    """Give an account another role and other homes.

    Raises Refused, NotFound, and Conflict when nobody would be an administrator any more.
    """
    homes = frozenset(home_ids)
    if problems := role_problems(role=role, home_ids=homes, all_homes=all_homes):
        raise Refused(problems)
    before = _existing(session, user_id)
    if role != "admin":
        _keep_an_administrator(session, user_id)
    everywhere = sees_all_homes(role, all_homes)
    _change(session, user_id, {"role": role, "all_homes": everywhere})
    session.execute(delete(USER_HOMES).where(USER_HOMES.c.user_id == user_id))
    if homes:
        session.execute(insert(USER_HOMES), [{"user_id": user_id, "home_id": home} for home in sorted(homes)])
    audit.write(
        session,
        cause,
        action="account.role",
        entity="user",
        entity_id=user_id,
        before={"role": before.role, "homes": sorted(before.home_ids), "all_homes": before.all_homes},
        after={"role": role, "homes": sorted(homes), "all_homes": everywhere},
    )


def deactivate(session: Session, cause: Cause, user_id: int, *, reason: str = "") -> None:
    """Close an account, which ends its sessions and tokens.

    Raises NotFound, and Conflict when nobody would be an administrator any more.
    """
    _existing(session, user_id)
    _keep_an_administrator(session, user_id)
    _change(session, user_id, {"is_active": False})
    audit.write(session, cause, action="account.deactivate", entity="user", entity_id=user_id, reason=reason)


def activate(session: Session, cause: Cause, user_id: int) -> None:
    """Open a closed account again, with the password it had; raises NotFound."""
    _change(session, user_id, {"is_active": True})
    audit.write(session, cause, action="account.activate", entity="user", entity_id=user_id)


def _existing(session: Session, user_id: int) -> Person:
    person = person_of(session, user_id)
    if person is None:
        raise NotFound("There is no such account.")
    return person


def _keep_an_administrator(session: Session, user_id: int) -> None:
    admins = set(session.scalars(select(USERS.c.id).where(USERS.c.role == "admin", USERS.c.is_active)))
    if admins == {user_id}:
        raise Conflict("This is the last administrator. Make somebody else an administrator first.")


def _change(session: Session, user_id: int, values: dict[str, Any]) -> None:
    ended = {"session_version": USERS.c.session_version + 1}
    statement = update(USERS).where(USERS.c.id == user_id).values(**values, **ended).returning(USERS.c.id)
    if session.scalar(statement) is None:
        raise NotFound("There is no such account.")
