"""The database's revision, compared at start; Alembic is loaded only when the database is behind.

Importing Alembic costs more than everything else at start, so the newest revision is read from the names of the
migration files (a test holds that against Alembic's own answer).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from flowapp.kernel.db import Database
from flowapp.kernel.errors import BadSetting
from flowapp.kernel.settings import ROOT

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = ROOT / "migrations"


def newest_revision(folder: Path = MIGRATIONS / "versions") -> str:
    """Answer the revision of the last migration file; files are named `0001_what_it_does.py`."""
    return max(path.name.partition("_")[0] for path in folder.glob("[0-9]*_*.py"))


def current_revision(database: Database) -> str | None:
    """Answer the revision the database is at, or None when it is empty; raises BadSetting where it cannot be used."""
    with _usable(database), database.reader.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(database: Database) -> bool:
    """Bring the database to the newest revision; answer whether there was anything to do. Raises BadSetting."""
    if current_revision(database) == newest_revision():
        return False
    from alembic import command

    with _usable(database):
        command.upgrade(_config(database=database), "head")
    return True


@contextmanager
def _usable(database: Database) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if (remedy := database.backend.remedy(error)) is not None:
            raise BadSetting(remedy) from error
        raise


def make_tables(connection: Connection) -> None:
    """Make every table in the transaction that a connection is in, and leave it open."""
    from alembic import command

    command.upgrade(_config(connection=connection), "head")


def drop_tables(connection: Connection) -> None:
    """Take every table away again in the transaction that a connection is in, and leave it open."""
    from alembic import command

    command.downgrade(_config(connection=connection), "base")


def _config(**attributes: object) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes.update(attributes)
    return config
