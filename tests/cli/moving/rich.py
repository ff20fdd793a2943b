"""A SQLite database with something in every table, and values that are easily lost on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Date, Table, func, insert, select, text

from flowapp.bootstrap import Flow
from flowapp.cli.demo.workflows import AUTO_APPROVE
from flowapp.http.tables import metadata
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.columns import Exact, Instant, Plain, Word
from flowapp.kernel.schema import migrate
from flowapp.kernel.settings import read_settings
from tests.cast import Cast, make_cast
from tests.factories import a_document, a_shift, a_workflow, leave_asked, run_all
from tests.http.records.hours import hours_and_handovers

MOMENT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ODD_TEXT = "\\N\t“Zoë”\r\n👩‍⚕️ 'x'; \\. "  # what ends a COPY, or is a sign of its own there
ODD_DATA = '{ "days" : 1.50,"n":1e2}'
LAST_MICROSECOND = datetime(2027, 3, 28, 1, 59, 59, 999_999, tzinfo=UTC)
REST = {"id": "rest", "type": "delay", "for": {"hours": 1}}
MAIL = {
    "id": "mail",
    "type": "action",
    "action": "send_email",
    "with": {"to": "manager", "subject": "Look", "body": "At this."},
}


def make_rich(url: str) -> Cast:
    """Make the database, with leave that was decided and leave that waits, and answer the people in it."""
    flow = Flow(read_settings(database_url=url, secret_key="test", testing=True), clock=FrozenClock(MOMENT))
    migrate(flow.database)
    cast = make_cast(flow)
    a_workflow(flow, cast.maya, AUTO_APPROVE, home_id=cast.rose)
    a_workflow(flow, cast.maya, a_document(MAIL, REST), home_id=cast.rose)
    leave_asked(flow, cast.dan, start=date(2026, 12, 7))
    leave_asked(flow, cast.dan, start=date(2027, 1, 4), end=date(2027, 1, 8))
    a_shift(flow, cast.maya, cast.rose, day=date(2026, 12, 1), staff=cast.dan, published=True)
    hours_and_handovers(flow, cast)
    run_all(flow)
    with flow.database.writer.connect() as connection:
        for table in metadata().sorted_tables:
            if not connection.scalar(select(func.count()).select_from(table)):
                connection.execute(insert(table).values(_row(connection, table)))
        connection.execute(text("UPDATE workflow SET name = :odd"), {"odd": ODD_TEXT})
        connection.exec_driver_sql("UPDATE execution SET context = ? WHERE id = 1", (ODD_DATA,))
        connection.commit()
    flow.close()
    return cast


def _row(connection: Connection, table: Table) -> dict[str, Any]:
    return {column.name: _value(connection, column) for column in table.c if column is not table.autoincrement_column}


def _value(connection: Connection, column: Column[Any]) -> Any:
    for key in column.foreign_keys:
        return connection.scalar(select(func.min(key.column)))
    kind = column.type
    if isinstance(kind, Word):
        return next(iter(kind.members))
    made = {Instant: LAST_MICROSECOND, Plain: {"a": Decimal("1.50")}, Exact: Decimal("12.05"), Boolean: True}
    if type(kind) in made:
        return made[type(kind)]
    if isinstance(kind, Date):
        return date(2028, 2, 29)
    return ODD_TEXT[: kind.length] if kind.python_type is str else 7
