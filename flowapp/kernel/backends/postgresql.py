"""PostgreSQL: a server of its own, for many homes.

Writers take one lock of the whole database before they begin, and so go one after the other, in whichever process:
what each of them reads is what it decides on, as with SQLite (docs/adr/0015-writers-take-turns-on-postgresql.md).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex

from flowapp.kernel.backends.advisory_lock import AdvisoryLock
from flowapp.kernel.backends.backend import Backend
from flowapp.kernel.backends.lock import Lock
from flowapp.kernel.backends.remedy import remedy_of
from flowapp.kernel.columns import ONLY_WHERE

WRITING = 0x464C4F57  # the number of the lock that writers take
BUSY_MILLISECONDS = 5_000  # how long one statement waits for whoever else writes
HINT_BUSY_MILLISECONDS = 200  # the tick waits in the same thread
# A process that stands still in the middle of a transaction would hold up all others until it went on.
STANDS_STILL_MILLISECONDS = 10_000
CONNECT_SECONDS = 5
_BEGIN = (
    f"BEGIN; SELECT pg_advisory_xact_lock({WRITING}); "
    "SELECT pg_current_xact_id()::text || ' ' || pg_current_wal_flush_lsn()::text"
)
_TRANSACTION = "transaction"  # in the `info` of a connection: its number, and how far the log was on the disk then
# A server that crashed gives the number of a transaction that never reached its disk to another one, which may commit.
# The checkpoint with which it comes back begins at or after that place in the log, and knows only lower numbers.
_BECAME = """
SELECT pg_xact_status(%(number)s::xid8),
       redo_lsn < %(flushed)s::pg_lsn
       OR (split_part(next_xid, ':', 1)::bigint * 4294967296 + split_part(next_xid, ':', 2)::bigint)::text::xid8
          > %(number)s::xid8
