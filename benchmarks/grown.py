"""A database grown to many runs that have ended, copied from one that really ran."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.bare import counts, left_since

MANY = 100_000
OWN_NUMBERS = ("uid", "dedupe_key", "correlation_id", "causation_id")
IN_ONE_GO = 10_000


def grow(path: Path, before: Mapping[str, int], *, to: int = MANY) -> None:
    """Copy the one run that a database has got since it was counted until there are so many."""
    left = {table: rows for table, rows in left_since(path, before).items() if rows}
    (run,) = left["execution"]
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for pragma in ("journal_mode=WAL", "synchronous=OFF", "cache_size=-200000"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("BEGIN IMMEDIATE")
        for table, rows in left.items():
            columns = rows[0].keys()
            statement = f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({", ".join("?" * len(columns))})'
            copies = _copies(table, rows, run["id"], to)
            while some := list(islice(copies, IN_ONE_GO)):
                db.executemany(statement, some)
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert counts(path)["execution"] == before.get("execution", 0) + to


def _copies(table: str, rows: Sequence[Mapping[str, Any]], run_id: int, to: int) -> Iterator[tuple[Any, ...]]:
    for number in range(1, to):
        for row in rows:
            own = {name: f"{number:026d}" for name in OWN_NUMBERS if row.get(name)}
            if table == "execution":
                own["id"] = run_id + number
            elif "id" in row or "seq" in row:
                own["id" if "id" in row else "seq"] = None
            for name in ("execution_id", "entity_id", "event_seq"):
                if row.get(name):
                    own[name] = run_id + number
            yield tuple({**row, **own}.values())
