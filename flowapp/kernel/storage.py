"""How the database lies on its disk, or on its server; each function answers None for the other sort."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.orm import Session

from flowapp.kernel.db import Database, DatabaseBusy
from flowapp.kernel.errors import BadSetting

# What is raised where a database cannot be read, also while connecting.
UNREADABLE = (SQLAlchemyError, sqlite3.Error, BadSetting, DatabaseBusy)


_ASKED = """
SELECT pg_database_size(current_database()), sum(numbackends), current_setting('max_connections')::int
FROM pg_stat_database
"""


@dataclass(frozen=True, kw_only=True)
class OnServer:
    """A PostgreSQL: the size of the database in bytes, and how many are connected to the server."""

    database_bytes: int
    connections: int
    most_connections: int


@dataclass(frozen=True, kw_only=True)
class Storage:
    """A SQLite: sizes in bytes, and what the version is known for."""

    database_bytes: int
    wal_bytes: int
    free_bytes: int  # on the disk
    warning: str | None


def path_of(database: Database) -> Path | None:
    """Answer the file of a SQLite database, or None when it is none."""
    url = make_url(database.url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def storage_of(database: Database) -> Storage | None:
    """Look at the files of a SQLite database; None for another one, or when there is no file."""
    path = path_of(database)
    if path is None or not path.is_file():
        return None
    wal = path.with_name(f"{path.name}-wal")
    return Storage(
        database_bytes=path.stat().st_size,
        wal_bytes=wal.stat().st_size if wal.exists() else 0,
        free_bytes=shutil.disk_usage(path.parent).free,
        warning=database.backend.warning(),
    )


def server_of(session: Session) -> OnServer | None:
    """Ask a PostgreSQL server how large the database is, and how many are connected."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    size, connections, most = session.execute(text(_ASKED)).one()
    return OnServer(database_bytes=size, connections=int(connections), most_connections=most)


def damage_in(session: Session) -> str | None:
    """Read through a SQLite database and answer the first damage found; takes seconds for each gigabyte."""
    if session.get_bind().dialect.name != "sqlite":
        return None
    try:
        found = str(session.connection().exec_driver_sql("PRAGMA quick_check(1)").scalar())
    except DatabaseError as error:
        return str(error.orig)
    return None if found == "ok" else found
