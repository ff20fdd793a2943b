"""SQLite: a file beside FlowApp.

With SQLAlchemy's defaults, 200 of 240 concurrent read-then-write updates were lost without an error. So writers begin
with BEGIN IMMEDIATE, and readers cannot write.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError

from flowapp.kernel import checkpoints
from flowapp.kernel.backends.backend import Backend
from flowapp.kernel.backends.lock import FileLock, Lock
from flowapp.kernel.checkpoints import Checkpoints

BUSY_MILLISECONDS = 5_000  # how long one statement waits for another process
HINT_BUSY_SECONDS = 0.2  # the tick waits in the same thread
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-32000",
    "temp_store=MEMORY",  # what a SAVEPOINT may have to undo; in files it costs a tenth of all decisions a second
    *checkpoints.PRAGMAS,
)
SAID = tuple(f"PRAGMA {each}" for each in PRAGMAS)
SAID_FOR_HINTS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL", *checkpoints.SAID)
SAFE_SQLITE = (3, 51, 3)  # earlier ones can lose pages; see `kernel.checkpoints`


class Sqlite(Backend):
    """A database in a file."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._path = Path(make_url(url).database or "")
        self._path.parent.mkdir(parents=True, exist_ok=True)

    def writer(self) -> Engine:
        """Make an engine whose transactions take the lock to write when they begin."""
        return _engine(self.url, begin="BEGIN IMMEDIATE")

    def hurried(self) -> Engine:
        """Make such an engine that does not wait for the lock."""
        return _engine(self.url, begin="BEGIN IMMEDIATE", busy_seconds=0.0)

    def reader(self) -> Engine:
        """Make an engine that cannot write."""
        return _engine(self.url, begin="BEGIN", query_only=True)

    def for_hints(self) -> Engine:
        """Make an engine of short patience that leaves the disk, and moving the WAL into the file, to others."""
        connect = {"timeout": HINT_BUSY_SECONDS, "check_same_thread": False}
        engine = create_engine(self.url, connect_args=connect, pool_size=1, max_overflow=3)

        @event.listens_for(engine, "connect")
        def _connect(connection: sqlite3.Connection, _record: Any) -> None:
            for statement in SAID_FOR_HINTS:
                connection.execute(statement)

        return engine

    def lock(self, path: Path) -> Lock:
        """Make a lock on a file: the processes are all on this machine."""
        return FileLock(path)

    def commit_quickly(self, driver: Any) -> None:
        """Leave the disk to the system; with a WAL nothing can be torn by it."""
        driver.execute("PRAGMA synchronous=NORMAL")

    def is_busy(self, error: DBAPIError) -> bool:
        """Say whether somebody else was writing."""
        return isinstance(error.orig, sqlite3.OperationalError) and "locked" in str(error.orig)

    def is_away(self, error: DBAPIError) -> bool:
        """Say no: a file does not go away."""
        return False

    def is_full(self, error: DBAPIError) -> bool:
        """Say whether the disk took no more, or could not be written to."""
        return isinstance(error.orig, sqlite3.OperationalError) and error.orig.sqlite_errorcode & 0xFF in (
            sqlite3.SQLITE_FULL,
            sqlite3.SQLITE_IOERR,
        )

    def checkpoints(self, writer: Engine) -> Checkpoints:
        """Answer who moves what the WAL holds into the file."""
        return Checkpoints(self._path, writer)

    def warning(self) -> str | None:
        """Say what is wrong with this SQLite, if anything is."""
        return sqlite_warning()


def sqlite_warning(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> str | None:
    """Say what is wrong with this SQLite, if anything is."""
    if version >= SAFE_SQLITE:
        return None
    shown = ".".join(map(str, version))
    return (
        f"SQLite {shown} has a known fault that FlowApp keeps clear of, however many processes it has. Do not let "
        "other programs write to its file while it runs. Version 3.51.3 or later has it mended."
    )


def _engine(
    url: str, *, begin: str, query_only: bool = False, busy_seconds: float = BUSY_MILLISECONDS / 1000
) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": busy_seconds, "check_same_thread": False},
        pool_size=20,
        max_overflow=20,
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for statement in SAID:
            connection.execute(statement)
        if query_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # Past SQLAlchemy, which takes longer than the database; its errors become SQLAlchemy's.
        try:
            connection.connection.driver_connection.execute(begin)
        except sqlite3.Error as error:
            raise DBAPIError.instance(begin, None, error, sqlite3.Error, dialect=connection.dialect) from error

    return engine
