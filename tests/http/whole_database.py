"""Everything that lies in the database, to see whether a request changed it."""

from __future__ import annotations

from sqlalchemy import select

from flowapp.bootstrap import Flow
from flowapp.http.tables import metadata

# Time stamps of last use may be noted by whoever only looks.
LAST_USE = frozenset({"last_seen_at", "last_used_at"})


def contents(flow: Flow) -> dict[str, list[tuple[object, ...]]]:
    """Answer every row of every table, without the time stamps of last use."""
    found = {}
    with flow.database.read() as session:
        for table in metadata().sorted_tables:
            columns = [column for column in table.c if column.name not in LAST_USE]
            found[table.name] = sorted((tuple(row) for row in session.execute(select(*columns))), key=repr)
    return found
