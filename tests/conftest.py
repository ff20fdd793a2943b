"""What every test may ask for: a clock, a FlowApp on a database of its own, and people to act in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow, registries
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.settings import Settings, read_settings
from flowapp.workflows.kinds import Action
from tests.cast import Cast, make_cast
from tests.support.applications import application, hand_to
from tests.support.applications import made_app as made_app
from tests.support.databases import Databases
from tests.support.gathering import pytest_addoption as pytest_addoption
from tests.support.gathering import pytest_collection as pytest_collection
from tests.support.gathering import pytest_collection_modifyitems as pytest_collection_modifyitems
from tests.support.page import PageClient
from tests.support.stores import bare_url as bare_url
from tests.support.stores import database_url as database_url
from tests.support.stores import databases as databases
from tests.support.stores import empty_tables as empty_tables
from tests.support.stores import postgres as postgres
from tests.support.visitors import Api, sign_in

MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that stands still: Monday 23 November 2026, nine in the morning."""
    return FrozenClock(MONDAY_MORNING)


@pytest.fixture(scope="session")
def peopled_tables(databases: Databases, empty_tables: str) -> tuple[str, Cast]:
    """Another such with the cast in it, and the cast as it was written there."""
    casts: list[Cast] = []

    def people(url: str) -> None:
        made = Flow(read_settings(database_url=url, testing=True), clock=FrozenClock(MONDAY_MORNING))
        casts.append(make_cast(made))
        made.close()

    databases.template("peopled", people, of=empty_tables)
    return "peopled", casts[0]


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings with a database of the test's own."""
    return read_settings(database_url=database_url, instance=str(tmp_path), secret_key="test", testing=True)


@pytest.fixture
def actions() -> Mapping[str, Action]:
    """The kinds of action that workflows may use; a folder of tests may add its own."""
    return registries().actions


@pytest.fixture
def flow(
    settings: Settings,
    clock: FrozenClock,
    actions: Mapping[str, Action],
    databases: Databases,
    request: pytest.FixtureRequest,
) -> Iterator[Flow]:
    """FlowApp put together, its engine standing still: `flow.worker.run_due()` makes one pass."""
    with_cast = "cast" in request.fixturenames
    tables = request.getfixturevalue("peopled_tables")[0] if with_cast else request.getfixturevalue("empty_tables")
    databases.copy(tables, settings.database_url)
    made = Flow(settings, clock=clock, actions=actions)
    yield made
    made.close()


@pytest.fixture
def session(flow: Flow) -> Iterator[Session]:
    """A session that only reads; open it after the changes that it shall see."""
    with flow.database.read() as opened:
        yield opened


@pytest.fixture
def cast(flow: Flow, peopled_tables: tuple[str, Cast]) -> Cast:
    """Rose House and Elm House with the people that tests speak of; they came with the database of `flow`."""
    return peopled_tables[1]


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates as they were compiled once, so that not every test's application compiles them again."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


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
