"""The PostgreSQL database that everything is moved to, in one transaction: it gets all, or stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, delete, exists, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from flowapp.cli.moving import former
from flowapp.cli.moving.cannot_move import CannotMove
from flowapp.cli.moving.fitness import facts, unfit
from flowapp.http.tables import metadata
from flowapp.kernel.backends import Backend, backend_of
from flowapp.kernel.backends.postgresql import address_of
from flowapp.kernel.schema import drop_tables, make_tables

# Whatever the role or the database is set to; and the seconds in which only the other side is read are no fault.
_SETTINGS = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)
# What stands in the schema and was not brought by an extension.
_THINGS = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
AND NOT EXISTS (
    SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
)
ORDER BY c.relkind = 'S', c.relname
"""


def address(url: str, *, password: str = "") -> URL:
    """Read the address of a PostgreSQL database; raises CannotMove."""
    if not url.startswith("postgresql://"):
        raise CannotMove(
            "The address must begin with postgresql://, as in postgresql://flowapp@db.example.org/flowapp."
        )
    try:
        found = address_of(url)
    except (ArgumentError, ValueError):
        raise CannotMove(
            "The address cannot be read. Write it as postgresql://role@host:port/database, with signs such as @ in a "
            "password written as %40."
        ) from None
    if not found.database:
        raise CannotMove("The address names no database. Add its name, as in postgresql://flowapp@localhost/flowapp.")
    return found.set(password=password) if password else found


def without_password(url: URL) -> str:
    """Write the address so that it can be shown."""
    bare = url.difference_update_query(["password"])
    return URL.create(
        "postgresql", bare.username, None, bare.host, bare.port, bare.database, bare.query
    ).render_as_string()


@contextmanager
def opened(url: URL, *, again: bool) -> Iterator[Connection]:
    """Open the database, empty but for the tables; committed at the end, or rolled back whatever happened.

    With `again` it may hold what an earlier move has written, if nobody has changed that. Raises CannotMove.
    """
    backend = backend_of(url.render_as_string(hide_password=False))
    with _words_for_trouble(backend, url):
        _check(backend)
        engine = backend.writer()
        try:
            with engine.connect() as connection:
                _prepare(connection, again=again)
                yield connection
                former.leave_note(connection)
                _commit(backend, connection)
        finally:
            engine.dispose()


def _check(backend: Backend) -> None:
    engine = backend.reader()
    try:
        with engine.connect() as connection:
            if reason := unfit(facts(connection)):
                raise CannotMove(reason)
    finally:
        engine.dispose()


def _prepare(connection: Connection, *, again: bool) -> None:
    for setting in _SETTINGS:
        connection.execute(text(setting))
    found = list(connection.scalars(text(_THINGS)))
    if found and again:
        if reason := former.changed_since(connection, found):
            raise CannotMove(reason)
        drop_tables(connection)
    elif found:
        raise CannotMove(_full(connection, found))
    make_tables(connection)
    for table in reversed(metadata().sorted_tables):  # what a new database begins with comes from the old one, too
        if connection.scalar(select(exists().select_from(table))):
            connection.execute(delete(table))


def _full(connection: Connection, found: list[str]) -> str:
    some = ", ".join(found[:3]) + (" and more" if len(found) > 3 else "")
    remedy = "Make a new database for FlowApp, and move to that one."
    if former.note(connection) is not None:
        remedy = "An earlier move has written that: with --again it is emptied, if nobody has changed it since."
    return f"The database is not empty; it has {some}. {remedy}"


def _commit(backend: Backend, connection: Connection) -> None:
    mark = backend.mark(connection)
    try:
        connection.commit()
    except DBAPIError as error:
        told = backend.was_committed(mark) if mark is not None and backend.is_away(error) else False
        if told:
            return
        if told is None:
            raise CannotMove(
                "The connection broke at the very end, and the server does not say whether everything was kept. "
                "When it can be reached again, move once more with --again."
            ) from error
        raise


@contextmanager
def _words_for_trouble(backend: Backend, url: URL) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        shown = without_password(url)
        said = str(error.orig).strip().splitlines()[0]
        if error.connection_invalidated or backend.is_away(error):
            remedy = "See that the server runs, and that the address, the role and its password are right."
            raise CannotMove(f"{shown} cannot be reached, or was lost: {said}. {remedy} Nothing was moved.") from error
        if backend.is_busy(error):
            raise CannotMove(
                "Somebody else is writing to this database, perhaps a move that was just broken off. "
                "Wait a minute and try again."
            ) from error
        if backend.is_full(error):
            raise CannotMove(f"The disk of the server is full ({said}). Make room, and try again.") from error
        raise CannotMove(f"PostgreSQL refused: {said}. Nothing was moved.") from error
