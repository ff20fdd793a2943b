"""A SQLite database to move, whatever the other tests run on, and a PostgreSQL server to move it to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.settings import Settings, read_settings
from tests.cast import Cast
from tests.cli.moving.rich import make_rich
from tests.support.databases import Files
from tests.support.postgres import Server, server

Move = Callable[..., Result]


@pytest.fixture(scope="session")
def rich(tmp_path_factory: pytest.TempPathFactory) -> tuple[Files, Cast]:
    """The database as it was made once, and its people."""
    files, casts = Files(tmp_path_factory.mktemp("rich")), []
    files.template("rich", lambda url: casts.append(make_rich(url)))
    return files, casts[0]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server of these tests' own."""
    with server() as started:
        yield started


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    """Numbers for the names of databases."""
    return count(1)


@pytest.fixture
def target(postgres: Server, numbers: Iterator[int]) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    name = f"target_{next(numbers)}"
    postgres.create(name)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def settings(rich: tuple[Files, Cast], tmp_path: Path) -> Settings:
    """Settings with a copy of the SQLite database."""
    url = rich[0].new_url(tmp_path)
    rich[0].copy("rich", url)
    return read_settings(database_url=url, instance=str(tmp_path), secret_key="test", testing=True)


@pytest.fixture
def flow(settings: Settings, clock: FrozenClock) -> Iterator[Flow]:
    """FlowApp on that, standing still."""
    made = Flow(settings, clock=clock)
    yield made
    made.close()


@pytest.fixture
def cast(rich: tuple[Files, Cast]) -> Cast:
    """The people in it."""
    return rich[1]


@pytest.fixture
def move(app: Flask, target: str) -> Move:
    """Answer a function that runs `flask flow move-to` with these arguments."""
    return lambda *given, to=target, typed=None: app.test_cli_runner().invoke(
        args=["flow", "move-to", to, *given], input=typed
    )
