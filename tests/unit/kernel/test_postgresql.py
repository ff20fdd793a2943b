"""PostgreSQL: writers go one after the other, and whoever stands still or waits too long is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, InternalError
from sqlalchemy.orm import Session

from flowapp.kernel.backends import postgresql
from flowapp.kernel.backends.postgresql import WRITING
from flowapp.kernel.db import Database, DatabaseBusy, DatabaseFull
from flowapp.kernel.transaction import savepoint
from tests.engine.patience import in_threads, until
from tests.support.postgres import Server
from tests.unit.kernel.counter import add_one, read, value

COUNTING = """
import sys
from flowapp.kernel.db import Database
from tests.unit.kernel.counter import add_one

database = Database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for _ in range(60):
    print(database.write(add_one))
"""
STANDING_STILL = """
import os, signal, sys
from flowapp.kernel.backends import postgresql
from flowapp.kernel.db import Database
from tests.unit.kernel.counter import add_one

postgresql.STANDS_STILL_MILLISECONDS = 300
begun = []

def write(session):
    found = add_one(session)
    begun.append(found)
    if len(begun) == 1:
        print("begun", flush=True)
        os.kill(os.getpid(), signal.SIGSTOP)
    return found

print(Database(sys.argv[1]).write(write), begun)
"""


@contextmanager
def program(text_: str, url: str) -> Iterator[subprocess.Popen[str]]:
    """Start another process on the same database; a test that fails does not wait for it."""
    command = [sys.executable, "-c", text_, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def line(process: subprocess.Popen[str]) -> str:
    """Read a line of what it says."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_of_240_increments_from_processes_and_threads_none_is_lost(counting: Database) -> None:
    answers: list[int] = []
    with program(COUNTING, counting.url) as one, program(COUNTING, counting.url) as two:
        for each in (one, two):
            assert line(each) == "ready"
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        assert in_threads(2, lambda _: answers.extend(counting.write(add_one) for _ in range(60))) == []
        for each in (one, two):
            answers.extend(int(line(each)) for _ in range(60))
    assert read(counting) == 240
    assert sorted(answers) == list(range(1, 241))  # nobody saw the same number twice


def test_a_reader_sees_one_state_and_cannot_write(counting: Database) -> None:
    with counting.read() as session:
        assert value(session) == 0
        counting.write(add_one)
        assert value(session) == 0
        with pytest.raises(InternalError, match="read-only"):
            add_one(session)
    assert read(counting) == 1


@pytest.mark.parametrize("hints", [False, True])
def test_who_waits_too_long_for_another_program_is_told(
    counting: Database, monkeypatch: pytest.MonkeyPatch, hints: bool
) -> None:
    monkeypatch.setattr(postgresql, "BUSY_MILLISECONDS", 20)
    impatient = Database(counting.url)
    with counting.writer.begin():
        if hints:  # which take no turn
            hinting = impatient.backend.for_hints()
            with hinting.begin() as connection:
                connection.execute(text("UPDATE counter SET n = 7"))
            hinting.dispose()
        with pytest.raises(DatabaseBusy, match="Nothing was changed"):
            impatient.write(add_one, give_up=0.2)
        assert not impatient.write_if_free(add_one)
        assert read(impatient) == (7 if hints else 0)
    assert impatient.write(add_one) == (8 if hints else 1)
    impatient.dispose()


def test_who_stands_still_in_the_middle_is_thrown_out_and_begins_again(counting: Database) -> None:
    with program(STANDING_STILL, counting.url) as other:
        assert line(other) == "begun"
        assert counting.write(add_one) == 1  # nothing of the other one's was kept
        os.kill(other.pid, signal.SIGCONT)
        assert line(other) == "2 [1, 2]"
    assert read(counting) == 2


def swallowing(session: Session) -> str:
    """Go on after an error of the database as if nothing had been."""
    add_one(session)
    with pytest.raises(IntegrityError):
        session.execute(text("INSERT INTO counter SELECT n FROM counter"))
    return "kept"


