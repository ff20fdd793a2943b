"""The SQLite database that is moved: one state of it, to which nobody adds meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError

from flowapp.cli.moving.cannot_move import CannotMove
from flowapp.kernel.db import Database
from flowapp.kernel.schema import current_revision, newest_revision
from flowapp.kernel.settings import Settings


@contextmanager
def opened(settings: Settings, database: Database, *, while_running: bool) -> Iterator[Connection]:
    """Open the database that the settings name, in one transaction that is never committed.

    Nobody can write to it until it is closed, nor lead a FlowApp on it, unless it is opened `while_running`: then it
    shows the state of this moment. Raises CannotMove.
    """
    path = _file(settings)
    _check_revision(database, path)
    lock = database.backend.lock(settings.instance_folder / "leader.lock")
    if not while_running and not lock.take():
        raise CannotMove(
            f"FlowApp is running on {path}: what it writes from here on would be left behind. Stop it and try again, "
            "or rehearse the move with --while-running."
        )
    try:
        with _connected(database, while_running=while_running) as connection:
            _check_references(connection, path)
            yield connection
    finally:
        lock.give_up()


def path_of(settings: Settings) -> Path:
    """Answer the file of the database."""
    return Path(make_url(settings.database_url).database or "").resolve()


def _file(settings: Settings) -> Path:
    if not settings.database_url.startswith("sqlite:///"):
        raise CannotMove("FLOWAPP_DATABASE_URL already names a PostgreSQL. Only a SQLite database can be moved to one.")
    path = path_of(settings)
    if not path.is_file():
        raise CannotMove(f"There is no database {path}. Let FLOWAPP_DATABASE_URL name the file that is to be moved.")
    return path


def _check_revision(database: Database, path: Path) -> None:
    found, newest = current_revision(database), newest_revision()
    if found is None or found < newest:
        raise CannotMove(
            f"{path} is at revision {found or 'none'}, and this FlowApp at {newest}. Start this FlowApp on it once, "
            "which brings it up to date; then stop it and try again."
        )
    if found > newest:
        raise CannotMove(f"{path} was written by a later FlowApp (revision {found}). Move it with that one.")


@contextmanager
def _connected(database: Database, *, while_running: bool) -> Iterator[Connection]:
    with (database.reader if while_running else database.writer).connect() as connection:
        try:
            connection.execute(text("SELECT count(*) FROM alembic_version"))  # what is seen is fixed from here on
        except DBAPIError as error:
            if not database.backend.is_busy(error):
                raise
            raise CannotMove("Another program is writing to this SQLite database. End it, and try again.") from error
        try:
            yield connection
        finally:
            with suppress(DBAPIError):
                connection.rollback()


def _check_references(connection: Connection, path: Path) -> None:
    """Refuse rows that name others which are not there; PostgreSQL would not take them."""
    if lost := connection.execute(text("PRAGMA foreign_key_check")).first():
        raise CannotMove(
            f"In {path}, row {lost[1]} of the table {lost[0]} names a row of {lost[2]} that is not there; another "
            "program must have removed it. Put it right or remove the row, and try again."
        )
