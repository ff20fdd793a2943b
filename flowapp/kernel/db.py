"""The database: sessions that only read, and `write`, through which everything that is written goes.

With SQLAlchemy's defaults on SQLite, 200 of 240 concurrent read-then-write updates were lost without an error.
So writers begin with BEGIN IMMEDIATE and take turns (`kernel.changes`), and readers cannot write.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar, cast

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from flowapp.kernel import checkpoints
from flowapp.kernel.changes import Changes, is_busy, is_full
from flowapp.kernel.checkpoints import Checkpoints
from flowapp.kernel.errors import FlowError
from flowapp.kernel.transaction import TransactionLost, WritingSession

log = logging.getLogger(__name__)
T = TypeVar("T")

BUSY_MILLISECONDS = 5_000  # how long one statement waits for another process
GIVE_UP_SECONDS = 15.0  # how long a person waits for a page before being told
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-32000",
    "temp_store=MEMORY",  # what a SAVEPOINT may have to undo; in files it costs a tenth of all decisions a second
    *checkpoints.PRAGMAS,
)
SAFE_SQLITE = (3, 51, 3)  # earlier ones can lose pages; see `kernel.checkpoints`


class DatabaseBusy(FlowError):
    """The database is busy with something long. Nothing was changed; please try again in a minute."""

    code = "database_busy"


class DatabaseFull(DatabaseBusy):
    """The disk of the server is full, so nothing was changed. Ask whoever looks after it to make room; then try again.

    Like a database that is busy it is nobody's failure who wants to write, and may pass.
    """

    code = "database_full"


class Database:
    """One database, with an engine that reads and one that writes.

    Make it after fork: connections must not be shared between processes.
    """

    def __init__(self, url: str) -> None:
        path = Path(make_url(url).database or "")
        path.parent.mkdir(parents=True, exist_ok=True)
        self.url = url
        self.writer = _engine(url, begin="BEGIN IMMEDIATE", query_only=False)
        self.reader = _engine(url, begin="BEGIN", query_only=True)
        self._hurried = _engine(url, begin="BEGIN IMMEDIATE", query_only=False, busy_seconds=0.0)
        self._changes = Changes(self.writer)
        self._checkpoints = Checkpoints(path, self.writer)

    def write(self, fn: Callable[[Session], T], *, give_up: float = GIVE_UP_SECONDS) -> T:
        """Run `fn` in a transaction and commit; answer what it answered.

        `fn` may run more than once (another process may hold the database), so it must change nothing outside
        the session, and should answer plain values. Raises DatabaseBusy when its turn did not come in `give_up`
        seconds, and DatabaseFull.
        """
        change = self._changes.queue(fn)
        deadline = monotonic() + give_up
        pause = 0.01
        while not self._changes.done(change, max(deadline - monotonic(), 0.0)):
            if monotonic() + pause > deadline and self._changes.withdraw(change):
                raise DatabaseBusy
            threading.Event().wait(pause)
            pause = min(pause * 2, 1.0)
        if self._checkpoints.due:
            self._changes.beside(self._checkpoints.make, GIVE_UP_SECONDS)
        try:
            return cast(T, change.outcome())
        except (OperationalError, TransactionLost) as error:
            if is_full(error):
                raise DatabaseFull from error
            raise

    def write_if_free(self, fn: Callable[[Session], object]) -> bool:
        """Write something that may as well be left out, such as when somebody was last here; never waits.

        Answers whether it was written.
        """
        try:
            with WritingSession(self._hurried, expire_on_commit=False, autoflush=False) as session, session.begin():
                fn(session)
        except OperationalError as error:
            if not is_busy(error) and not is_full(error):
                raise
            return False
        return True

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that sees one consistent state and cannot write."""
        with Session(self.reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    def dispose(self) -> None:
        """Close every connection."""
        self.reader.dispose()
        self.writer.dispose()
        self._hurried.dispose()
        self._checkpoints.close()


def sqlite_warning(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> str | None:
    """Say what is wrong with this SQLite, if anything is."""
    if version >= SAFE_SQLITE:
        return None
    shown = ".".join(map(str, version))
    return (
        f"SQLite {shown} has a known fault that FlowApp keeps clear of, however many processes it has. Do not let "
        "other programs write to its file while it runs. Version 3.51.3 or later has it mended."
    )


def _engine(url: str, *, begin: str, query_only: bool, busy_seconds: float = BUSY_MILLISECONDS / 1000) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": busy_seconds, "check_same_thread": False},
        pool_size=20,
        max_overflow=20,
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if query_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
