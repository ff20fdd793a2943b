"""The numbers that the database gives to new rows."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from flowapp.kernel.columns import Base


def count_on(session: Session) -> None:
    """Number new rows after the highest number there is, in every table; from one where a table is empty."""
    _COUNT_ON[session.get_bind().dialect.name](session)


def _in_sqlite(session: Session) -> None:
    """Forget the counters; a table without one counts on from its highest number."""
    session.execute(text("DELETE FROM sqlite_sequence"))


def _in_postgresql(session: Session) -> None:
    for table in Base.metadata.sorted_tables:
        number = table.autoincrement_column
        if number is not None:
            sequence = func.pg_get_serial_sequence(table.name, number.name)
            highest = select(func.max(number)).scalar_subquery()
            session.execute(select(func.setval(sequence, func.coalesce(highest, 1), highest.is_not(None))))


_COUNT_ON: dict[str, Callable[[Session], None]] = {"sqlite": _in_sqlite, "postgresql": _in_postgresql}
