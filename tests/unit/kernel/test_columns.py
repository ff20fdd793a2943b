"""Our own column types: what goes in comes out again, and what would lose something is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, text
from sqlalchemy.exc import StatementError

from flowapp.kernel.columns import Exact, Instant, Plain, Word
from flowapp.kernel.db import Database
from flowapp.kernel.decimals import hundredths_as_decimal


class Mood(StrEnum):
    """A made-up enum."""

    CALM = "calm"
    BUSY = "busy"


THINGS = Table(
    "thing",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", Instant),
    Column("hours", Exact),
    Column("data", Plain),
    Column("mood", Word(Mood)),
)


@pytest.fixture
def database(bare_url: str) -> Iterator[Database]:
    made = Database(bare_url)
    THINGS.metadata.create_all(made.writer)
    yield made
    made.dispose()


def kept(database: Database, **values: Any) -> Any:
    """Write a row and answer the same columns as they are read again."""
    database.write(lambda session: session.execute(insert(THINGS), values) and None)
    with database.read() as session:
        row = session.execute(select(THINGS).order_by(THINGS.c.id.desc())).mappings().first()
    assert row is not None
    return row[next(iter(values))]


def refused(database: Database, **values: Any) -> str:
    """Try to write a row, and answer why that was refused; nothing of it may be kept."""
    with pytest.raises((StatementError, ValueError)) as raised:
        database.write(lambda session: session.execute(insert(THINGS), values) and None)
    with database.read() as session:
        assert session.execute(select(THINGS)).first() is None
    return str(raised.value)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC),  # to the microsecond
        datetime(2026, 7, 1, 9, 0, tzinfo=ZoneInfo("Europe/London")),  # summer time
        datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=ZoneInfo("Europe/London")),  # the second half past one
        datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
    ],
)
def test_a_moment_comes_back_aware_and_the_same(database: Database, moment: datetime) -> None:
    found = kept(database, at=moment)
    assert found == moment.astimezone(UTC)
    assert found.utcoffset() == timedelta(0)


def test_a_moment_without_a_time_zone_is_refused_rather_than_guessed(database: Database) -> None:
    assert "time zone" in refused(database, at=datetime(2026, 11, 23, 9, 0))  # noqa: DTZ001


def test_moments_are_kept_so_that_they_sort_by_time(database: Database) -> None:
    london = ZoneInfo("Europe/London")
    first, second = datetime(2026, 7, 1, 9, 30, tzinfo=london), datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
    rows = [{"at": second}, {"at": first}]
    database.write(lambda session: session.execute(insert(THINGS), rows) and None)
    with database.read() as session:
        assert list(session.scalars(select(THINGS.c.at).order_by(THINGS.c.at))) == [first, second]


@pytest.mark.parametrize("hours", ["0", "7.5", "-7.5", "0.01", "-0.01", "210", "-300", "99999999.99"])
def test_hours_come_back_exactly(database: Database, hours: str) -> None:
    found = kept(database, hours=Decimal(hours))
    assert found == Decimal(hours)
    assert type(found) is Decimal


def test_hours_lie_in_the_database_as_whole_hundredths(database: Database) -> None:
    kept(database, hours=Decimal("7.25"))
    with database.read() as session:
        assert type(found := session.execute(text("SELECT hours FROM thing")).scalar_one()) is int
    assert found == 725


@pytest.mark.parametrize(
    "hours",
    [
        Decimal("0.001"),  # one place too many
        Decimal("7.333333"),
        Decimal("NaN"),
        Decimal("sNaN"),
        0.07,  # a binary fraction: not seven hundredths
        "7.5",  # text
        "1",
    ],
)
def test_hours_that_would_be_rounded_in_secret_are_refused(database: Database, hours: Any) -> None:
    refused(database, hours=hours)


@given(st.integers(-(10**12), 10**12))
def test_hundredths_become_the_decimal_they_are_without_needless_zeros(count: int) -> None:
    found = hundredths_as_decimal(count)
    assert found * 100 == count
    written = format(found, "f")
    assert "." not in written or not written.endswith("0")
    assert "E" not in str(found)


@pytest.mark.parametrize(
    "data",
    [
        {"a": [1, "two", None, True], "b": {"c": Decimal("2.5")}},
        [],
        {},
        "",
        0,
        False,
        "Siân’s “day” – 你好",
    ],
)
def test_plain_data_comes_back_as_it_was(database: Database, data: Any) -> None:
    found = kept(database, data=data)
    assert found == data
    assert type(found) is type(data)


def test_days_inside_plain_data_become_text(database: Database) -> None:
    assert kept(database, data={"on": date(2026, 12, 7)}) == {"on": "2026-12-07"}


@pytest.mark.parametrize("column", ["at", "hours", "data", "mood"])
def test_nothing_stays_nothing(database: Database, column: str) -> None:
    assert kept(database, **{column: None}) is None
    with database.read() as session:
        assert session.execute(text(f"SELECT {column} IS NULL FROM thing")).scalar_one()


def test_a_word_comes_back_as_a_member_and_is_kept_readably(database: Database) -> None:
    assert kept(database, mood=Mood.BUSY) is Mood.BUSY
    assert kept(database, mood="calm") is Mood.CALM
    with database.read() as session:
        assert list(session.execute(text("SELECT mood FROM thing ORDER BY id")).scalars()) == ["busy", "calm"]


def test_a_word_that_is_no_member_is_refused(database: Database) -> None:
    assert "angry" in refused(database, mood="angry")


def test_a_word_that_is_a_member_of_something_else_is_refused(database: Database) -> None:
    class Weather(StrEnum):
        RAIN = "rain"

    assert "rain" in refused(database, mood=Weather.RAIN)


def test_a_word_in_the_database_that_is_no_member_any_more_is_not_passed_on(database: Database) -> None:
    database.write(lambda session: session.execute(text("INSERT INTO thing (mood) VALUES ('gone')")) and None)
    with database.read() as session, pytest.raises(ValueError, match="gone"):
        session.execute(select(THINGS.c.mood)).all()
