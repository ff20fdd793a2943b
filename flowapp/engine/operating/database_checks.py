"""What the database and its files say, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flowapp.engine.operating.finding import Finding, fine, look, wrong
from flowapp.kernel.storage import OnServer, Storage

MEGABYTE, GIGABYTE = 2**20, 2**30
WAL_TOO_LARGE = 256 * MEGABYTE
LEAST_FREE = GIGABYTE
MOST_CONNECTED = 0.8


def revision(found: str | None, newest: str) -> Finding:
    """Say whether the tables are those that this FlowApp needs."""
    if found is None:
        return wrong("revision", "The database has no tables.", "Start FlowApp once (`make run`): it makes them.")
    if found > newest:
        words = f"The database is at revision {found}, which a newer FlowApp has made; this one knows {newest}."
        return wrong("revision", words, "Install the newer FlowApp again, or restore the backup from before it.")
    if found < newest:
        words = f"The database is at revision {found}, and this FlowApp needs {newest}."
        return wrong("revision", words, "Restart FlowApp: it brings the tables forward.")
    return fine("revision", f"The tables are at revision {found}, the newest.")


def damage(found: str | None) -> Finding:
    """Say whether the database is damaged."""
    if found is None:
        return fine("integrity", "The database was read through, and is whole.")
    words = f"The database is damaged: {found[:200]}."
    return wrong("integrity", words, "Stop FlowApp, keep a copy of the file and its -wal, and restore the last backup.")


def version(found: Storage) -> Finding:
    """Say whether this SQLite is one to rely on."""
    if found.warning is not None:
        remedy = "Use a Python with a newer SQLite when there is one."
        return look("SQLite", found.warning, remedy)
    return fine("SQLite", "This version of SQLite has no fault that is known to matter here.")


def wal(found: Storage) -> Finding:
    """Say whether changes are moved into the database in time."""
    words = f"The -wal file has {_size(found.wal_bytes)}."
    if found.wal_bytes > WAL_TOO_LARGE:
        remedy = "Some program keeps reading, so it cannot be emptied: close what else has the database open."
        return look("wal", words, remedy)
    return fine("wal", words)


def disk(found: Storage) -> Finding:
    """Say whether the disk has room."""
    needed = max(LEAST_FREE, found.database_bytes // 4)
    words = f"{_size(found.free_bytes)} are free on its disk; the database has {_size(found.database_bytes)}."
    if found.free_bytes < MEGABYTE * 100:
        return wrong("disk", words, "Make room at once: without it no change can be written.")
    if found.free_bytes < needed:
        return look("disk", words, f"Make room, so that {_size(needed)} are free.")
    return fine("disk", words)


def connections(found: OnServer) -> Finding:
    """Say whether the server takes more connections."""
    words = f"{found.connections} of the {found.most_connections} connections that PostgreSQL takes are in use."
    if found.connections > found.most_connections * MOST_CONNECTED:
        remedy = "Raise max_connections of the server, or lower FLOWAPP_WEB_WORKERS or FLOWAPP_WEB_THREADS."
        return look("connections", words, remedy)
    return fine("connections", words)


STORAGE: Sequence[Callable[[Storage], Finding]] = (version, wal, disk)


def _size(number: int) -> str:
    return f"{number / GIGABYTE:.1f} GiB" if number >= GIGABYTE else f"{number / MEGABYTE:.0f} MiB"
