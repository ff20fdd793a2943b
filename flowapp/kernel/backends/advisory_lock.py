"""A lock on a PostgreSQL server, among the processes of all machines that use it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import psycopg

from flowapp.kernel.backends.lock import Lock

LEADING = 0x4C454144  # the number of the lock
# A machine that is gone without a word is noticed after some ten seconds, not after hours.
_NOTICED = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"


class AdvisoryLock(Lock):
    """A lock that lasts as long as a connection of its own."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._connection: psycopg.Connection[Any] | None = None
        self._held = False

    @property
    def held(self) -> bool:
        """Whether this process has it, as far as it knows."""
        return self._held

    def take(self) -> bool:
        """Take it if nobody has it, or see whether the connection still stands; answer whether it is held."""
        try:
            if self._connection is None:
                self._connection = psycopg.connect(self._conninfo, autocommit=True, options=_NOTICED, connect_timeout=5)
            if self._held:
                self._connection.execute("SELECT 1")
            else:
                found = self._connection.execute("SELECT pg_try_advisory_lock(%s)", [LEADING]).fetchone()
                self._held = found is not None and found[0]
        except psycopg.Error:
            self.give_up()
        return self._held

    def give_up(self) -> None:
        """Let somebody else have it."""
        self._held = False
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None
