"""What belongs to a run and what refers to one, as the foreign keys say.

Found from the tables themselves, so that none is forgotten: a row that cannot be without its run goes with it, and
a row that only refers to one keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Delete, Select, Table, and_, delete, exists, not_, select

from flowapp.kernel.columns import Base


def referring(table: Table, *, needing: bool) -> list[Column[Any]]:
    """Answer the columns that refer to a table: those of rows that need it, or those of rows that need not."""
    found = [key for each in Base.metadata.sorted_tables for key in each.foreign_keys if key.column.table is table]
    return [key.parent for key in found if key.parent.nullable is not needing]


def removals(table: Table, numbers: Sequence[int] | Select[Any]) -> Iterator[Delete]:
    """Answer what removes everything that belongs to these rows of a table, the innermost first."""
    for column in referring(table, needing=True):
        yield from removals(column.table, select(column.table.c.id).where(column.in_(numbers)))
        yield delete(column.table).where(column.in_(numbers))


def unreferred(table: Table, key: Column[Any]) -> Any:
    """Answer the condition that nothing refers to a row that could be without it."""
    columns = referring(table, needing=False)
    return and_(True, *(not_(exists(select(1).where(_of_another(column) == key))) for column in columns))


def _of_another(column: Column[Any]) -> Column[Any]:
    """Answer the column of another row; a table may refer to itself."""
    return column.table.alias().c[column.name]
