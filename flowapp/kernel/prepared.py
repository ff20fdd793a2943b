"""Statements that are compiled once and then go straight to the database driver.

Most of the time of a short statement is spent in SQLAlchemy building, caching and wrapping it: 150 to 400 µs here
against 10 µs for the statement itself. On the road of an event that is the difference between fifty and five hundred
decisions a second. The statement is still SQLAlchemy's, so it means the same on every database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Date, Dialect, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql import Executable

Row = TypeVar("Row")
Processor = Callable[[Any], Any]
DRIVER = "driver"  # in `session.info`: the driver's own connection, for the length of one transaction


def driver_of(session: Session) -> Any:
    """Answer the driver's connection of a session; asking costs more than a short statement, where nobody kept it."""
    return session.info.get(DRIVER) or session.connection().connection.driver_connection


def directly(session: Session) -> Session:
    """Answer a session that reads, having kept its driver's connection."""
    session.info[DRIVER] = driver_of(session)
    return session


def _as_it_is(*columns: Any) -> Any:
    return columns


class Prepared(Generic[Row]):
    """A statement with named parameters (`bindparam`), and what to make of its rows.

    An insert needs the names of its columns, since those given decide its text. Pending objects of the session are
    not flushed first.
    """

    def __init__(
        self,
        statement: Executable,
        make: Callable[..., Row] = _as_it_is,
        *,
        columns: Sequence[str] | None = None,
    ) -> None:
        self._statement: Any = statement
        self._make = make
        self._columns = columns
        self._compiled: dict[type, _Compiled] = {}  # by the kind of the driver's connection

    def rows(self, session: Session, **values: Any) -> list[Row]:
        """Run it and answer every row."""
        driver, compiled = self._ready(session)
        make, read = self._make, compiled.read
        found = compiled.execute(driver, values).fetchall()
        if make is _as_it_is:
            return [cast(Row, tuple(read(row))) for row in found]
        return [make(*read(row)) for row in found]

    def first(self, session: Session, **values: Any) -> Row | None:
        """Run it and answer the first row, or None."""
        driver, compiled = self._ready(session)
        row = compiled.execute(driver, values).fetchone()
        return None if row is None else self._make(*compiled.read(row))

    def value(self, session: Session, **values: Any) -> Any:
        """Run it and answer the first column of the first row, or None."""
        driver, compiled = self._ready(session)
        cursor = compiled.execute(driver, values)
        row = cursor.fetchone()
        cursor.close()  # an INSERT … RETURNING is only over when its cursor is
        return None if row is None else compiled.read(row)[0]

    def run(self, session: Session, **values: Any) -> int:
        """Run it and answer how many rows it changed."""
        driver, compiled = self._ready(session)
        return int(compiled.execute(driver, values).rowcount)

    def many(self, session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run it once for each of these, in one call of the driver."""
        driver, compiled = self._ready(session)
        compiled.execute_many(driver, rows)

    def _ready(self, session: Session) -> tuple[Any, _Compiled]:
        """Answer the driver's connection, and the statement as its database understands it."""
        driver = driver_of(session)  # `Database.write` keeps it for its transaction
        compiled = self._compiled.get(type(driver))
        if compiled is None:
            dialect = session.get_bind().dialect
            compiled = self._compiled[type(driver)] = _Compiled(self._statement, self._columns, dialect)
        return driver, compiled


class _Compiled:
    """A statement's text for one dialect, with the conversions of its values and columns."""

    def __init__(self, statement: Any, columns: Sequence[str] | None, dialect: Dialect) -> None:
        keys = list(columns) if columns is not None else None
        # Without the word RETURNING that SQLAlchemy adds to an insert to learn the new number by itself.
        compiled = statement.compile(dialect=dialect, column_keys=keys, for_executemany=True)
        self.text = str(compiled)
        if "POSTCOMPILE" in self.text:
            raise ValueError(f"a prepared statement cannot have a list of varying length (IN): {self.text}")
        self.dialect = dialect
        binders = {name: _binder(bind.type, dialect) for name, bind in compiled.binds.items()}
        names = compiled.positiontup or ()
        self._pick = _picked(names)
        self._binders = [(index, binder) for index, name in enumerate(names) if (binder := binders.get(name))]
        self.fixed = {
            name: value
            for name, value in compiled.construct_params(_check=False).items()
            if name not in compiled.binds or not compiled.binds[name].required
        }
        self.readers = _readers(statement, dialect)

    def execute(self, driver: Any, values: Mapping[str, Any]) -> Any:
        """Run the statement through the driver; its errors become SQLAlchemy's."""
        parameters = self._parameters(values)
        try:
            return driver.execute(self.text, parameters)
        except cast(Any, self.dialect).dbapi.Error as error:
            raise self._translated(error, parameters) from error

    def execute_many(self, driver: Any, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run the statement for many rows through the driver."""
        parameters = [self._parameters(row) for row in rows]
        try:
            driver.cursor().executemany(self.text, parameters)
        except cast(Any, self.dialect).dbapi.Error as error:
            raise self._translated(error, parameters) from error

    def read(self, row: Sequence[Any]) -> Sequence[Any]:
        """Convert the columns of a row."""
        if not self.readers:
            return row
        read = list(row)
        for index, reader in self.readers:
            read[index] = reader(read[index])
        return read

    def _parameters(self, values: Mapping[str, Any]) -> list[Any]:
        given = {**self.fixed, **values} if self.fixed else values
        found = [*self._pick(given)]
        for index, binder in self._binders:
            found[index] = binder(found[index])
        return found

    def _translated(self, error: Exception, parameters: Any) -> BaseException:
        base = cast(Any, self.dialect).dbapi.Error
        return DBAPIError.instance(self.text, parameters, error, base, dialect=self.dialect)


def _picked(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """Answer what takes the values of these names out of a mapping."""
    if len(names) > 1:
        return itemgetter(*names)  # in C: half the time of asking for each
    return lambda given: [given[name] for name in names]


def _binder(type_: Any, dialect: Dialect) -> Processor | None:
    if isinstance(type_, Date) and dialect.name == "sqlite":
        return _date_text  # the same text as SQLAlchemy's, in a fifth of the time
    found: Processor | None = type_.dialect_impl(dialect).bind_processor(dialect)
    return found


def _date_text(value: date | None) -> str | None:
    return None if value is None else date.isoformat(value)


def _readers(statement: Any, dialect: Dialect) -> tuple[tuple[int, Processor], ...]:
    columns = statement.selected_columns if isinstance(statement, Select) else statement.exported_columns
    found = []
    for index, column in enumerate(columns):
        reader = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if reader is not None:
            found.append((index, reader))
    return tuple(found)