def test_what_the_server_gave_up_is_never_told_as_kept(counting: Database) -> None:
    with pytest.raises(InternalError, match="earlier statement"):
        counting.write(swallowing)
    assert read(counting) == 0
    assert counting.write(add_one) == 1


def test_a_part_that_the_server_gave_up_is_undone_alone(counting: Database) -> None:
    def write(session: Session) -> None:
        with pytest.raises(InternalError), savepoint(session):
            swallowing(session)
        add_one(session)

    counting.write(write)
    assert read(counting) == 1


@pytest.mark.parametrize("condition", ["disk_full", "io_error"])
def test_a_disk_that_takes_no_more_is_told_in_words(counting: Database, condition: str) -> None:
    def write(session: Session) -> None:
        add_one(session)
        session.execute(text(f"DO $$BEGIN RAISE 'no room' USING ERRCODE = '{condition}'; END$$"))

    with pytest.raises(DatabaseFull, match="make room"):
        counting.write(write)
    assert not counting.write_if_free(write)
    assert counting.write(add_one) == 1


def test_a_connection_that_the_server_ends_in_the_middle_costs_one_more_try(
    counting: Database, postgres: Server
) -> None:
    begun: list[int] = []

    def write(session: Session) -> int:
        begun.append(add_one(session))
        if len(begun) == 1:
            mine = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
            postgres.say(f"SELECT pg_terminate_backend({mine})")
            assert until(lambda: not holds(postgres, mine))
        return begun[-1]

    assert counting.write(write) == 1
    assert begun == [1, 1]
    assert read(counting) == 1


def holds(postgres: Server, pid: int) -> bool:
    """Say whether a connection has the lock of writers."""
    found = postgres.ask(f"SELECT count(*) FROM pg_locks WHERE pid = {pid} AND objid = {WRITING}")
    return bool(found[0][0])


def test_the_number_of_a_transaction_says_what_became_of_it(counting: Database) -> None:
    marks: list[str | None] = []

    def noted(session: Session) -> None:
        marks.append(counting.backend.mark(session.connection()))
        assert marks[-1] is not None
        assert counting.backend.was_committed(marks[-1]) is None  # not over yet

    def raises(session: Session) -> None:
        noted(session)
        raise ValueError

    counting.write(noted)
    with pytest.raises(ValueError):  # noqa: PT011
        counting.write(raises)
    assert [counting.backend.was_committed(str(each)) for each in marks] == [True, False]


def wrapped(error: Exception) -> DBAPIError:
    """Make it SQLAlchemy's."""
    return DBAPIError("SELECT 1", None, error)


@pytest.mark.parametrize(
    ("error", "busy", "away", "full"),
    [
        (errors.LockNotAvailable(), True, False, False),  # somebody else writes
        (errors.DeadlockDetected(), True, False, False),
        (errors.SerializationFailure(), True, False, False),
        (psycopg.OperationalError("server closed the connection unexpectedly"), True, True, False),
        (errors.ConnectionTimeout(), True, True, False),
        (errors.AdminShutdown(), True, True, False),  # it is stopped, or ended this connection
        (errors.CannotConnectNow(), True, True, False),  # it starts
        (errors.TooManyConnections(), True, True, False),
        (errors.IdleInTransactionSessionTimeout(), True, True, False),
        (errors.DiskFull(), False, False, True),
        (errors.IoError(), False, False, True),
        (errors.UniqueViolation(), False, False, False),
        (errors.UndefinedTable(), False, False, False),
        (errors.InvalidPassword(), False, False, False),
        (errors.InFailedSqlTransaction(), False, False, False),
        (psycopg.InterfaceError("wrong use"), False, False, False),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else "",
)
def test_what_an_error_of_the_server_means(error: Exception, busy: bool, away: bool, full: bool) -> None:
    backend = postgresql.PostgreSQL("postgresql://nobody@nowhere/nothing")
    found = wrapped(error)
    assert (backend.is_busy(found), backend.is_away(found), backend.is_full(found)) == (busy, away, full)
