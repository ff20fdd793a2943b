"""The numbers that the database gives to new rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import Column, MetaData, Table, func, inspect, select, text
from sqlalchemy.orm import Session

from flowapp.kernel.columns import Base


def count_on(session: Session, given: Mapping[str, int] | None = None) -> None:
    """Number new rows after the highest number there is, in every table; from one where a table is empty.

    Where more were `given`, to rows that are gone again, it goes on after those.
    """
    _COUNT_ON[session.get_bind().dialect.name](session, given or {})


def last_given(session: Session) -> dict[str, int]:
    """Answer the last number that each table gives no second time; 0 where the next row is the first."""
    return _LAST_GIVEN[session.get_bind().dialect.name](session)


def _numbered() -> Iterator[tuple[Table, Column[Any]]]:
    for table in Base.metadata.sorted_tables:
        if table.autoincrement_column is not None:
            yield table, table.autoincrement_column


def _in_sqlite(session: Session, given: Mapping[str, int]) -> None:
    """Forget the counters; a table without one counts on from its highest number."""
    session.execute(text("DELETE FROM sqlite_sequence"))
    for name, number in given.items():
        session.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), {"name": name, "seq": number}
        )


def _in_postgresql(session: Session, given: Mapping[str, int]) -> None:
    for table, number in _numbered():
        sequence = func.pg_get_serial_sequence(table.name, number.name)
        highest = max(session.scalar(select(func.max(number))) or 0, given.get(table.name, 0))
        session.execute(select(func.setval(sequence, max(highest, 1), highest > 0)))


def _last_in_sqlite(session: Session) -> dict[str, int]:
    # Only tables that never give a number twice have a counter; the others go on after the highest row.
    counters: dict[str, int] = {}
    if inspect(session.connection()).has_table("sqlite_sequence"):
        counters = {name: number for name, number in session.execute(text("SELECT name, seq FROM sqlite_sequence"))}
    return {
        table.name: max(session.scalar(select(func.max(number))) or 0, counters.get(table.name, 0))
        for table, number in _numbered()
    }


def _last_in_postgresql(session: Session) -> dict[str, int]:
    found = {}
    for table, number in _numbered():
        found_as = str(session.scalar(select(func.pg_get_serial_sequence(table.name, number.name))))
        schema, name = found_as.replace('"', "").split(".")
        sequence = Table(name, MetaData(), Column("last_value"), Column("is_called"), schema=schema)
        last, is_called = session.execute(select(sequence)).one()
        found[table.name] = last if is_called else last - 1
    return found


_COUNT_ON: dict[str, Callable[[Session, Mapping[str, int]], None]] = {
    "sqlite": _in_sqlite,
    "postgresql": _in_postgresql,
}
_LAST_GIVEN: dict[str, Callable[[Session], dict[str, int]]] = {
    "sqlite": _last_in_sqlite,
    "postgresql": _last_in_postgresql,
}
