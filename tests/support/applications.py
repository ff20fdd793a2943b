"""Flask applications for tests: one that serves a test's FlowApp after the other's, or one of a test's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from flowapp.bootstrap import Flow
from flowapp.factory import create_app
from flowapp.http.access import public
from flowapp.http.running import EXTENSION, db
from flowapp.kernel.keys import secret_key
from flowapp.kernel.settings import read_settings
from tests.support.databases import Databases


def application(flow: Flow, compiled: FileSystemBytecodeCache) -> Flask:
    """Make an application, with templates that were compiled before."""
    made = create_app(flow=flow)
    made.jinja_env.bytecode_cache = compiled
    made.view_functions["static"] = public(made.view_functions["static"])
    return made


def shared_application(flow: Flow, compiled: FileSystemBytecodeCache) -> Flask:
    """Make an application to be handed on, since its addresses take 40 ms to compile."""
    made = application(flow, compiled)
    made._got_first_request = True  # so that Flask refuses a test that would leave something behind in it
    flow.close()
    return made


def hand_to(flow: Flow, app: Flask) -> Flask:
    """Let a shared application serve this FlowApp from now on."""
    app.extensions[EXTENSION] = flow
    app.config.update(SECRET_KEY=secret_key(flow.settings), TESTING=flow.settings.testing)
    db._app_engines[app][None] = flow.database.reader  # which Flask-SQLAlchemy takes from the flow only once
    return app


@pytest.fixture(scope="session")
def made_app(
    databases: Databases,
    empty_tables: str,
    tmp_path_factory: pytest.TempPathFactory,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Flask]:
    """The application that serves one test's FlowApp after the other."""
    folder = tmp_path_factory.mktemp("made-app")
    databases.copy(empty_tables, url := databases.new_url(folder))
    settings = read_settings(database_url=url, instance=str(folder), secret_key="test", testing=True)
    yield shared_application(Flow(settings), compiled_templates)
    databases.drop(url)
