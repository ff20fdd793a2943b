"""What every test may ask for: a clock, a FlowApp on a database of its own, and people to act in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow, registries
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.db import Database
from flowapp.kernel.schema import migrate
from flowapp.kernel.settings import Settings, read_settings
from flowapp.workflows.kinds import Action
from tests.cast import Cast, make_cast
from tests.support.applications import application, hand_to, shared_application
from tests.support.gathering import pytest_collection as pytest_collection
from tests.support.gathering import pytest_collection_modifyitems as pytest_collection_modifyitems
from tests.support.page import PageClient
from tests.support.visitors import Api, sign_in

MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that stands still: Monday 23 November 2026, nine in the morning."""
    return FrozenClock(MONDAY_MORNING)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a database of the test's own."""
    return read_settings(database_url=f"sqlite:///{tmp_path}/flowapp.sqlite3", secret_key="test", testing=True)


@pytest.fixture(scope="session")
def empty_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with every table and no row, made once and copied for each test."""
    path = tmp_path_factory.mktemp("tables") / "empty.sqlite3"
    made = Database(f"sqlite:///{path}")
    migrate(made)
    made.dispose()
    return path


@pytest.fixture(scope="session")
def peopled_tables(tmp_path_factory: pytest.TempPathFactory, empty_tables: Path) -> tuple[Path, Cast]:
    """Another such file with the cast in it, and the cast as it was written there."""
    path = tmp_path_factory.mktemp("tables") / "peopled.sqlite3"
    shutil.copyfile(empty_tables, path)
    made = Flow(read_settings(database_url=f"sqlite:///{path}", testing=True), clock=FrozenClock(MONDAY_MORNING))
    cast = make_cast(made)
    made.close()
    return path, cast


@pytest.fixture
def actions() -> Mapping[str, Action]:
    """The kinds of action that workflows may use; a folder of tests may add its own."""
    return registries().actions


@pytest.fixture
def flow(
    settings: Settings, clock: FrozenClock, actions: Mapping[str, Action], request: pytest.FixtureRequest
) -> Iterator[Flow]:
    """FlowApp put together, its engine standing still: `flow.worker.run_due()` makes one pass."""
    with_cast = "cast" in request.fixturenames
    tables = request.getfixturevalue("peopled_tables")[0] if with_cast else request.getfixturevalue("empty_tables")
    shutil.copyfile(tables, settings.database_url.removeprefix("sqlite:///"))
    made = Flow(settings, clock=clock, actions=actions)
    yield made
    made.close()


@pytest.fixture
def session(flow: Flow) -> Iterator[Session]:
    """A session that only reads; open it after the changes that it shall see."""
    with flow.database.read() as opened:
        yield opened


@pytest.fixture
def cast(flow: Flow, peopled_tables: tuple[Path, Cast]) -> Cast:
    """Rose House and Elm House with the people that tests speak of; they came with the database of `flow`."""
    return peopled_tables[1]


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates as they were compiled once, so that not every test's application compiles them again."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def made_app(empty_tables: Path, compiled_templates: FileSystemBytecodeCache) -> Flask:
    """The application that serves one test's FlowApp after the other."""
    settings = read_settings(database_url=f"sqlite:///{empty_tables}", secret_key="test", testing=True)
    return shared_application(Flow(settings), compiled_templates)


@pytest.fixture
def app(made_app: Flask, flow: Flow) -> Flask:
    """The Flask application; a test that adds something to it asks for `own_app`."""
    return hand_to(flow, made_app)


@pytest.fixture
def own_app(flow: Flow, compiled_templates: FileSystemBytecodeCache) -> Flask:
    """A Flask application that is made for this test alone, which may add addresses to it."""
    return application(flow, compiled_templates)


@pytest.fixture
def page(app: Flask, cast: Cast) -> PageClient:
    """A browser with nobody signed in, which inspects every page it fetches."""
    return PageClient(app.test_client())


@pytest.fixture
def as_dan(app: Flask, cast: Cast, flow: Flow) -> PageClient:
    """Dan's browser: a carer at Rose House."""
    return sign_in(app, flow, cast.dan)


@pytest.fixture
def as_maya(app: Flask, cast: Cast, flow: Flow) -> PageClient:
    """Maya's browser: the manager of Rose House."""
    return sign_in(app, flow, cast.maya)


@pytest.fixture
def as_vic(app: Flask, cast: Cast, flow: Flow) -> PageClient:
    """Vic's browser: a carer at Elm House, who must see nothing of Rose House."""
    return sign_in(app, flow, cast.vic)


@pytest.fixture
def api(app: Flask, cast: Cast, flow: Flow) -> Api:
    """The API, asked as anybody of the cast."""
    return Api(app, flow)
