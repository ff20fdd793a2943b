"""A database with the tables of accounts, and the moment the tests stand at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import flowapp.accounts.audit
import flowapp.accounts.sessions
import flowapp.accounts.throttle
import flowapp.accounts.tokens
import flowapp.accounts.users  # noqa: F401  (declares its tables, as the others)
from flowapp.accounts.audit import APPEND_ONLY_TRIGGERS
from flowapp.events.cause import SYSTEM, Cause
from flowapp.kernel.columns import Base
from flowapp.kernel.db import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database with every table there is, and the audit protected as the migration does it."""
    made = Database(f"sqlite:///{tmp_path / 'accounts.sqlite3'}")
    Base.metadata.create_all(made.writer)
    with made.writer.begin() as connection:
        for trigger in APPEND_ONLY_TRIGGERS:
            connection.exec_driver_sql(trigger)
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
