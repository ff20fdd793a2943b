"""Statements compiled once mean the same as those that SQLAlchemy runs itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, bindparam, insert, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from flowapp.kernel.columns import Exact, Instant, Plain, Word
from flowapp.kernel.db import Database
from flowapp.kernel.prepared import Prepared


class Mood(StrEnum):
    """A made-up enum."""

    CALM = "calm"
    BUSY = "busy"


TEA = Table(
    "tea",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String, unique=True),
    Column("at", Instant),
    Column("cups", Exact),
    Column("data", Plain),
    Column("mood", Word(Mood)),
)
COLUMNS = ("name", "at", "cups", "data", "mood")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
GREEN: dict[str, Any] = {
    "name": "green", "at": NOON, "cups": Decimal("2.5"), "data": {"sweet": False}, "mood": Mood.CALM,
}  # fmt: skip


class Cup(NamedTuple):
    """A row as it is used."""

    name: str
    cups: Decimal


ADD: Prepared[Any] = Prepared(insert(TEA).returning(TEA.c.id), columns=COLUMNS)
ADD_MANY: Prepared[Any] = Prepared(insert(TEA), columns=COLUMNS)
BY_NAME: Prepared[Any] = Prepared(select(*(TEA.c[name] for name in COLUMNS)).where(TEA.c.name == bindparam("called")))
CALM_CUPS = Prepared(select(TEA.c.name, TEA.c.cups).where(TEA.c.mood == Mood.CALM).order_by(TEA.c.id).limit(2), Cup)
POUR: Prepared[Any] = Prepared(
    update(TEA).where(TEA.c.name == bindparam("called")).values(cups=bindparam("left"), mood=Mood.BUSY)
)


@pytest.fixture
def database(bare_url: str) -> Iterator[Database]:
    made = Database(bare_url)
    TEA.metadata.create_all(made.writer)
    yield made
    made.dispose()


def row(name: str, **given: Any) -> dict[str, Any]:
    """Answer a row of this name."""
    return {**GREEN, "name": name, **given}


def add(database: Database, *rows: dict[str, Any]) -> list[int]:
    """Write rows one by one, and answer their numbers."""
    return database.write(lambda session: [ADD.value(session, **each) for each in rows])


def test_a_row_comes_back_as_it_was_written(database: Database) -> None:
    assert add(database, GREEN, row("black")) == [1, 2]
    with database.read() as session:
        assert BY_NAME.first(session, called="green") == tuple(GREEN.values())
        assert session.execute(select(TEA).where(TEA.c.id == 1)).one()[1:] == tuple(GREEN.values())


def test_rows_become_what_was_asked_for_with_fixed_values_in_their_place(database: Database) -> None:
    add(database, row("a"), row("b", mood=Mood.BUSY), row("c"), row("d"))
    with database.read() as session:
        assert CALM_CUPS.rows(session) == [Cup("a", Decimal("2.5")), Cup("c", Decimal("2.5"))]


def test_nothing_found_is_nothing(database: Database) -> None:
    with database.read() as session:
        assert BY_NAME.first(session, called="white") is None
        assert BY_NAME.value(session, called="white") is None
        assert BY_NAME.rows(session, called="white") == []


def test_a_change_says_how_many_rows_it_changed(database: Database) -> None:
    add(database, GREEN)
    assert database.write(lambda session: POUR.run(session, called="green", left=Decimal("0.5"))) == 1
    assert database.write(lambda session: POUR.run(session, called="white", left=Decimal(0))) == 0
    with database.read() as session:
        assert BY_NAME.first(session, called="green") == ("green", NOON, Decimal("0.5"), {"sweet": False}, Mood.BUSY)


def test_many_rows_are_written_in_one_call(database: Database) -> None:
    database.write(lambda session: ADD_MANY.many(session, [row(str(number)) for number in range(100)]))
    with database.read() as session:
        assert len(session.execute(select(TEA.c.id)).all()) == 100


def test_what_it_writes_falls_with_the_transaction(database: Database) -> None:
    def write(session: Session) -> None:
        ADD.value(session, **GREEN)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        database.write(write)
    assert len(add(database, GREEN)) == 1
    with database.read() as session:
        assert len(BY_NAME.rows(session, called="green")) == 1


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"at": datetime(2026, 11, 23)}, "time zone"),  # noqa: DTZ001
        ({"cups": Decimal("0.001")}, "two decimal places"),
        ({"mood": "angry"}, "angry"),
    ],
)
def test_the_columns_refuse_what_they_always_refuse(database: Database, given: dict[str, Any], error: str) -> None:
    with pytest.raises(ValueError, match=error):
        add(database, GREEN | given)


def test_errors_of_the_driver_become_those_of_sqlalchemy(database: Database) -> None:
    with pytest.raises(IntegrityError, match="name"):
        add(database, GREEN, GREEN)
    with database.read() as session, pytest.raises(DatabaseError, match=r"read-?only"):
        ADD.value(session, **GREEN)
    database.write(lambda session: session.execute(text("DROP TABLE tea")) and None)
    with database.read() as session, pytest.raises(DatabaseError, match="tea"):
        BY_NAME.rows(session, called="green")


def test_a_value_that_is_not_given_is_missed(database: Database) -> None:
    with pytest.raises(KeyError, match="called"), database.read() as session:
        BY_NAME.rows(session)
    with pytest.raises(KeyError, match="mood"):
        add(database, {name: value for name, value in GREEN.items() if name != "mood"})


def test_a_list_of_any_length_is_refused_before_it_does_harm(database: Database) -> None:
    varying: Prepared[Any] = Prepared(select(TEA.c.id).where(TEA.c.name.in_(bindparam("names", expanding=True))))
    with database.read() as session, pytest.raises(ValueError, match="varying length"):
        varying.rows(session, names=["green"])


def test_a_session_that_finds_its_engine_by_itself_will_do(database: Database) -> None:
    """As the sessions of requests do."""

    class Finding(Session):
        def get_bind(self, *_: Any, **__: Any) -> Any:
            return database.reader

    add(database, GREEN)
    session = scoped_session(sessionmaker(class_=Finding))
    assert BY_NAME.value(session(), called="green") == "green"
    session.remove()
