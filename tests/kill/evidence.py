"""What the database itself says about leave requests, asked in plain SQL and recounted here."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from enum import Enum, auto
from typing import Any

from tests.kill.place import Connection, Place, in_words_of

PATHS = ("short", "short.then.approve", "short.then.tell")
ACTIONS = PATHS[1:]


_TABLES = "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
_FOREIGN_KEYS = """
    SELECT t.relname::text, a.attname::text, o.relname::text, f.attname::text FROM pg_constraint c
    JOIN pg_class t ON t.oid = c.conrelid
    JOIN pg_class o ON o.oid = c.confrelid
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[1]
    WHERE c.contype = 'f' AND cardinality(c.conkey) = 1
"""


class Stand(Enum):
    """How far a leave request has come."""

    NOTHING = auto()
    ASKED = auto()
    DECIDED = auto()


class Row:
    """A row, by the names or the numbers of its columns; moments and days are the text that SQLite keeps."""

    def __init__(self, names: Sequence[str], values: Sequence[object]) -> None:
        self._names = names
        self._values = [_as_text(value) for value in values]

    def __getitem__(self, column: str | int) -> Any:
        return self._values[column if isinstance(column, int) else self._names.index(column)]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)


class Evidence:
    """Questions to one database."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def one(self, query: str, *given: object) -> int:
        """Answer the number a query counts."""
        return int(self.rows(query, *given)[0][0])

    def rows(self, query: str, *given: object) -> list[Row]:
        """Answer the rows of a query."""
        found = self.connection.execute(in_words_of(self.connection, query), given)
        names = [str(column[0]) for column in found.description or ()]
        return [Row(names, values) for values in found.fetchall()]

    def damage(self) -> Iterator[str]:
        """Find damage to the database itself, and rows that point nowhere."""
        yield from self._damage_of_file() if isinstance(self.connection, sqlite3.Connection) else self._damage_there()

    def _damage_of_file(self) -> Iterator[str]:
        integrity = [row[0] for row in self.rows("PRAGMA integrity_check")]
        if integrity != ["ok"]:
            yield f"integrity_check: {integrity}"
        if orphans := self.rows("PRAGMA foreign_key_check"):
            yield f"rows that point nowhere: {[tuple(row) for row in orphans]}"

    def _damage_there(self) -> Iterator[str]:
        """Read every page of every table, each of which has a checksum, and follow every foreign key."""
        for (table,) in self.rows(_TABLES):
            self.one(f'SELECT count(each.*) FROM "{table}" AS each')
        for table, column, other, key in self.rows(_FOREIGN_KEYS):
            query = f'SELECT count(*) FROM "{table}" AS a LEFT JOIN "{other}" AS b ON b."{key}" = a."{column}" '
            if orphans := self.one(f'{query} WHERE a."{column}" IS NOT NULL AND b."{key}" IS NULL'):
                yield f"rows that point nowhere: {orphans} in {table}.{column}"

    def parts(self, start: date) -> dict[str, int]:
        """Count what must be written together when leave from this day is asked for."""
        mine = "SELECT id FROM leave_request WHERE start_date = ?"
        day = start.isoformat()
        event = f"SELECT seq FROM event WHERE type = 'leave_requested' AND subject_id IN ({mine})"
        execution = f"SELECT id FROM execution WHERE event_seq IN ({event})"
        audit = f"SELECT id FROM audit_entry WHERE action = 'leave.request' AND entity_id IN ({mine})"
        step = f"SELECT id FROM step_execution WHERE path = 'short' AND execution_id IN ({execution})"
        queries = {"request": mine, "event": event, "audit": audit, "execution": execution, "first step": step}
        return {name: self.one(f"SELECT count(*) FROM ({query})", day) for name, query in queries.items()}

    def decision(self, start: date) -> dict[str, int]:
        """Count what must be written together when leave from this day is approved."""
        mine = "SELECT id FROM leave_request WHERE start_date = ?"
        execution = f"SELECT id FROM execution WHERE subject_id IN ({mine})"
        queries = {
            "approval": f"{mine} AND status = 'approved' AND version = 2",
            "take": f"SELECT id FROM leave_ledger WHERE kind = 'take' AND leave_request_id IN ({mine})",
            "event": f"SELECT seq FROM event WHERE type = 'leave_approved' AND subject_id IN ({mine})",
            "audit": f"SELECT id FROM audit_entry WHERE action = 'leave.approved' AND entity_id IN ({mine})",
            "notification": f"SELECT id FROM notification WHERE execution_id IN ({execution})",
            "completed execution": f"{execution} AND status = 'completed'",
        }
        return {name: self.one(f"SELECT count(*) FROM ({query})", start.isoformat()) for name, query in queries.items()}

    def stand(self, start: date) -> Stand:
        """Answer how far a request has come; raises AssertionError when it is written in part, or twice."""
        asked, decided = self.parts(start), self.decision(start)
        assert len(set(asked.values())) == 1, f"asked in part: {asked}"
        assert max(asked.values()) <= 1, f"asked twice: {asked}"
        assert len(set(decided.values())) == 1, f"decided in part: {decided}"
        assert max(decided.values()) <= max(asked.values()), f"decided twice, or unasked: {decided}"
        if not max(asked.values()):
            return Stand.NOTHING
        return Stand.DECIDED if max(decided.values()) else Stand.ASKED