FROM pg_control_checkpoint()
"""
_AGAIN = (errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable)
_AWAY = (
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
    errors.TooManyConnections,
    errors.IdleInTransactionSessionTimeout,
)
_FULL = (errors.DiskFull, errors.IoError)


@compiles(CreateIndex, "postgresql")
def _create_index(element: CreateIndex, compiler: Any, **options: Any) -> str:
    if (condition := element.element.info.get(ONLY_WHERE)) is not None:
        element.element.dialect_options["postgresql"]["where"] = text(condition)
    return cast(str, compiler.visit_create_index(element, **options))


class PostgreSQL(Backend):
    """A database on a server."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.address = address_of(url)

    def writer(self) -> Engine:
        """Make an engine whose transactions wait for the lock of writers; one at a time needs few connections."""
        return self._writing(BUSY_MILLISECONDS)

    def hurried(self) -> Engine:
        """Make such an engine that does not wait for the lock."""
        return self._writing(1)

    def reader(self) -> Engine:
        """Make an engine that cannot write."""
        engine = self._engine(pool_size=5, max_overflow=35)

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            _say(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

        return engine

    def for_hints(self) -> Engine:
        """Make an engine that takes no lock of writers, and leaves the disk to the server."""
        engine = self._engine(pool_size=1, max_overflow=3, lock_timeout=HINT_BUSY_MILLISECONDS, autocommit=False)

        @event.listens_for(engine, "connect")
        def _connect(connection: psycopg.Connection[Any], _record: Any) -> None:
            with connection.transaction():
                self.commit_quickly(connection)

        return engine

    def lock(self, path: Path) -> Lock:
        """Make a lock on the server: the processes may be on several machines."""
        return AdvisoryLock(conninfo(self.address))

    def commit_quickly(self, driver: Any) -> None:
        """Leave the disk to the server."""
        driver.execute("SET synchronous_commit = off")

    def is_busy(self, error: DBAPIError) -> bool:
        """Say whether somebody else was writing, or the connection was lost before the commit."""
        return isinstance(error.orig, _AGAIN) or self.is_away(error)

    def is_away(self, error: DBAPIError) -> bool:
        """Say whether the server cannot be reached, or broke the connection off."""
        # What libpq says of a lost connection has no code of the server's, nor has a connection that took too long.
        lost = isinstance(error.orig, psycopg.OperationalError) and error.orig.sqlstate is None
        return lost or isinstance(error.orig, _AWAY)

    def is_full(self, error: DBAPIError) -> bool:
        """Say whether the disk of the server took no more."""
        return isinstance(error.orig, _FULL)

    def remedy(self, error: DBAPIError) -> str | None:
        """Say why the server or its database cannot be used, in words for whoever wrote the address."""
        return remedy_of(self.address, error.orig)

    def mark(self, connection: Connection) -> str | None:
        """Answer the number of the transaction, and how far the server had written its log when that was given."""
        return cast(str | None, connection.info.get(_TRANSACTION))

    def was_committed(self, mark: str) -> bool | None:
        """Ask the server, over a connection of its own, what became of a transaction."""
        number, _, flushed = mark.partition(" ")
        try:
            with psycopg.connect(conninfo(self.address), autocommit=True, connect_timeout=CONNECT_SECONDS) as asking:
                found = asking.execute(_BECAME, {"number": number, "flushed": flushed}).fetchone()
        except psycopg.OperationalError:
            return None
        except errors.InvalidParameterValue:  # it will be given yet: nothing of ours reached the disk
            return False
        status, is_ours = found or (None, False)
        if not is_ours:
            return False
        return None if status == "in progress" else status == "committed"

    def _writing(self, busy_milliseconds: int) -> Engine:
        engine = self._engine(
            pool_size=1,
            max_overflow=9,
            lock_timeout=busy_milliseconds,
            idle_in_transaction_session_timeout=STANDS_STILL_MILLISECONDS,
        )

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            cursor = _say(connection, _BEGIN)
            cursor.nextset()
            cursor.nextset()
            connection.info[_TRANSACTION] = cursor.fetchone()[0]

        event.listen(engine, "commit", _refuse_failed)
        return engine

    def _engine(self, *, pool_size: int, max_overflow: int, autocommit: bool = True, **settings: int) -> Engine:
        # With autocommit it is we who say BEGIN; psycopg's own would be one more message.
        said = " ".join(f"-c {name}={value}" for name, value in {"timezone": "UTC", **settings}.items())
        engine = create_engine(
            self.address,
            connect_args={"options": said, "connect_timeout": CONNECT_SECONDS, "autocommit": autocommit},
            paramstyle="format",
            pool_size=pool_size,
            max_overflow=max_overflow,
            pool_pre_ping=True,  # after a restart of the server the old connections are noticed before they are used
        )
        engine.dialect.do_rollback = _roll_back  # type: ignore[assignment, method-assign]
        return engine


def address_of(url: str) -> URL:
    """Answer the address with the driver that is used for it."""
    return make_url(url).set(drivername="postgresql+psycopg")


def conninfo(address: URL) -> str:
    """Write an address as libpq reads it."""
    return address.set(drivername="postgresql").render_as_string(hide_password=False)


def _roll_back(driver: Any) -> None:
    """Roll back; what went with the connection is rolled back, and whoever closes a session need not hear of it."""
    try:
        driver.rollback()
    except psycopg.OperationalError:
        if not driver.closed:
            raise


def _say(connection: Connection, text: str) -> Any:
    """Send several statements in one message, past SQLAlchemy, which sends only one; its errors become SQLAlchemy's."""
    driver: Any = connection.connection.driver_connection
    try:
        return driver.execute(text)
    except psycopg.Error as error:
        if driver.closed:
            connection.invalidate(error)
        else:
            driver.rollback()  # whoever did not get the lock has begun all the same
        raise DBAPIError.instance(text, None, error, psycopg.Error, dialect=connection.dialect) from error


def _refuse_failed(connection: Connection) -> None:
    """Refuse to commit after an error that the change swallowed: the server would roll back, and say nothing."""
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    if driver.info.transaction_status == TransactionStatus.INERROR:
        driver.rollback()  # SQLAlchemy takes a transaction for ended that it was not let commit
        error = errors.InFailedSqlTransaction("an earlier statement of this transaction failed")
        raise DBAPIError.instance("COMMIT", None, error, psycopg.Error, dialect=connection.dialect)
