"""The record of who did what."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from flowapp.accounts.audit import AuditEntry, verify_chain, write
from flowapp.accounts.roles import Role
from flowapp.events.cause import Actor, ActorKind, Cause
from flowapp.kernel.db import Database
from flowapp.kernel.errors import Conflict
from flowapp.kernel.transaction import savepoint
from tests.support.statements import heard

MAYA = Actor(kind=ActorKind.USER, id=4, name="Maya Sinclair", role="Manager")
RUN = Actor(kind=ActorKind.WORKFLOW, id=4, name="Short leave", execution_id=12, step="short.approve")
UNGUARD = {
    "sqlite": [f"DROP TRIGGER audit_entry_is_not_{done}" for done in ("changed", "deleted", "replaced")],
    "postgresql": ["ALTER TABLE audit_entry DISABLE TRIGGER USER"],
}


def noted(database: Database, cause: Cause, *actions: str) -> None:
    def change(session: Session) -> None:
        for action in actions:
            write(session, cause, action=action, entity="leave_request", entity_id=7)

    database.write(change)


def broken_at(database: Database) -> int | None:
    with database.read() as session:
        return verify_chain(session)


def tampered(database: Database, statement: str) -> None:
    """Change the table as somebody with the database in hand could: without what guards it."""
    with database.writer.begin() as connection:
        for unguard in UNGUARD[database.writer.dialect.name]:
            connection.execute(text(unguard))
        connection.execute(text(statement))


def test_an_entry_tells_who_did_what_to_which_and_why(database: Database, cause: Cause) -> None:
    database.write(
        lambda session: write(
            session,
            cause.by(RUN),
            action="leave.approve",
            entity="leave_request",
            entity_id=7,
            home_id=3,
            before={"status": "requested"},
            after={"status": "approved", "days": Decimal("2.5")},
            reason="Short.",
        )
    )
    with database.read() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.actor_name) == ("execution:12/step:short.approve", "Short leave")
    assert (entry.at, entry.action, entry.entity, entry.entity_id, entry.home_id) == (
        cause.at, "leave.approve", "leave_request", 7, 3,
    )  # fmt: skip
    assert (entry.before, entry.after, entry.reason) == (
        {"status": "requested"}, {"status": "approved", "days": Decimal("2.5")}, "Short.",
    )  # fmt: skip


def test_every_sort_of_value_seals_the_same_when_read_again(database: Database, cause: Cause) -> None:
    odd: list[Any] = [
        {"days": Decimal("2.50"), "on": date(2026, 3, 2), "at": cause.at, "role": Role.HR},
        {"text": "Łukasz \u2028 \x00 😀", "nothing": None, "yes": True, "deep": [[1, {"b": 1, "a": 2}]]},
        [], {}, "", 0, False, [None],
    ]  # fmt: skip
    for value in odd:
        database.write(
            lambda session, value=value: write(
                session, cause, action="x", entity="y", entity_id=None, before=value, after=value
            )
        )
    assert broken_at(database) is None


def test_an_untouched_record_is_whole_over_many_transactions(database: Database, cause: Cause) -> None:
    assert broken_at(database) is None  # an empty one too
    noted(database, cause, "one")
    noted(database, cause.by(MAYA), "two", "three", "four")
    noted(database, cause, "five")
    assert broken_at(database) is None


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit_entry SET reason = 'another' WHERE id = 2", 2),
        ("UPDATE audit_entry SET actor_name = 'Nobody' WHERE id = 1", 1),
        ("UPDATE audit_entry SET \"after\" = '{}' WHERE id = 3", 3),
        ("UPDATE audit_entry SET at = '2020-01-01 00:00:00.000000' WHERE id = 2", 2),
        ("UPDATE audit_entry SET home_id = 9 WHERE id = 4", 4),
        ("UPDATE audit_entry SET hash = upper(hash) WHERE id = 2", 2),
        ("DELETE FROM audit_entry WHERE id = 2", 3),  # the next one no longer fits
        ("DELETE FROM audit_entry WHERE id = 1", 2),
        ("UPDATE audit_entry SET id = 10 - id", 6),  # turned round
    ],
)
def test_tampering_is_found_at_the_first_entry_that_does_not_fit(
    database: Database, cause: Cause, statement: str, broken: int
) -> None:
    noted(database, cause, "one", "two", "three", "four")
    tampered(database, statement)
    assert broken_at(database) == broken


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET reason = 'another'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE id = 1",
        pytest.param(
            "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE id = 1", marks=pytest.mark.sqlite
        ),
        pytest.param("REPLACE INTO audit_entry SELECT * FROM audit_entry", marks=pytest.mark.sqlite),
        pytest.param("TRUNCATE audit_entry", marks=pytest.mark.postgresql),
    ],
)
def test_the_database_itself_refuses_to_change_an_entry_and_says_what_to_do(
    database: Database, cause: Cause, statement: str
) -> None:
    noted(database, cause, "one", "two")
    with (
        pytest.raises(IntegrityError, match=r"only added to\. Leave this entry, and write another"),
        database.writer.begin() as connection,
    ):
        connection.execute(text(statement))
    assert broken_at(database) is None


def test_a_step_that_was_rolled_back_leaves_the_chain_whole(database: Database, cause: Cause) -> None:
    def change(session: Session) -> None:
        write(session, cause, action="before", entity="x", entity_id=1)
        with suppress(Conflict), savepoint(session):
            write(session, cause, action="undone", entity="x", entity_id=1)
            raise Conflict
        write(session, cause, action="after", entity="x", entity_id=1)
        with savepoint(session):
            write(session, cause, action="kept", entity="x", entity_id=1)

    database.write(change)
    assert broken_at(database) is None
    with database.read() as session:
        assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all() == [
            "before", "after", "kept",
        ]  # fmt: skip


def test_a_session_that_is_used_again_looks_for_the_last_entry_again(database: Database, cause: Cause) -> None:
    with Session(database.writer) as session:
        write(session, cause, action="one", entity="x", entity_id=1)
        session.commit()
        noted(database, cause, "by somebody else")
        write(session, cause, action="two", entity="x", entity_id=1)
        session.commit()
    assert broken_at(database) is None


def test_ten_entries_cost_one_query_and_ten_inserts(database: Database, cause: Cause) -> None:
    tampered(database, "SELECT 1")  # a trigger would make SQLite tell of each insert twice
    statements: list[str] = []

    def change(session: Session) -> None:
        with heard(session) as those:
            for _ in range(10):
                with savepoint(session):  # as the engine runs its steps
                    write(session, cause, action="x", entity="y", entity_id=1)
        statements.extend(those)

    database.write(change)
    kinds = [statement.split()[0] for statement in statements]
    assert kinds.count("SELECT") == 1
    assert kinds.count("INSERT") == 10
