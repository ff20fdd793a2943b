"""Bare SQLite: the rows that FlowApp left, inserted again with nothing in between."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

Insert = tuple[str, Sequence[Any]]
DURABLE = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")
STEPS = 5
SHARED = ("tally", "last_tick")  # tables with one row for many runs


def counts(path: Path) -> dict[str, int]:
    """Count the rows of each table."""
    with closing(sqlite3.connect(path)) as db:
        return {table: db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in _tables(db)}


def _tables(db: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"
    return [name for (name,) in db.execute(query)]


def left_since(path: Path, before: Mapping[str, int]) -> dict[str, list[dict[str, Any]]]:
    """Answer the rows that each table of runs has got since it was counted, as they are kept."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        found = {
            table: db.execute(f'SELECT * FROM "{table}" ORDER BY rowid LIMIT -1 OFFSET {before.get(table, 0)}')
            for table in _tables(db)
            if table not in SHARED
        }
        return {table: [dict(row) for row in rows] for table, rows in found.items()}


@contextmanager
def database_like(source: Path, target: Path) -> Iterator[sqlite3.Connection]:
    """Make a database with the same tables and indexes, WAL and FULL."""
    with closing(sqlite3.connect(source)) as db:
        query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        schema = [sql for (sql,) in db.execute(query)]
    with closing(sqlite3.connect(target, isolation_level=None)) as bare:
        for statement in (*DURABLE, *schema):
            bare.execute(statement)
        yield bare


def in_groups(left: Mapping[str, Sequence[Mapping[str, Any]]], groups: int) -> list[list[Insert]]:
    """Share the rows out to so many commits, in the order in which they were written."""
    shared: list[list[Insert]] = [[] for _ in range(groups)]
    for table, rows in left.items():
        for index, row in enumerate(rows):
            marks = ",".join("?" * len(row))
            shared[index * groups // len(rows)].append((f'INSERT INTO "{table}" VALUES ({marks})', tuple(row.values())))
    return shared


def insert(bare: sqlite3.Connection, groups: Sequence[Sequence[Insert]]) -> float:
    """Insert the rows with one commit for each group; answer the seconds it took."""
    start = perf_counter()
    for group in groups:
        bare.execute("BEGIN IMMEDIATE")
        for statement, values in group:
            bare.execute(statement, values)
        bare.execute("COMMIT")
    return perf_counter() - start


def small_commits(folder: Path, number: int) -> float:
    """Answer commits per second of a run and its five steps in two small tables: what the peers were measured beside.

    1,294 to 1,439 a second on the machine on which n8n did 14 to 29 executions a second.
    """
    with closing(sqlite3.connect(folder / "small.sqlite3", isolation_level=None)) as bare:
        for statement in (
            *DURABLE,
            "CREATE TABLE IF NOT EXISTS run (id INTEGER PRIMARY KEY, status TEXT, context TEXT, at TEXT)",
            "CREATE TABLE IF NOT EXISTS step (id INTEGER PRIMARY KEY, run INTEGER, path TEXT, output TEXT)",
        ):
            bare.execute(statement)
        start = perf_counter()
        for _ in range(number):
            bare.execute("BEGIN IMMEDIATE")
            given = ("completed", '{"days": 2, "name": "Anna Boyd"}', "2026-11-23 09:00:00")
            run = bare.execute("INSERT INTO run (status, context, at) VALUES (?, ?, ?)", given).lastrowid
            steps = [(run, f"step{step}", '{"value": "approved"}') for step in range(STEPS)]
            bare.executemany("INSERT INTO step (run, path, output) VALUES (?, ?, ?)", steps)
            bare.execute("COMMIT")
        return number / (perf_counter() - start)
