"""Everything that lies in the database, to see whether a request changed it."""

from __future__ import annotations

import sqlite3

from flowapp.bootstrap import Flow

# Time stamps of last use may be noted by whoever only looks.
LAST_USE = frozenset({"last_seen_at", "last_used_at"})


def contents(flow: Flow) -> dict[str, list[tuple[object, ...]]]:
    """Answer every row of every table, without the time stamps of last use."""
    connection = sqlite3.connect(flow.settings.database_url.removeprefix("sqlite:///"))
    found = {}
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    for (table,) in tables:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] not in LAST_USE]
        names = ", ".join(f'"{column}"' for column in columns)
        found[table] = sorted(connection.execute(f"SELECT {names} FROM {table}").fetchall(), key=repr)
    connection.close()
    return found
