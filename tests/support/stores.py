"""What tests may ask for of databases: where they come from, empty ones to copy, and one of each test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import Databases, Files, OnServer, make_tables
from tests.support.postgres import Server, server


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Where tests get their databases from; `--database` chooses."""
    if request.config.getoption("database") == "sqlite":
        yield Files(tmp_path_factory.mktemp("tables"))
        return
    with server() as started:
        yield OnServer(started)


@pytest.fixture(scope="session")
def postgres(databases: Databases) -> Iterator[Server]:
    """A PostgreSQL server, whatever the other tests run on."""
    if isinstance(databases, OnServer):
        yield databases.server
        return
    with server() as started:
        yield started


@pytest.fixture(scope="session")
def empty_tables(databases: Databases) -> str:
    """The name of a database with every table and no row, made once and copied for each test."""
    databases.template("empty", make_tables)
    return "empty"


@pytest.fixture
def database_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The address of a database of the test's own; there is none yet."""
    url = databases.new_url(tmp_path)
    yield url
    databases.drop(url)


@pytest.fixture
def bare_url(databases: Databases, database_url: str) -> str:
    """The address of a database of the test's own without a table."""
    databases.make(database_url)
    return database_url
