"""Another program holds the database: its end is waited for, and whoever waits too long is told so."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from flowapp.kernel.db import Database, DatabaseBusy
from flowapp.kernel.transaction import after_commit

HOLDER = """
import sys
from sqlalchemy import text
from flowapp.kernel.db import Database

with Database(sys.argv[1]).writer.connect() as connection:
    transaction = connection.begin()
    connection.execute(text("UPDATE counter SET n = n + 100"))
    print("held", flush=True)
    word = sys.stdin.readline().strip()
    transaction.commit() if word == "commit" else transaction.rollback()
"""
IMPATIENT = {"sqlite": "PRAGMA busy_timeout=20", "postgresql": "SET lock_timeout=20"}


@pytest.fixture
def database(bare_url: str) -> Iterator[Database]:
    """A database whose statements wait 20 ms and not 5 s, so that the tests need not."""
    made = Database(bare_url)

    @event.listens_for(made.writer, "connect")
    def _impatient(connection: object, _record: object) -> None:
        connection.execute(IMPATIENT[made.writer.name])  # type: ignore[attr-defined]

    def begin(session: Session) -> None:
        session.execute(text("CREATE TABLE counter (n INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))

    made.write(begin)
    yield made
    made.dispose()


@contextmanager
def held(database: Database) -> Iterator[subprocess.Popen[str]]:
    """Let another process hold the database until it is told how to end."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, database.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            yield holder
        finally:
            end(holder, "rollback")


def end(holder: subprocess.Popen[str], word: str) -> None:
    """Let the other process commit or roll back, once."""
    if holder.stdin is not None and not holder.stdin.closed:
        holder.stdin.write(word + "\n")
        holder.stdin.close()


def add_one(session: Session) -> int:
    """Read and write one more."""
    found = int(session.execute(text("SELECT n FROM counter")).scalar_one()) + 1
    session.execute(text("UPDATE counter SET n = :n"), {"n": found})
    return found


def read(database: Database) -> int:
    """Read the counter."""
    with database.read() as session:
        return int(session.execute(text("SELECT n FROM counter")).scalar_one())


def test_a_busy_database_is_tried_again_until_it_is_free(database: Database) -> None:
    rung: list[int] = []
    begun: list[int] = []

    def write(session: Session) -> int:
        begun.append(1)
        after_commit(session, lambda: rung.append(1))
        return add_one(session)

    with held(database) as holder:
        threading.Timer(0.2, end, (holder, "commit")).start()
        assert database.write(write) == 101  # what the other one committed was read first
    assert rung == [1]
    assert begun == [1]  # it waits before it begins, not after it has read what will be old


def test_who_waits_too_long_is_told_and_nothing_is_changed(database: Database) -> None:
    with held(database):
        began = monotonic()
        with pytest.raises(DatabaseBusy, match="Nothing was changed"):
            database.write(add_one, give_up=0.2)
        assert monotonic() - began < 2
    assert read(database) == 0


def test_a_database_that_was_busy_is_written_to_again_afterwards(database: Database) -> None:
    with held(database), pytest.raises(DatabaseBusy):
        database.write(add_one, give_up=0.1)
    assert database.write(add_one) == 1


def test_those_who_read_do_not_wait_for_another_program_that_writes(database: Database) -> None:
    with held(database):
        began = monotonic()
        assert read(database) == 0
        assert monotonic() - began < 2


def test_who_waits_too_long_for_their_turn_in_this_very_program_is_told_too(database: Database) -> None:
    inside, leave, told = threading.Event(), threading.Event(), threading.Event()

    def slow(_: Session) -> None:
        inside.set()
        leave.wait(10)

    def impatient() -> None:
        with pytest.raises(DatabaseBusy):
            database.write(add_one, give_up=0.1)
        told.set()

    holder = threading.Thread(target=lambda: database.write(slow), daemon=True)
    holder.start()
    assert inside.wait(5)
    waiting = threading.Thread(target=impatient, daemon=True)
    waiting.start()
    in_time = told.wait(1.0)
    leave.set()
    holder.join(5)
    waiting.join(5)
    assert in_time
