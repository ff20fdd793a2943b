"""A counter in a PostgreSQL database, whatever the other tests run on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from flowapp.kernel.db import Database
from tests.support.postgres import Server
from tests.unit.kernel.counter import make_counter

_NUMBERS = count(1)


@pytest.fixture
def postgres_url(postgres: Server) -> Iterator[str]:
    """The address of a database of the test's own, with one counter at nought."""
    name = f"kernel_{next(_NUMBERS)}"
    postgres.create(name)
    made = Database(postgres.url(name))
    made.write(make_counter)
    made.dispose()
    yield made.url
    postgres.drop(name)


@pytest.fixture
def counting(postgres_url: str) -> Iterator[Database]:
    """That database, opened."""
    made = Database(postgres_url)
    yield made
    made.dispose()
