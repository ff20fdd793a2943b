"""The WAL stays short, and nothing is moved out of it while anybody can write."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from flowapp.kernel.checkpoints import MOST_BYTES, Checkpoints
from flowapp.kernel.db import Database

MUCH = 256 * 1024
TIMES = 5 * MOST_BYTES // MUCH


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tea.sqlite3"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{path}")
    made.write(lambda session: _run(session, "CREATE TABLE tea (leaves BLOB)"))
    yield made
    made.dispose()


def test_the_wal_is_no_longer_than_twice_its_limit_however_much_is_written(path: Path, database: Database) -> None:
    longest = 0
    for _ in range(TIMES):
        _pour(database)
        longest = max(longest, _length(path))
    assert MOST_BYTES < longest < 2 * MOST_BYTES


def test_it_stays_short_when_several_write_and_read_at_once(path: Path, database: Database) -> None:
    other, longest = Database(database.url), [0]

    def work(by: Database) -> None:
        for _ in range(TIMES):
            _pour(by)
            with by.read() as session:
                session.execute(text("SELECT count(*) FROM tea"))
            longest[0] = max(longest[0], _length(path))

    threads = [threading.Thread(target=work, args=(each,)) for each in (database, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.dispose()
    assert longest[0] < 8 * MOST_BYTES < 2 * TIMES * MUCH


def test_whoever_reads_an_old_state_keeps_it_long_and_it_is_short_again_afterwards(
    path: Path, database: Database
) -> None:
    with database.read() as session:
        before = session.execute(text("SELECT count(*) FROM tea")).scalar()
        for _ in range(TIMES):
            _pour(database)
        assert session.execute(text("SELECT count(*) FROM tea")).scalar() == before
        assert _length(path) > 4 * MOST_BYTES
    for _ in range(TIMES):
        _pour(database)
    assert _length(path) < 2 * MOST_BYTES


def test_nobody_can_write_while_it_is_moved(path: Path, database: Database) -> None:
    refused: list[str] = []

    class Watched(Checkpoints):
        def _beside(self) -> sqlite3.Connection:
            with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
                try:
                    other.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError as error:
                    refused.append(str(error))
            return super()._beside()

    _pour(database)
    moving = Watched(path, database.writer)
    moving.make()
    moving.close()
    assert refused == ["database is locked"]


def test_no_connection_of_ours_moves_anything_by_itself(database: Database) -> None:
    for engine in (database.reader, database.writer, database._hurried):
        assert _asked(engine, "wal_autocheckpoint") == 0
        assert _asked(engine, "journal_size_limit") == MOST_BYTES


def test_a_change_is_kept_when_what_follows_it_goes_wrong(
    path: Path, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    gone = sqlite3.connect(path)
    gone.close()
    database._checkpoints._connection = gone
    with caplog.at_level(logging.WARNING):
        for _ in range(TIMES):
            _pour(database)
    assert "it is tried again" in caplog.text
    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM tea")).scalar() == TIMES


def _pour(database: Database) -> None:
    database.write(lambda session: _run(session, f"INSERT INTO tea VALUES (randomblob({MUCH}))"))


def _run(session: Session, statement: str) -> None:
    session.execute(text(statement))


def _asked(engine: Engine, pragma: str) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one())


def _length(path: Path) -> int:
    return os.stat(f"{path}-wal").st_size
