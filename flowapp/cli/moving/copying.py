"""Copying the rows of a table, as they are kept."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Table, select, type_coerce
from sqlalchemy.types import NullType

from flowapp.cli.moving.cannot_move import CannotMove
from flowapp.kernel.faults import fault

TELL_SECONDS = 5.0  # how often a long table says how far it is
_AT_ONCE = 1000


def copy_rows(source: Connection, target: Connection, table: Table, tell: Callable[[int], None]) -> int:
    """Copy every row and answer how many; constraints and triggers see each of them. Raises CannotMove."""
    # What SQLite keeps is what PostgreSQL reads: moments in UTC, days, 0 and 1, texts. So nothing is taken apart and
    # put together again on the way.
    kept = select(*(type_coerce(column, NullType()) for column in table.c)).order_by(*table.primary_key)
    rows, told = 0, monotonic()
    result = source.execute(kept.execution_options(yield_per=_AT_ONCE))
    try:
        with _cursor(target) as cursor, cursor.copy(_statement(table)) as copy:
            for some in result.partitions():
                for row in some:
                    copy.write_row(row)
                rows += len(some)
                if monotonic() - told > TELL_SECONDS:
                    tell(rows)
                    told = monotonic()
    except psycopg.OperationalError as error:
        raise CannotMove(f"The server was lost while the table {table.name} was copied. Nothing was moved.") from error
    except psycopg.Error as error:
        raise CannotMove(_words(table, error)) from error
    fault("move.mid_tx")
    return rows


def _cursor(target: Connection) -> psycopg.Cursor[Any]:
    return cast("psycopg.Connection[Any]", target.connection.driver_connection).cursor()


def _statement(table: Table) -> sql.Composed:
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.c)
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)


def _words(table: Table, error: psycopg.Error) -> str:
    said = error.diag.message_primary or str(error).strip()
    where = error.diag.message_detail or error.diag.context or ""
    return (
        f"PostgreSQL does not take a row of the table {table.name}: {said}. {where.strip()} "
        "Another program may have written it. Put it right in the SQLite database, and try again; nothing was moved."
    )
