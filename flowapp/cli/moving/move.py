"""The move itself: tables, rows, numbers, and the proof that everything arrived."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from sqlalchemy import Connection, Table, text
from sqlalchemy.orm import Session

from flowapp.cli.moving.cannot_move import CannotMove
from flowapp.cli.moving.copying import copy_rows
from flowapp.cli.moving.verifying import Compared, compared, differences
from flowapp.http.tables import metadata
from flowapp.kernel.numbering import count_on, last_given

Tell = Callable[[str], None]


class Differs(CannotMove):
    """What arrived is not what was sent."""

    code = "differs"


def copy_everything(source: Connection, target: Connection, tell: Tell) -> None:
    """Copy every table, those that others name first, and let new rows be numbered after the last ones."""
    for table in metadata().sorted_tables:
        _copy(source, target, table, tell)
    with Session(source, join_transaction_mode="rollback_only") as session:
        given = last_given(session)
    with Session(target, join_transaction_mode="rollback_only") as session:
        count_on(session, given)
    target.execute(text("ANALYZE"))  # else the first questions would be answered without knowing how much there is


def proved(source: Connection, target: Connection, tell: Tell) -> list[Compared]:
    """Answer every table as it is on both sides; raises Differs with all that is otherwise."""
    tables = compared(source, target, tell)
    if found := differences(source, target, tables):
        raise Differs(
            "\n".join(found) + "\nWhat arrived is not what was sent, so nothing was kept: the PostgreSQL database is "
            "as it was. Do not use it. Go on with SQLite, and report this."
        )
    return tables


def _copy(source: Connection, target: Connection, table: Table, tell: Tell) -> None:
    began = monotonic()

    def so_far(rows: int) -> None:
        tell(_words(table, rows, monotonic() - began) + " so far")

    rows = copy_rows(source, target, table, so_far)
    tell(_words(table, rows, monotonic() - began))


def _words(table: Table, rows: int, seconds: float) -> str:
    rate = f", {rows / seconds:,.0f} a second" if seconds >= 1 else ""
    return f"  {table.name}: {rows:,} rows{rate}"
