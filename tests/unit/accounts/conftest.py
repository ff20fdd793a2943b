"""A database with the tables of accounts, and the moment the tests stand at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from flowapp.events.cause import SYSTEM, Cause
from flowapp.kernel.db import Database
from tests.support.databases import Databases


@pytest.fixture
def database(databases: Databases, database_url: str, empty_tables: str) -> Iterator[Database]:
    """An empty database with every table there is, and the audit protected."""
    databases.copy(empty_tables, database_url)
    made = Database(database_url)
    yield made
    made.dispose()


@pytest.fixture
def now() -> datetime:
    """A Monday morning."""
    return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def cause(now: datetime) -> Cause:
    """FlowApp itself, now."""
    return Cause(actor=SYSTEM, at=now)