@contextmanager
def evidence(database: Place) -> Iterator[Evidence]:
    """Open a database for questions, all of them to one and the same moment."""
    with closing(database.connected()) as connection:
        connection.execute("BEGIN" if database.is_file else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield Evidence(connection)


def faults(found: Evidence, wanted: Collection[date], *, hours: int) -> list[str]:
    """Answer what is not as it must be once everything asked is decided: an empty list, if all is well.

    `wanted` are the first days of the requests there must be; `hours` is what each must have taken.
    """
    wrong = [f"{day}: {found.stand(day).name}" for day in wanted if found.stand(day) is not Stand.DECIDED]
    return [*wrong, *_strangers(found, len(wanted)), *_steps(found), *_ledger(found, hours), *found.damage()]


def _strangers(found: Evidence, wanted: int) -> Iterator[str]:
    """Find rows that belong to no request that was asked for."""
    for what, query in {
        "leave requests": "SELECT count(*) FROM leave_request",
        "events": "SELECT count(*) FROM event WHERE type = 'leave_requested'",
        "decisions": "SELECT count(*) FROM event WHERE type = 'leave_approved'",
        "executions": "SELECT count(*) FROM execution",
        "notifications": "SELECT count(*) FROM notification",
        "hours taken": "SELECT count(*) FROM leave_ledger WHERE kind = 'take'",
        "audit of requests": "SELECT count(*) FROM audit_entry WHERE action = 'leave.request'",
        "audit of decisions": "SELECT count(*) FROM audit_entry WHERE action = 'leave.approved'",
    }.items():
        if (counted := found.one(query)) != wanted:
            yield f"{counted} {what}, not {wanted}"


def _steps(found: Evidence) -> Iterator[str]:
    """Find executions that are stuck, doubled, or whose steps and attempts do not tell one story."""
    for row in found.rows("SELECT id, status, event_seq FROM execution WHERE status != 'completed'"):
        yield f"execution {row['id']} is {row['status']}"
    for row in found.rows("SELECT event_seq FROM execution GROUP BY event_seq, workflow_id HAVING count(*) > 1"):
        yield f"event {row['event_seq']} has several executions"
    for execution in found.rows("SELECT id FROM execution"):
        steps = found.rows("SELECT * FROM step_execution WHERE execution_id = ? ORDER BY id", execution["id"])
        story = [(row["path"], row["status"], row["finished_at"] is None) for row in steps]
        if story != [(path, "completed", False) for path in PATHS]:
            yield f"execution {execution['id']} has the steps {story}"
        done = found.rows(
            "SELECT path FROM step_attempt WHERE execution_id = ? AND result = 'completed' ORDER BY id",
            execution["id"],
        )
        if [row["path"] for row in done] != list(ACTIONS):
            yield f"execution {execution['id']} did {[row['path'] for row in done]}"
    yield from epochs_that_went_back(found)


def epochs_that_went_back(found: Evidence) -> Iterator[str]:
    """Find attempts with a smaller epoch than an attempt before them; a late result may come late."""
    latest: dict[tuple[int, str], int] = {}
    for row in found.rows("SELECT * FROM step_attempt WHERE result != 'thrown_away' ORDER BY id"):
        key = (row["execution_id"], row["path"])
        if row["epoch"] < latest.get(key, 0):
            yield f"step {key} went back to epoch {row['epoch']}"
        latest[key] = row["epoch"]


def _ledger(found: Evidence, hours: int) -> Iterator[str]:
    """Recount every balance from its entries."""
    balance: dict[int, int] = {}
    for row in found.rows("SELECT * FROM leave_ledger ORDER BY id"):
        account = row["entitlement_id"]
        balance[account] = balance.get(account, 0) + row["hours"]
        if balance[account] != row["balance_after"]:
            yield f"entry {row['id']} says {row['balance_after']}, counted {balance[account]}"
        if row["kind"] == "take" and row["hours"] != -100 * hours:
            yield f"entry {row['id']} takes {row['hours']} hundredths, not {-100 * hours}"


def _as_text(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, date) else value
