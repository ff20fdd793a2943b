"""Where the database of a world is, a file or one on a server, and the folder of what lies beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import psycopg

from tests.support.databases import Databases

FILE = "sqlite:///"
PATIENCE = 20.0
Connection: TypeAlias = "sqlite3.Connection | psycopg.Connection[Any]"


@dataclass(frozen=True)
class Place:
    """The address of a database, and a folder."""

    url: str
    folder: Path

    @property
    def is_file(self) -> bool:
        """Whether it is SQLite's."""
        return self.url.startswith(FILE)

    @property
    def file(self) -> Path:
        """The file, where it is SQLite's."""
        assert self.is_file
        return Path(self.url.removeprefix(FILE))

    def connected(self) -> Connection:
        """Open a connection past FlowApp, in which every statement is kept at once."""
        if self.is_file:
            return sqlite3.connect(self.file, timeout=PATIENCE, isolation_level=None)
        return psycopg.connect(self.url, autocommit=True)

    def say(self, *statements: str, given: Sequence[object] = ()) -> None:
        """Carry statements out past FlowApp, and past what would refuse rows that point nowhere."""
        with closing(self.connected()) as connection:
            if not self.is_file:
                connection.execute("SET session_replication_role = replica")
            for statement in statements:
                connection.execute(in_words_of(connection, statement), *([given] if given else []))


def in_words_of(connection: Connection, query: str) -> Any:
    """Write a query as the driver of a connection reads it; what is given stands in it as `?`."""
    return query if isinstance(connection, sqlite3.Connection) else query.replace("%", "%%").replace("?", "%s")


def file_at(path: Path) -> Place:
    """Answer the place of a file."""
    return Place(f"{FILE}{path}", path.parent)


def place_in(folder: Path, databases: Databases, *, of: Place | None = None) -> Place:
    """Make a database without a table, or a copy of another one."""
    place = Place(databases.new_url(folder), folder)
    if of is None:
        databases.make(place.url)
    else:
        databases.duplicate(of.url, place.url)
    return place
