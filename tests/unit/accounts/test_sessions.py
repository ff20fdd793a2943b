"""Being signed in, and every way that ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flowapp.accounts import sessions
from flowapp.accounts.people import Person
from flowapp.accounts.sessions import BrowserSession, SignedIn
from flowapp.accounts.user_changes import change_role, deactivate, set_password
from flowapp.accounts.users import find_by_email
from flowapp.events.cause import Cause
from flowapp.kernel.db import Database
from tests.unit.accounts.people_made import an_account

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def maya(database: Database, cause: Cause) -> Person:
    return an_account(database, cause)


def opened(database: Database, person: Person, now: datetime) -> str:
    return database.write(lambda session: sessions.open(session, person, now, user_agent="Firefox" * 50))


def found(database: Database, raw: str, at: datetime) -> SignedIn | None:
    with database.read() as session:
        return sessions.look_up(session, raw, at)


def test_a_session_says_who_is_signed_in(database: Database, maya: Person, now: datetime) -> None:
    raw = opened(database, maya, now)
    signed_in = found(database, raw, now)
    assert signed_in is not None
    assert signed_in.person == maya
    assert len(signed_in.csrf) >= 43


def test_each_session_has_256_bits_and_its_own_csrf_token(database: Database, maya: Person, now: datetime) -> None:
    raws = [opened(database, maya, now) for _ in range(5)]
    assert len(set(raws)) == 5
    assert min(map(len, raws)) >= 43
    both = [found(database, raw, now) for raw in raws]
    assert len({each.csrf for each in both if each}) == 5


def test_the_text_of_the_cookie_is_kept_nowhere(database: Database, maya: Person, now: datetime) -> None:
    raw = opened(database, maya, now)
    with database.read() as session:
        row = session.scalars(select(BrowserSession)).one()
    assert raw not in {str(value) for value in vars(row).values()}
    assert len(row.user_agent) == 120


def test_an_unknown_text_is_nobody(database: Database, maya: Person, now: datetime) -> None:
    opened(database, maya, now)
    assert found(database, "", now) is None
    assert found(database, "x" * 43, now) is None


@pytest.mark.parametrize(
    ("idle", "holds"),
    [
        (29 * MINUTE, True),
        (30 * MINUTE, False),  # idle too long
        (31 * MINUTE, False),
    ],
)
def test_a_session_ends_after_half_an_hour_without_use(
    database: Database, maya: Person, now: datetime, idle: timedelta, holds: bool
) -> None:
    raw = opened(database, maya, now)
    assert (found(database, raw, now + idle) is not None) is holds


def test_use_keeps_a_session_for_twelve_hours_and_no_longer(database: Database, maya: Person, now: datetime) -> None:
    raw = opened(database, maya, now)
    at = now
    while at + 20 * MINUTE < now + 12 * HOUR:
        at += 20 * MINUTE
        signed_in = found(database, raw, at)
        assert signed_in is not None
        database.write(lambda session, at=at, who=signed_in: sessions.touch(session, who.session_id, at))
    assert found(database, raw, now + 12 * HOUR - MINUTE) is not None
    assert found(database, raw, now + 12 * HOUR) is None


def test_use_is_noted_once_a_minute(database: Database, maya: Person, now: datetime) -> None:
    raw = opened(database, maya, now)

    def seen_after(at: datetime) -> datetime | None:
        database.write(lambda session: sessions.touch(session, 1, at))
        signed_in = found(database, raw, at)
        return signed_in.last_seen_at if signed_in else None

    assert seen_after(now + timedelta(seconds=59)) == now
    assert seen_after(now + MINUTE) == now + MINUTE
    with database.read() as session:
        user = find_by_email(session, maya.email)
    assert user is not None
    assert user.last_seen_at == now + MINUTE


ENDINGS: dict[str, Callable[[Session, Cause, Person], object]] = {
    "signing out": lambda session, cause, maya: sessions.close(session, 1),
    "ending all": lambda session, cause, maya: sessions.close_all(session, maya.user_id),
    "closing the account": lambda session, cause, maya: deactivate(session, cause, maya.user_id),
    "another password": lambda session, cause, maya: set_password(session, cause, maya.user_id, "hash"),
    "another role": lambda session, cause, maya: change_role(session, cause, maya.user_id, role="senior", home_ids=[1]),
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
def test_a_session_is_over_at_the_next_look(
    database: Database,
    maya: Person,
    cause: Cause,
    now: datetime,
    ending: Callable[[Session, Cause, Person], object],
) -> None:
    raw = opened(database, maya, now)
    database.write(lambda session: ending(session, cause, maya) and None)
    assert found(database, raw, now) is None


def test_a_session_begun_after_a_change_holds(database: Database, maya: Person, cause: Cause, now: datetime) -> None:
    database.write(lambda session: set_password(session, cause, maya.user_id, "hash"))
    assert found(database, opened(database, maya, now), now) is not None


def test_ending_all_others_leaves_the_one_in_use(database: Database, maya: Person, now: datetime) -> None:
    first, second = opened(database, maya, now), opened(database, maya, now)
    assert database.write(lambda session: sessions.close_all(session, maya.user_id, but=2)) == 1
    assert found(database, first, now) is None
    assert found(database, second, now) is not None


def test_what_is_over_is_swept_away(database: Database, maya: Person, now: datetime) -> None:
    opened(database, maya, now)
    kept = opened(database, maya, now + 20 * MINUTE)
    assert database.write(lambda session: sessions.sweep(session, now + 40 * MINUTE)) == 1
    assert found(database, kept, now + 40 * MINUTE) is not None
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(BrowserSession)) == 1
