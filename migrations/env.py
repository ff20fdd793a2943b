"""How Alembic reaches the database; `flowapp.kernel.schema.migrate` hands it over."""

from __future__ import annotations

from alembic import context

from flowapp.kernel.db import Database
from flowapp.kernel.settings import read_settings
from flowapp.tables import metadata

config = context.config
database = config.attributes.get("database") or Database(read_settings().database_url)

with database.writer.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata(), render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
