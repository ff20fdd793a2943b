"""What every table is made of: the declarative base, names of constraints, and our own column types."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, Integer, MetaData, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

from flowapp.kernel import plain
from flowapp.kernel.decimals import hundredths_as_decimal


class Base(DeclarativeBase):
    """The base of every table; constraints have names so that SQLite tables can be migrated."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


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


def _instant_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"a moment needs a time zone: {value!r}")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


class Plain(TypeDecorator[Any]):
    """Plain data as JSON text, decimals kept exactly."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write it as text; None stays NULL."""
        return None if value is None else plain.dump(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read it again."""
        return None if value is None else plain.load(value)


class Exact(TypeDecorator[Any]):
    """A Decimal with two places, kept as a whole number of hundredths; SQLite would keep a binary fraction."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        """Count the hundredths; refuse a value with more places rather than round it in secret."""
        if value is None:
            return None
        hundredths = value * 100
        if hundredths != int(hundredths):
            raise ValueError(f"more than two decimal places: {value!r}")
        return int(hundredths)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Any:
        """Make it a Decimal again, without needless zeros."""
        return None if value is None else hundredths_as_decimal(value)


class Word(TypeDecorator[StrEnum]):
    """A member of an enum, kept as its value so that the database can be read by people."""

    impl = String(24)
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        """Keep the value, refusing one that is no member."""
        return None if value is None else self.members(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Make it a member again."""
        return None if value is None else self.members(value)
