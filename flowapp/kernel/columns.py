"""What every table is made of: the declarative base, names of constraints, and our own column types."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, String, Text, TypeDecorator, text
from sqlalchemy.orm import DeclarativeBase, registry

from flowapp.kernel import plain
from flowapp.kernel.decimals import hundredths_as_decimal

# SQLite counts every number in 64 bits, and gives new numbers by itself only to what is declared INTEGER.
NUMBER = BigInteger().with_variant(Integer, "sqlite")


ONLY_WHERE = "only_where"  # in the `info` of an index: its condition


class Base(DeclarativeBase):
    """The base of every table; constraints have names so that SQLite tables can be migrated."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={int: NUMBER},
    )


def only_where(condition: str) -> dict[str, Any]:
    """Answer the options of an index that has only the rows of which this holds.

    An option of PostgreSQL's would load all that SQLAlchemy has for it, on SQLite as well; `backends.postgresql` reads
    the note instead.
    """
    return {"sqlite_where": text(condition), "info": {ONLY_WHERE: condition}}


class Instant(TypeDecorator[datetime]):
    """A moment, aware on this side, kept as UTC; SQLite has no time zones of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Write the text that SQLite keeps directly; the way through three layers takes five times as long."""
        return _instant_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Read that text directly."""
        return _instant if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a time zone rather than guess one."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value!r}")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Answer the moment in UTC, whatever the connection's own time zone."""
        return None if value is None else value.astimezone(UTC)


@lru_cache(maxsize=512)  # the rows of one transaction share a few moments
def _instant_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"a moment needs a time zone: {value!r}")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=4096)  # the shifts of a few weeks begin and end at the same moments
def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


class Direct(TypeDecorator[Any]):
    """A type whose values go to every driver as they come out of its two functions, and come back likewise.

    SQLAlchemy wraps those twice, which takes longer than they do.
    """

    impl: Any = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Answer the function itself."""
        return self.write

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Answer the function itself."""
        return self.read

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Do the same where SQLAlchemy asks in its own way."""
        return self.write(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Do the same where SQLAlchemy asks in its own way."""
        return self.read(value)

    @abstractmethod
    def write(self, value: Any) -> Any:
        """Answer what the driver is given."""

    @abstractmethod
    def read(self, value: Any) -> Any:
        """Answer what the driver gave."""


class Plain(Direct):
    """Plain data as JSON text, decimals kept exactly."""

    impl = Text
    cache_ok = True

    def write(self, value: Any) -> str | None:
        """Write it as text; None stays NULL."""
        if value is None:
            return None
        return value.text if type(value) is plain.Kept else plain.dump(value)

    def read(self, value: str | None) -> Any:
        """Read it again."""
        return None if value is None else plain.load(value)


class Exact(Direct):
    """A Decimal with two places, kept as a whole number of hundredths; SQLite would keep a binary fraction."""

    impl: Any = NUMBER
    cache_ok = True

    def write(self, value: Any) -> int | None:
        """Count the hundredths; refuse a value with more places rather than round it in secret."""
        if value is None:
            return None
        hundredths = value * 100
        if hundredths != int(hundredths):
            raise ValueError(f"more than two decimal places: {value!r}")
        return int(hundredths)

    def read(self, value: int | Decimal | None) -> Any:
        """Make it a Decimal again, without needless zeros; PostgreSQL answers sums as decimals."""
        return None if value is None else hundredths_as_decimal(int(value))


class Word(Direct):
    """A member of an enum, kept as its value so that the database can be read by people."""

    impl = String(24)
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members
        self._known = {str(member.value): member for member in members}
        self._words = {word: word for word in self._known}

    def write(self, value: StrEnum | str | None) -> str | None:
        """Keep the value, refusing one that is no member."""
        if value is None:
            return None
        return self._words.get(value) or str(self.members(value).value)

    def read(self, value: str | None) -> StrEnum | None:
        """Make it a member again."""
        if value is None:
            return None
        return self._known.get(value) or self.members(value)
