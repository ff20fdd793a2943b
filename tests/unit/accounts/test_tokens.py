"""API tokens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from flowapp.accounts import tokens
from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.people import Person
from flowapp.accounts.roles import Role
from flowapp.accounts.tokens import ApiToken, Bearer
from flowapp.accounts.user_changes import deactivate, set_password
from flowapp.events.cause import Cause
from flowapp.kernel.db import Database
from flowapp.kernel.errors import NotFound, Refused
from tests.unit.accounts.people_made import an_account

DAY = timedelta(days=1)


@pytest.fixture
def maya(database: Database, cause: Cause) -> Person:
    return an_account(database, cause)


def made(database: Database, cause: Cause, **given: Any) -> str:
    wanted = {"user_id": 1, "name": "Payroll", "scopes": ["read"], "expires_at": cause.at + 90 * DAY} | given
    return database.write(lambda session: tokens.create(session, cause, **wanted))


def found(database: Database, raw: str, at: datetime) -> Bearer | None:
    with database.read() as session:
        return tokens.look_up(session, raw, at)


def test_a_token_says_whose_it_is_and_what_for(database: Database, maya: Person, cause: Cause, now: datetime) -> None:
    bearer = found(database, made(database, cause, scopes=["rota", "read", "read"]), now)
    assert bearer == Bearer(
        person=maya, scopes=frozenset({"read", "rota"}), token_id=1, last_used_at=None
    )  # fmt: skip


def test_a_token_has_256_bits_and_is_kept_nowhere(database: Database, maya: Person, cause: Cause) -> None:
    raws = {made(database, cause) for _ in range(5)}
    assert len(raws) == 5
    assert all(raw.startswith("flow_") and len(raw) >= 48 for raw in raws)
    with database.read() as session:
        rows = session.scalars(select(ApiToken)).all()
        entries = session.scalars(select(AuditEntry)).all()
    everything = str([vars(row) for row in (*rows, *entries)])
    assert not any(raw.removeprefix("flow_") in everything for raw in raws)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["read", "everything"]}, "scopes"),  # no such scope
        ({"expires_at": datetime.fromisoformat("2026-03-02T09:00:00+00:00")}, "expires_at"),  # this moment
    ],
)
def test_a_token_that_makes_no_sense_is_refused(
    database: Database, maya: Person, cause: Cause, given: dict[str, Any], path: str
) -> None:
    with pytest.raises(Refused) as refused:
        made(database, cause, **given)
    assert [problem.path for problem in refused.value.problems] == [path]


def test_a_token_needs_an_account(database: Database, cause: Cause) -> None:
    with pytest.raises(NotFound):
        made(database, cause, user_id=9)


def test_a_token_ends_when_it_expires(database: Database, maya: Person, cause: Cause, now: datetime) -> None:
    raw = made(database, cause, expires_at=now + DAY)
    assert found(database, raw, now + DAY - timedelta(seconds=1)) is not None
    assert found(database, raw, now + DAY) is None


def test_a_token_ends_when_it_is_revoked(database: Database, maya: Person, cause: Cause, now: datetime) -> None:
    raw = made(database, cause)
    database.write(lambda session: tokens.revoke(session, cause, 1))
    assert found(database, raw, now) is None
    with pytest.raises(NotFound):
        database.write(lambda session: tokens.revoke(session, cause, 1))


def test_a_token_ends_with_its_account(database: Database, maya: Person, cause: Cause, now: datetime) -> None:
    raw = made(database, cause)
    database.write(lambda session: deactivate(session, cause, maya.user_id))
    assert found(database, raw, now) is None


def test_a_token_outlives_a_new_password(database: Database, maya: Person, cause: Cause, now: datetime) -> None:
    raw = made(database, cause)
    database.write(lambda session: set_password(session, cause, maya.user_id, "hash"))
    assert found(database, raw, now) is not None


@pytest.mark.parametrize("raw", ["", "flow_", "flow_" + "x" * 43, "Bearer x"])
def test_an_unknown_token_is_nobody(database: Database, maya: Person, cause: Cause, now: datetime, raw: str) -> None:
    made(database, cause)
    assert found(database, raw, now) is None


def test_a_token_without_its_prefix_is_nobody(database: Database, maya: Person, cause: Cause, now: datetime) -> None:
    assert found(database, made(database, cause).removeprefix("flow_"), now) is None


def test_use_is_noted_once_a_minute(database: Database, maya: Person, cause: Cause, now: datetime) -> None:
    made(database, cause)

    def used_after(at: datetime) -> datetime | None:
        database.write(lambda session: tokens.touch(session, 1, at))
        with database.read() as session:
            return tokens.tokens_of(session, 1)[0].last_used_at

    assert used_after(now) == now
    assert used_after(now + timedelta(seconds=59)) == now
    assert used_after(now + timedelta(seconds=60)) == now + timedelta(seconds=60)


def test_making_and_revoking_are_noted(database: Database, maya: Person, cause: Cause) -> None:
    made(database, cause)
    database.write(lambda session: tokens.revoke(session, cause, 1))
    with database.read() as session:
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["account.create", "token.create", "token.revoke"]


def test_the_tokens_of_an_account_are_listed_newest_first(database: Database, maya: Person, cause: Cause) -> None:
    other = an_account(database, cause, "dan@example.org", role=Role.STAFF)
    for name, user_id in (("first", 1), ("second", 1), ("his", other.user_id)):
        made(database, cause, name=name, user_id=user_id)
    with database.read() as session:
        assert [token.name for token in tokens.tokens_of(session, 1)] == ["second", "first"]
