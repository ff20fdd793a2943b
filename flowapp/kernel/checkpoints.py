"""Moving what the WAL of a SQLite database holds into its file, before it grows long.

SQLite does so by itself after a commit, while somebody else may write already. Up to 3.51.2 that can lose pages: a
checkpoint that begins while a writer starts the WAL anew does not notice, and leaves out what it should have moved. So
here it is never done but by whoever holds the lock to write: nobody can write meanwhile, in whichever process, and the
next who does starts the WAL anew.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from pathlib import Path
from time import monotonic

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)
MOST_BYTES = 4 * 1024 * 1024  # whoever starts a WAL anew cuts it to this length, so that a longer one has more in it
LEAST_SECONDS = 0.1  # between two, as long as readers keep the WAL from being started anew
HOLD_SECONDS, MOST_HOLD_SECONDS = 0.005, 0.1  # how long readers are given to end, the longer the longer the WAL is
PRAGMAS = ("wal_autocheckpoint=0", f"journal_size_limit={MOST_BYTES}")  # of every connection that writes
SAID = tuple(f"PRAGMA {each}" for each in PRAGMAS)


class Checkpoints:
    """The checkpoints that one process makes; `writer` waits for the lock to write."""

    def __init__(self, path: Path, writer: Engine) -> None:
        self._path = path
        self._wal = f"{path}-wal"
        self._writer = writer
        self._connection: sqlite3.Connection | None = None
        self._not_before = 0.0

    @property
    def due(self) -> bool:
        """Whether the WAL is long; asked after every commit, and answered in two microseconds."""
        if self._length() <= MOST_BYTES:
            self._not_before = 0.0  # it was started anew since the last time
            return False
        return monotonic() >= self._not_before

    def make(self) -> None:
        """Move all into the file that no reader of an earlier state keeps back; one thread at a time."""
        self._not_before = monotonic() + LEAST_SECONDS
        times = self._length() / MOST_BYTES
        try:
            with self._writer.begin():  # on a connection of its own: inside a transaction it would be refused
                busy, length, moved = self._beside().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                if times > 2:  # readers do not let it be started anew; those that come from now on do not need it
                    threading.Event().wait(min(times * HOLD_SECONDS, MOST_HOLD_SECONDS))
        except (DBAPIError, sqlite3.Error):
            log.warning("the WAL could not be moved into the database yet; it is tried again", exc_info=True)
        else:
            log.debug("moved %d of %d pages into the database (%d)", moved, length, busy)

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _length(self) -> int:
        try:
            return os.stat(self._wal).st_size
        except OSError:
            return 0

    def _beside(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
        return self._connection
