"""Slowing down whoever tries too often."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from flowapp.accounts.throttle import (
    PER_ACCOUNT,
    PER_ADDRESS,
    Rule,
    Throttle,
    after_one,
    forget,
    give_back,
    take,
    wait_sentence,
)
from flowapp.kernel.db import Database

MINUTE = timedelta(minutes=1)
MAYA = {PER_ACCOUNT: "maya@example.org", PER_ADDRESS: "192.0.2.1"}


def tried(database: Database, now: datetime, tries: dict[Rule, str] = MAYA) -> timedelta | None:
    return database.write(lambda session: take(session, tries, now))


def test_five_tries_are_free_and_the_sixth_waits_four_minutes(database: Database, now: datetime) -> None:
    assert [tried(database, now) for _ in range(5)] == [None] * 5
    assert tried(database, now) == 4 * MINUTE
    assert tried(database, now + 4 * MINUTE) is None


def test_trying_while_one_must_wait_does_not_make_the_wait_longer(database: Database, now: datetime) -> None:
    for _ in range(200):
        tried(database, now)
    assert tried(database, now + MINUTE) == 3 * MINUTE


def test_two_hundred_tries_in_an_hour_let_twenty_through(database: Database, now: datetime) -> None:
    moments = [now + n * timedelta(seconds=18) for n in range(200)]
    assert sum(tried(database, at) is None for at in moments) <= 20


@given(st.lists(st.integers(0, 4 * 3600), min_size=1, max_size=400).map(sorted))
def test_no_hour_ever_lets_more_than_twenty_through(seconds: list[int]) -> None:
    start = datetime.fromisoformat("2026-03-02T00:00:00+00:00")
    full_at, passed = start, []
    for second in seconds:
        at = start + timedelta(seconds=second)
        decided = after_one(PER_ACCOUNT, full_at, at)
        if isinstance(decided, datetime):
            full_at = decided
            passed.append(at)
    hour = timedelta(hours=1)
    assert all(sum(at <= other <= at + hour for other in passed) <= 20 for at in passed)


def test_one_account_does_not_slow_down_another(database: Database, now: datetime) -> None:
    for _ in range(6):
        tried(database, now)
    assert tried(database, now, {PER_ACCOUNT: "dan@example.org", PER_ADDRESS: "192.0.2.2"}) is None


def test_an_address_that_tries_many_accounts_is_slowed_down(database: Database, now: datetime) -> None:
    waits = [tried(database, now, {PER_ACCOUNT: f"{n}@example.org", PER_ADDRESS: "192.0.2.1"}) for n in range(31)]
    assert waits == [None] * 30 + [timedelta(seconds=20)]


def test_a_try_that_one_rule_holds_up_does_not_count_for_the_other(database: Database, now: datetime) -> None:
    for n in range(30):
        tried(database, now, {PER_ACCOUNT: f"{n}@example.org", PER_ADDRESS: "192.0.2.1"})
    for _ in range(10):  # held up by the address
        tried(database, now)
    assert tried(database, now, {PER_ACCOUNT: "maya@example.org", PER_ADDRESS: "192.0.2.9"}) is None


def test_a_right_password_forgets_the_account_and_gives_the_address_one_back(database: Database, now: datetime) -> None:
    for _ in range(5):
        tried(database, now)
    database.write(lambda session: forget(session, PER_ACCOUNT, "maya@example.org"))
    database.write(lambda session: give_back(session, PER_ADDRESS, "192.0.2.1"))
    assert [tried(database, now) for _ in range(5)] == [None] * 5
    with database.read() as session:
        full = session.scalars(select(Throttle.full_at).where(Throttle.key.startswith("address:"))).one()
    assert full == now + 9 * timedelta(seconds=20)


def test_buckets_that_are_full_again_are_not_kept(database: Database, now: datetime) -> None:
    for n in range(10):
        tried(database, now, {PER_ACCOUNT: f"{n}@example.org", PER_ADDRESS: "192.0.2.1"})
    tried(database, now + timedelta(hours=1))
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Throttle)) == 2


def test_what_was_typed_is_not_kept(database: Database, now: datetime) -> None:
    tried(database, now, {PER_ACCOUNT: "my secret password"})
    with database.read() as session:
        assert all("secret" not in key for key in session.scalars(select(Throttle.key)))


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (timedelta(seconds=1), "a minute"),
        (timedelta(seconds=61), "2 minutes"),  # never too short
        (4 * MINUTE, "4 minutes"),
    ],
)
def test_the_sentence_says_how_long_to_wait(wait: timedelta, words: str) -> None:
    assert wait_sentence(wait) == f"That was tried too often. Please wait {words}, then try again."
