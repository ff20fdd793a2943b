"""What an earlier move left in the database: a note, by which a rehearsal can be told from rows that people need."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import sql
from sqlalchemy import Connection, func, inspect, select, text

from flowapp.accounts.audit import AuditEntry
from flowapp.http.tables import metadata
from flowapp.kernel import plain

_BY = "flask flow move-to"
_READ = "SELECT obj_description(to_regclass('alembic_version'), 'pg_class')"


def leave_note(connection: Connection) -> None:
    """Note how much there is and which entry of the audit is the last."""
    written = plain.dump({"by": _BY, **_standing(connection)})
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(sql.SQL("COMMENT ON TABLE alembic_version IS {}").format(sql.Literal(written)))


def note(connection: Connection) -> dict[str, object] | None:
    """Answer what an earlier move noted, or None when no move has written here."""
    written = connection.scalar(text(_READ))
    try:
        found = plain.load(written) if written else None
    except ValueError:
        return None
    return found if isinstance(found, dict) and found.get("by") == _BY else None


def changed_since(connection: Connection, things: Sequence[str]) -> str | None:
    """Say why what is there may not be emptied, or None where it is still what an earlier move wrote."""
    left = note(connection)
    if left is None:
        return (
            f"--again empties only what a move wrote, and the database has {things[0]} from elsewhere. "
            "Make a new database for FlowApp, and move to that one."
        )
    own = {"alembic_version", *metadata().tables}
    strange = sorted(set(inspect(connection).get_table_names()) - own)
    # Whoever leads a FlowApp makes its table of hints, which is none of ours.
    if strange or left != {"by": _BY, **_standing(connection)}:
        return (
            "FlowApp has run on this database since the earlier move, so it is not emptied. If nobody needs it, "
            "drop it yourself; else make a new database, and move to that one."
        )
    return None


def _standing(connection: Connection) -> dict[str, object]:
    entries = AuditEntry.__table__.c
    last = connection.scalar(select(entries.hash).order_by(entries.id.desc()).limit(1))
    tables = metadata().sorted_tables
    return {
        "rows": {table.name: connection.scalar(select(func.count()).select_from(table)) for table in tables},
        "audit": last or "",
    }
