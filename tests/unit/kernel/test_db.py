"""Sessions that only read, and `write`: nothing written is lost, whoever else writes at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from flowapp.kernel.backends.sqlite import sqlite_warning
from flowapp.kernel.db import Database
from flowapp.kernel.transaction import after_commit
from tests.engine.patience import in_threads


@pytest.fixture
def url(bare_url: str) -> str:
    return bare_url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A database with one counter at nought."""
    made = Database(url)
    made.write(_begin)
    yield made
    made.dispose()


def _begin(session: Session) -> None:
    session.execute(text("CREATE TABLE counter (name TEXT PRIMARY KEY, n INTEGER NOT NULL)"))
    session.execute(text("INSERT INTO counter VALUES ('all', 0)"))


def value(session: Session) -> int:
    """Read the counter."""
    return int(session.execute(text("SELECT n FROM counter WHERE name = 'all'")).scalar_one())


def read(database: Database) -> int:
    """Read the counter as a page would."""
    with database.read() as session:
        return value(session)


def add_one(session: Session) -> int:
    """Read, then write what was read and one more: what is lost when two do it at once."""
    found = value(session) + 1
    session.execute(text("UPDATE counter SET n = :n WHERE name = 'all'"), {"n": found})
    return found


def test_of_240_increments_from_six_threads_none_is_lost(database: Database) -> None:
    answers: list[int] = []
    assert in_threads(6, lambda _: answers.extend(database.write(add_one) for _ in range(40))) == []
    assert read(database) == 240
    assert sorted(answers) == list(range(1, 241))  # nobody saw the same number twice


def test_none_is_lost_either_between_programs_that_do_not_take_turns(database: Database, url: str) -> None:
    other = Database(url)

    def work(index: int) -> None:
        for _ in range(20):
            (database if index % 2 else other).write(add_one)

    assert in_threads(4, work) == []
    other.dispose()
    assert read(database) == 80


def test_write_answers_what_the_function_answered(database: Database) -> None:
    assert database.write(lambda session: ("plain", value(session))) == ("plain", 0)


def test_what_was_answered_can_be_read_after_the_session_is_closed(database: Database) -> None:
    assert database.write(add_one) == 1
    assert read(database) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE counter SET n = 5",
        "INSERT INTO counter VALUES ('other', 1)",
        "DELETE FROM counter",
        "CREATE TABLE sneaky (id INTEGER)",
        "DROP TABLE counter",
    ],
)
def test_a_session_for_reading_cannot_write(database: Database, statement: str) -> None:
    with database.read() as session, pytest.raises(DatabaseError, match=r"read-?only"):
        session.execute(text(statement))
    assert read(database) == 0


def test_a_session_for_reading_sees_one_state_from_its_first_look_on(database: Database) -> None:
    with database.read() as session:
        assert value(session) == 0
        database.write(add_one)
        assert value(session) == 0
    assert read(database) == 1


def test_an_error_takes_the_whole_change_away(database: Database) -> None:
    def half(session: Session) -> None:
        add_one(session)
        raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        database.write(half)
    assert read(database) == 0
    assert database.write(add_one) == 1  # and the next one has its turn


def test_foreign_keys_are_held(database: Database) -> None:
    def write(session: Session) -> None:
        session.execute(text("CREATE TABLE child (name TEXT REFERENCES counter (name))"))
        session.execute(text("INSERT INTO child VALUES ('nobody')"))

    with pytest.raises(IntegrityError):
        database.write(write)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("pragma", "expected"),
    [
        ("journal_mode", "wal"),  # readers and the writer do not stop one another
        ("synchronous", 2),  # FULL: what was committed survives a power cut
        ("foreign_keys", 1),
    ],
)
def test_every_connection_is_set_up_the_same_way(database: Database, pragma: str, expected: object) -> None:
    statement = text(f"PRAGMA {pragma}")
    with database.read() as session:
        assert session.execute(statement).scalar() == expected
    assert database.write(lambda session: session.execute(statement).scalar()) == expected


def test_an_error_of_the_database_that_is_not_about_waiting_is_not_tried_again(database: Database) -> None:
    tries = []

    def wrong(session: Session) -> None:
        tries.append(1)
        session.execute(text("SELECT * FROM nowhere"))

    with pytest.raises(DatabaseError, match="nowhere"):
        database.write(wrong)
    assert len(tries) == 1


@pytest.mark.sqlite
def test_the_folder_of_the_file_is_made(tmp_path: Path) -> None:
    made = Database(f"sqlite:///{tmp_path / 'a' / 'b' / 'db.sqlite3'}")
    made.write(_begin)
    made.dispose()
    assert (tmp_path / "a" / "b" / "db.sqlite3").exists()


def test_what_waits_for_the_commit_sees_what_was_committed(database: Database) -> None:
    seen: list[int] = []

    def write(session: Session) -> None:
        after_commit(session, lambda: seen.append(read(database)))
        add_one(session)
        assert seen == []

    database.write(write)
    assert seen == [1]


def test_what_waits_for_the_commit_is_dropped_when_there_is_none(database: Database) -> None:
    seen: list[str] = []

    def write(session: Session) -> None:
        after_commit(session, lambda: seen.append("rung"))
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        database.write(write)
    database.write(add_one)
    assert seen == []


def test_what_waits_for_the_commit_is_called_in_order_and_may_write_itself(database: Database) -> None:
    seen: list[object] = []

    def write(session: Session) -> None:
        after_commit(session, lambda: seen.append("first"))
        after_commit(session, lambda: seen.append(database.write(add_one)))

    database.write(write)
    assert seen == ["first", 1]


def test_an_error_after_the_commit_neither_hides_the_answer_nor_stops_the_other_calls(
    database: Database,
) -> None:
    seen: list[str] = []

    def fails() -> None:
        raise RuntimeError("the doorbell is broken")

    def write(session: Session) -> int:
        after_commit(session, fails)
        after_commit(session, lambda: seen.append("told"))
        return add_one(session)

    assert database.write(write) == 1
    assert seen == ["told"]


def test_a_write_inside_a_write_is_refused_rather_than_waited_for(url: str) -> None:
    database, ended = Database(url), threading.Event()

    def work() -> None:
        with pytest.raises(RuntimeError):
            database.write(lambda _: database.write(lambda _: None))
        ended.set()

    threading.Thread(target=work, daemon=True).start()
    assert ended.wait(1.0)


@pytest.mark.parametrize(
    ("version", "warned"),
    [((3, 40, 1), True), ((3, 51, 2), True), ((3, 51, 3), False), ((3, 52, 0), False), ((4, 0, 0), False)],
)
def test_an_sqlite_with_the_known_fault_is_named(version: tuple[int, int, int], warned: bool) -> None:
    warning = sqlite_warning(version)
    assert (warning is not None) is warned
    if warning:
        assert ".".join(map(str, version)) in warning
        assert "3.51.3" in warning  # how to mend it
