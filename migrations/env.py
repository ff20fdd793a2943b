"""How Alembic reaches the database; `flowapp.kernel.schema` hands it over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, TypeDecorator

from flowapp.http.tables import metadata
from flowapp.kernel.db import Database
from flowapp.kernel.settings import read_settings
from flowapp.scheduler.hint_store import is_migrated


def render_item(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Write our own column types as the plain types below them, so that a migration needs none of our code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def run(connection: Connection) -> None:
    """Carry the migrations out; in a transaction that is open already they stay uncommitted."""
    context.configure(
        connection=connection,
        target_metadata=metadata(),
        render_as_batch=True,
        render_item=render_item,
        include_name=is_migrated,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes
if "connection" in given:
    run(given["connection"])
else:
    database = given.get("database") or Database(read_settings().database_url)
    with database.writer.connect() as opened:
        run(opened)
        opened.commit()
