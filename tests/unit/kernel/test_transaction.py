"""Inside a transaction: a part of it undone, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from flowapp.kernel.db import Database
from flowapp.kernel.transaction import TransactionLost, after_commit, savepoint


@pytest.fixture
def database(bare_url: str) -> Iterator[Database]:
    made = Database(bare_url)
    made.write(lambda session: session.execute(text("CREATE TABLE name (text TEXT UNIQUE)")) and None)
    yield made
    made.dispose()


def add(session: Session, word: str) -> None:
    """Write a name."""
    session.execute(text("INSERT INTO name VALUES (:word)"), {"word": word})


def names(database: Database) -> list[str]:
    """Read every name."""
    with database.read() as session:
        return sorted(session.execute(text("SELECT text FROM name")).scalars())


def fail(session: Session, word: str) -> None:
    """Write a name in a part that fails."""

    def part() -> None:
        with savepoint(session):
            add(session, word)
            raise ValueError(word)

    with pytest.raises(ValueError, match=word):
        part()


def test_a_part_that_fails_is_undone_alone(database: Database) -> None:
    def write(session: Session) -> None:
        add(session, "before")
        fail(session, "during")
        add(session, "after")

    database.write(write)
    assert names(database) == ["after", "before"]


def test_a_part_that_goes_well_stays(database: Database) -> None:
    def write(session: Session) -> None:
        with savepoint(session):
            add(session, "inside")

    database.write(write)
    assert names(database) == ["inside"]


def test_a_part_stands_and_falls_with_the_whole(database: Database) -> None:
    def write(session: Session) -> None:
        with savepoint(session):
            add(session, "inside")
        raise ValueError("the whole")

    with pytest.raises(ValueError, match="the whole"):
        database.write(write)
    assert names(database) == []


def test_parts_lie_inside_each_other(database: Database) -> None:
    def write(session: Session) -> None:
        with savepoint(session):
            add(session, "outer")
            fail(session, "inner")
            with savepoint(session):
                add(session, "inner again")
        fail(session, "last")

    database.write(write)
    assert names(database) == ["inner again", "outer"]


def test_what_the_session_was_told_to_remember_is_forgotten_with_the_part(database: Database) -> None:
    rung: list[str] = []

    def ring_and_fail(session: Session) -> None:
        with savepoint(session):
            after_commit(session, lambda: rung.append("during"))
            session.info.update(word="during", more=1)
            raise ValueError("no")

    def write(session: Session) -> None:
        session.info["word"] = "before"
        after_commit(session, lambda: rung.append("before"))
        with pytest.raises(ValueError, match="no"):
            ring_and_fail(session)
        assert session.info["word"] == "before"
        assert "more" not in session.info

    database.write(write)
    assert rung == ["before"]


def test_where_the_database_gave_up_everything_nobody_goes_on(database: Database) -> None:
    """As it does by itself when the disk is full."""

    def write(session: Session) -> None:
        add(session, "before")
        with savepoint(session):
            driver = session.connection().connection.driver_connection
            assert driver is not None
            driver.execute("ROLLBACK")
            raise ValueError("the disk is full")

    with pytest.raises(TransactionLost):
        database.write(write)
    assert names(database) == []
    database.write(lambda session: add(session, "later"))
    assert names(database) == ["later"]


def test_what_may_be_left_out_is_written_when_the_database_is_free(database: Database) -> None:
    assert database.write_if_free(lambda session: add(session, "seen"))
    assert names(database) == ["seen"]


def test_what_may_be_left_out_waits_for_nobody(database: Database) -> None:
    other = Database(database.url)  # as another program
    with other.writer.begin():
        began = monotonic()
        assert not database.write_if_free(lambda session: add(session, "seen"))
        assert monotonic() - began < 2
    other.dispose()
    assert names(database) == []


def test_what_may_be_left_out_still_has_to_make_sense(database: Database) -> None:
    with pytest.raises(DatabaseError, match="nowhere"):
        database.write_if_free(lambda session: session.execute(text("INSERT INTO nowhere VALUES (1)")))
