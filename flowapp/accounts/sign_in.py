"""Signing in with email address and password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.mail_address import as_kept
from flowapp.accounts.passwords import PRODUCTION, Profile, hash_password, needs_rehash, verify
from flowapp.accounts.people import Person
from flowapp.accounts.throttle import PER_ACCOUNT, PER_ADDRESS, forget, give_back, take, wait_sentence
from flowapp.accounts.users import USERS, find_by_email, person_of
from flowapp.events.cause import Actor, ActorKind, Cause
from flowapp.kernel.db import Database
from flowapp.kernel.errors import Problem, Refused

WRONG = "The email address or the password is not right. Check both and try again."


@dataclass(frozen=True)
class _Try:
    """What is known once a try is counted: whose account it is (empty for nobody's), or how long to wait."""

    user_id: int | None = None
    kept: str = ""
    must_wait: str = ""


def sign_in(
    database: Database,
    *,
    email: str,
    password: str,
    address: str,
    now: datetime,
    profile: Profile = PRODUCTION,
) -> Person:
    """Answer who signs in; raises Refused, with one sentence for a wrong address and a wrong password.

    The try is counted and committed before the password is checked, so that tries at the same moment count
    too, and the check, which is slow on purpose, runs with no transaction open.
    """
    email = as_kept(email)
    tried = database.write(lambda session: _begin(session, email, address, now))
    if tried.must_wait:
        raise _refused("too_often", tried.must_wait)
    right = verify(tried.kept, password, profile)
    fresh = hash_password(password, profile) if right and needs_rehash(tried.kept, profile) else None
    person = database.write(lambda session: _end(session, tried, email, address, now, right=right, fresh=fresh))
    if person is None:
        raise _refused("wrong", WRONG)
    return person


def _begin(session: Session, email: str, address: str, now: datetime) -> _Try:
    wait = take(session, {PER_ACCOUNT: email, PER_ADDRESS: address}, now)
    if wait is not None:
        return _Try(must_wait=wait_sentence(wait))
    user = find_by_email(session, email)
    return _Try() if user is None else _Try(user.id, user.password_hash)


def _end(
    session: Session, tried: _Try, email: str, address: str, now: datetime, *, right: bool, fresh: str | None
) -> Person | None:
    person = person_of(session, tried.user_id) if tried.user_id is not None else None
    if not right or person is None or not person.active or not _still(session, tried):
        _note(session, "sign_in.failed", tried.user_id, person, address, now)
        return None
    if fresh:
        old = update(USERS).where(USERS.c.id == person.user_id, USERS.c.password_hash == tried.kept)
        session.execute(old.values(password_hash=fresh))
    forget(session, PER_ACCOUNT, email)
    give_back(session, PER_ADDRESS, address)
    _note(session, "sign_in", tried.user_id, person, address, now)
    return person


def _still(session: Session, tried: _Try) -> bool:
    """Say whether the password that was checked is still the account's."""
    return session.scalar(select(USERS.c.password_hash).where(USERS.c.id == tried.user_id)) == tried.kept


def _note(
    session: Session, action: str, user_id: int | None, person: Person | None, address: str, now: datetime
) -> None:
    # What was typed for an unknown account is not noted: it may be a password in the wrong field.
    name, role = (person.name, person.role.label) if person else ("Somebody", None)
    actor = Actor(kind=ActorKind.USER, id=user_id, name=name, role=role)
    cause = Cause(actor=actor, at=now)
    audit.write(session, cause, action=action, entity="user", entity_id=user_id, after={"address": address[:60]})


def _refused(code: str, sentence: str) -> Refused:
    return Refused([Problem(path="", code=code, message=sentence)])
