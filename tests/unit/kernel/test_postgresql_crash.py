"""A PostgreSQL that crashes gives numbers of transactions again; nobody takes another's commit for their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from flowapp.kernel.db import Database
from tests.support.postgres import Server, server
from tests.unit.kernel.counter import add_one, make_counter, read, value


@pytest.fixture(scope="module")
def lasting() -> Iterator[Server]:
    """A server that may be stopped, and whose commits wait for the disk."""
    with server(durable=True) as started:
        started.create("counter")
        yield started


@pytest.fixture
def counting(lasting: Server) -> Iterator[Database]:
    made = Database(lasting.url("counter"))
    made.write(lambda session: session.execute(text("DROP TABLE IF EXISTS counter")))
    made.write(make_counter)
    yield made
    made.dispose()


def left(database: Database, end: Callable[[], None]) -> str:
    """Begin a transaction, let the server come to an end, and answer what can be asked after."""
    connection = database.writer.connect()
    connection.begin()
    mark = database.backend.mark(connection)
    end()
    connection.invalidate()
    connection.close()
    assert mark is not None
    return mark


@pytest.mark.parametrize("way", [Server.crash, Server.kill])
def test_the_number_of_a_lost_transaction_that_is_given_to_another_tells_nothing(
    counting: Database, lasting: Server, way: Callable[[Server], None]
) -> None:
    mark = left(counting, lambda: way(lasting))
    lasting.start()
    assert counting.backend.was_committed(mark) is False  # nobody has it yet
    assert counting.write(add_one) == 1
    (found,) = lasting.ask(f"SELECT pg_xact_status('{mark.partition(' ')[0]}'::xid8)")
    assert found == ("committed",)  # that of the other one, or this test shows nothing
    assert counting.backend.was_committed(mark) is False


@pytest.mark.parametrize("way", [Server.stop, Server.crash])
def test_what_was_committed_before_the_end_is_known_after_it(
    counting: Database, lasting: Server, way: Callable[[Server], None]
) -> None:
    with counting.writer.begin() as connection:
        connection.execute(text("UPDATE counter SET n = n + 1"))
        mark = counting.backend.mark(connection)
    assert mark is not None
    assert counting.backend.was_committed(mark) is True
    way(lasting)
    assert counting.backend.was_committed(mark) is None
    lasting.start()
    assert counting.backend.was_committed(mark) is True
    assert read(counting) == 1


def test_a_session_whose_connection_is_lost_is_closed_without_a_word(counting: Database, lasting: Server) -> None:
    with Session(counting.reader) as session:
        assert value(session) == 0
        lasting.stop()
    lasting.start()
    assert read(counting) == 0
