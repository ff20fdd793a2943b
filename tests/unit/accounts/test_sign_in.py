"""Signing in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from flowapp.accounts.audit import AuditEntry, verify_chain
from flowapp.accounts.passwords import CHEAP, Profile, needs_rehash
from flowapp.accounts.people import Person
from flowapp.accounts.roles import Role
from flowapp.accounts.sign_in import WRONG, sign_in
from flowapp.accounts.user_changes import deactivate, set_password
from flowapp.accounts.users import create_user, find_by_email
from flowapp.events.cause import Cause
from flowapp.kernel.db import Database
from flowapp.kernel.errors import Refused
from tests.unit.accounts.people_made import PASSWORD, an_account

ADDRESS = "192.0.2.1"


@pytest.fixture
def maya(database: Database, cause: Cause) -> Person:
    return an_account(database, cause)


def signs_in(database: Database, now: datetime, *, email: str = "maya@example.org", password: str = PASSWORD) -> Person:
    return sign_in(database, email=email, password=password, address=ADDRESS, now=now, profile=CHEAP)


def refusal(database: Database, now: datetime, **given: str) -> str:
    with pytest.raises(Refused) as refused:
        signs_in(database, now, **given)
    assert [problem.path for problem in refused.value.problems] == [""]  # neither field is named
    return refused.value.message


def test_the_right_password_signs_in(database: Database, maya: Person, now: datetime) -> None:
    assert signs_in(database, now) == maya
    assert signs_in(database, now, email="  MAYA@Example.org ") == maya


def test_a_wrong_password_and_an_unknown_address_read_the_same(
    database: Database, maya: Person, cause: Cause, now: datetime
) -> None:
    create = create_user
    database.write(
        lambda session: create(session, cause, email="new@example.org", name="Neo", role="staff", home_ids=[1])
    )
    closed = an_account(database, cause, "closed@example.org")
    database.write(lambda session: deactivate(session, cause, closed.user_id))
    assert refusal(database, now, password="wrong") == WRONG
    assert refusal(database, now, email="nobody@example.org") == WRONG
    assert refusal(database, now, email="") == WRONG
    assert refusal(database, now, email="new@example.org", password="") == WRONG  # has no password yet
    assert refusal(database, now, email="closed@example.org") == WRONG  # the right one, of a closed account


def test_unknown_and_known_addresses_are_slowed_down_alike(database: Database, maya: Person, now: datetime) -> None:
    for email in ("maya@example.org", "nobody@example.org"):
        sentences = [refusal(database, now, email=email, password="wrong") for _ in range(6)]
        assert sentences[:5] == [WRONG] * 5
        assert sentences[5] == "That was tried too often. Please wait 4 minutes, then try again."


def test_after_two_hundred_wrong_tries_the_right_password_works_once_the_wait_is_over(
    database: Database, maya: Person, now: datetime
) -> None:
    for n in range(200):
        refusal(database, now + timedelta(seconds=n), password="wrong")
    at = now + timedelta(seconds=200)
    assert "wait" in refusal(database, at)  # the right one does not reach the check either
    assert signs_in(database, at + timedelta(minutes=4)) == maya
    assert signs_in(database, at + timedelta(minutes=4)) == maya  # and the slate is clean


def test_tries_at_the_same_moment_count_before_they_are_checked(
    database: Database, maya: Person, now: datetime
) -> None:
    def attempt(_: int) -> str:
        try:
            signs_in(database, now, password="wrong")
        except Refused as refused:
            return refused.problems[0].code
        return "in"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(40)))
    assert answers.count("wrong") == 5
    assert answers.count("too_often") == 35


def test_signing_in_and_failing_to_are_both_noted(database: Database, maya: Person, now: datetime) -> None:
    signs_in(database, now)
    refusal(database, now, password="wrong")
    refusal(database, now, email="my secret password", password="wrong")
    with database.read() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()[-3:]
        assert verify_chain(session) is None
    assert [(entry.action, entry.actor, entry.entity_id) for entry in entries] == [
        ("sign_in", "user:1", 1),
        ("sign_in.failed", "user:1", 1),
        ("sign_in.failed", "user", None),
    ]
    assert entries[0].after == {"address": ADDRESS}
    assert "secret" not in str([vars(entry) for entry in entries])


def test_a_right_password_is_kept_at_todays_costs_from_then_on(database: Database, maya: Person, now: datetime) -> None:
    dearer = replace(CHEAP, passes=2)

    def kept() -> str:
        with database.read() as session:
            user = find_by_email(session, "maya@example.org")
        assert user is not None
        return user.password_hash

    def enter(profile: Profile) -> Person:
        return sign_in(database, email=maya.email, password=PASSWORD, address="", now=now, profile=profile)

    assert needs_rehash(kept(), dearer)
    assert enter(dearer) == maya
    assert not needs_rehash(kept(), dearer)
    assert enter(dearer) == maya


def test_a_role_that_does_not_exist_cannot_sign_in(database: Database, cause: Cause, now: datetime) -> None:
    made = an_account(database, cause, "odd@example.org", role=Role.SENIOR)
    database.write(lambda session: session.execute(text("""UPDATE "user" SET role = 'owner'""")) and None)
    assert refusal(database, now, email=made.email) == WRONG


@pytest.mark.parametrize("change", [set_password, deactivate])
def test_what_changes_while_the_password_is_checked_counts(
    database: Database, maya: Person, cause: Cause, now: datetime, change: Callable[..., None]
) -> None:
    an_account(database, cause, "admin@example.org", role=Role.ADMIN, homes=())
    more = ("another hash",) if change is set_password else ()

    class Meanwhile(Database):
        """Lets somebody else change the account after the first transaction, which counts the try."""

        def write(self, fn: Callable[[Session], Any], **given: Any) -> Any:
            answer = super().write(fn, **given)
            database.write(lambda session: change(session, cause, maya.user_id, *more))
            return answer

    slow = Meanwhile(database.url)
    assert refusal(slow, now) == WRONG
    slow.dispose()
