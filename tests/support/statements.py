"""The statements that reach the database, and how it goes about them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy.orm import Session

# Tables of a few rows are read to their end whatever indexes there are; so PostgreSQL is told what it shall avoid.
_AVOIDED = ("enable_seqscan", "enable_bitmapscan", "enable_sort")


@contextmanager
def heard(session: Session) -> Iterator[list[str]]:
    """Answer a list to which the text of every statement is added until this ends, with its values in it.

    They are heard from the driver, since prepared statements go past SQLAlchemy.
    """
    seen: list[str] = []
    driver: Any = session.connection().connection.driver_connection
    if isinstance(driver, psycopg.Connection):
        driver.cursor_factory = _hearing(seen)
    else:
        driver.set_trace_callback(seen.append)
    try:
        yield seen
    finally:
        if isinstance(driver, psycopg.Connection):
            driver.cursor_factory = psycopg.Cursor
        else:
            driver.set_trace_callback(None)


def plan(session: Session, statement: str) -> list[str]:
    """Answer the database's own plan of a statement, a line for each part."""
    driver: Any = session.connection().connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        return [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()]
    for way in _AVOIDED:
        driver.execute(f"SET LOCAL {way} = off")
    return [row[0].strip() for row in driver.execute(f"EXPLAIN (COSTS OFF) {statement}").fetchall()]


def read_to_the_end(lines: list[str]) -> list[str]:
    """Name the tables that are read to their end, or an index of them, by such a plan."""
    found = []
    for number, line in enumerate(lines):
        words = line.removeprefix("->").split()
        after = lines[number + 1] if number + 1 < len(lines) else ""
        if words[0] == "SCAN" and not words[1].startswith("anon_"):  # which is the rest of the question itself
            found.append(words[1])
        elif "Scan" in words[:3] and "on" in words and not after.startswith("Index Cond"):
            found.append(words[words.index("on") + 1])
    return found


def sorted_afterwards(lines: list[str]) -> list[str]:
    """Answer the parts that sort what was found."""
    return [line for line in lines if line == "USE TEMP B-TREE FOR ORDER BY" or line.startswith("Sort Key")]


def _hearing(seen: list[str]) -> type[psycopg.Cursor[Any]]:
    class Hearing(psycopg.Cursor[Any]):
        """A cursor that notes what it is told."""

        def execute(self, query: Any, params: Any = None, **given: Any) -> Any:
            seen.append(psycopg.ClientCursor(self.connection).mogrify(query, params))
            return super().execute(query, params, **given)

        def executemany(self, query: Any, params_seq: Any, **given: Any) -> None:
            rows = list(params_seq)
            seen.extend(psycopg.ClientCursor(self.connection).mogrify(query, row) for row in rows)
            super().executemany(query, rows, **given)

    return Hearing
