"""The database: sessions that only read, and `write`, through which everything that is written goes.

Writers take turns, within a process (`kernel.changes`) and between processes (`kernel.backends`); readers wait for
nobody and cannot write.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TypeVar, cast

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from flowapp.kernel import baton
from flowapp.kernel.backends import backend_of, errors_of
from flowapp.kernel.changes import Changes, Sequel
from flowapp.kernel.errors import FlowError
from flowapp.kernel.transaction import TransactionLost, WritingSession

T = TypeVar("T")

GIVE_UP_SECONDS = 15.0  # how long a person waits for a page before being told


class DatabaseBusy(FlowError):
    """The database is busy with something long. Nothing was changed; please try again in a minute."""

    code = "database_busy"


class DatabaseFull(DatabaseBusy):
    """The disk of the server is full, so nothing was changed. Ask whoever looks after it to make room; then try again.

    Like a database that is busy it is nobody's failure who wants to write, and may pass.
    """

    code = "database_full"


class DatabaseAway(DatabaseBusy):
    """The database cannot be reached. Nothing was changed; please try again in a minute."""

    code = "database_away"


class Database:
    """One database, with an engine that reads and one that writes.

    Make it after fork: connections must not be shared between processes.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.backend = backend_of(url)
        self.writer = self.backend.writer()
        self.reader = self.backend.reader()
        self._hurried = self.backend.hurried()
        self._changes = Changes(self.backend, self.writer)
        self._checkpoints = self.backend.checkpoints(self.writer)

    def carry_on_with(self, sequel: Sequel | None) -> None:
        """Let what changes leave due be carried on in their own transaction by this; None: ring for it instead."""
        self._changes.sequel = sequel

    def write(self, fn: Callable[[Session], T], *, give_up: float = GIVE_UP_SECONDS) -> T:
        """Run `fn` in a transaction and commit; answer what it answered.

        `fn` may run more than once (another process may hold the database), so it must change nothing outside
        the session, and should answer plain values. Raises DatabaseBusy when its turn did not come in `give_up`
        seconds, DatabaseAway, DatabaseFull, and OutcomeUnknown.
        """
        change = self._changes.queue(fn)
        deadline = monotonic() + give_up
        pause = 0.01
        while not self._changes.done(change, max(deadline - monotonic(), 0.0)):
            if monotonic() + pause > deadline and self._changes.withdraw(change):
                raise self._busy(self._changes.trouble)
            with baton.put_down():
                threading.Event().wait(pause)
            pause = min(pause * 2, 1.0)
        if self._checkpoints is not None and self._checkpoints.due:
            self._changes.beside(self._checkpoints.make, GIVE_UP_SECONDS)
        try:
            return cast(T, change.outcome())
        except (DBAPIError, TransactionLost) as error:
            if self._is_full(error):
                raise DatabaseFull from error
            raise

    def write_if_free(self, fn: Callable[[Session], object]) -> bool:
        """Write something that may as well be left out, such as when somebody was last here; never waits.

        Answers whether it was written.
        """
        try:
            with WritingSession(self._hurried, expire_on_commit=False, autoflush=False) as session, session.begin():
                fn(session)
        except DBAPIError as error:
            if not self.backend.is_busy(error) and not self._is_full(error):
                raise
            return False
        return True

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that sees one consistent state and cannot write; raises DatabaseAway."""
        try:
            with Session(self.reader, expire_on_commit=False, autoflush=False) as session:
                yield session
        except DBAPIError as error:
            if self.backend.is_away(error):
                raise DatabaseAway from error
            raise

    def dispose(self) -> None:
        """Close every connection."""
        self.reader.dispose()
        self.writer.dispose()
        self._hurried.dispose()
        if self._checkpoints is not None:
            self._checkpoints.close()

    def _busy(self, trouble: DBAPIError | None) -> DatabaseBusy:
        away = trouble is not None and self.backend.is_away(trouble)
        return DatabaseAway() if away else DatabaseBusy()

    def _is_full(self, error: BaseException) -> bool:
        return any(self.backend.is_full(each) for each in errors_of(error))
