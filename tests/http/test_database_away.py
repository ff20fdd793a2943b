"""The database cannot be reached: pages and programs are told so in words, and no password is shown to anybody."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from flask import Flask

from flowapp.accounts import sessions
from flowapp.bootstrap import Flow
from flowapp.factory import create_app
from flowapp.http.running import EXTENSION
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.settings import read_settings
from tests.cast import Cast
from tests.kill.server import free_port
from tests.support.databases import Databases
from tests.support.page import PageClient
from tests.support.visitors import Api, sign_in

WORDS = "The database cannot be reached. Nothing was changed; please try again in a minute."
SECRET = "hunter2"


@pytest.fixture
def lost(tmp_path: Path, clock: FrozenClock) -> Iterator[Flask]:
    """A FlowApp whose database is at an address where nobody answers."""
    url = f"postgresql://flow:{SECRET}@127.0.0.1:{free_port()}/flow"
    flow = Flow(read_settings(database_url=url, instance=str(tmp_path), secret_key="x", testing=True), clock=clock)
    yield create_app(flow=flow)
    flow.close()


@pytest.mark.parametrize("address", ["/", "/leave/", "/sign-in-links/x/"])
def test_a_page_says_that_the_database_is_away(lost: Flask, caplog: pytest.LogCaptureFixture, address: str) -> None:
    browser = PageClient(lost.test_client())
    browser.client.set_cookie("flowapp", "somebody")
    browser.get(address, status=503)
    assert WORDS in browser.text
    assert SECRET not in caplog.text
    assert "Traceback" not in caplog.text


def test_a_program_is_told_that_the_database_is_away(lost: Flask, caplog: pytest.LogCaptureFixture) -> None:
    answer = lost.test_client().get("/api/v1/workflows", headers={"Authorization": "Bearer flow_x"})
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.json is not None
    assert answer.json["detail"] == WORDS
    assert SECRET not in caplog.text + answer.text


def test_a_command_says_in_a_line_that_the_database_is_away(lost: Flask) -> None:
    told = lost.test_cli_runner().invoke(args=["flow", "export", "1"])
    assert told.exit_code == 1
    assert told.output.startswith("FLOWAPP_DATABASE_URL: 127.0.0.1:")
    assert len(told.output.splitlines()) == 1
    assert SECRET not in told.output


def test_a_page_that_waits_for_a_run_is_not_told_that_nothing_was_changed(lost: Flask) -> None:
    assert not cast(Flow, lost.extensions[EXTENSION]).waiting.wait([1], 0.1)


@pytest.mark.postgresql
def test_a_database_that_goes_away_and_comes_back_is_used_again(
    app: Flask, flow: Flow, cast: Cast, api: Api, databases: Databases, caplog: pytest.LogCaptureFixture
) -> None:
    browser = sign_in(app, flow, cast.dan)
    browser.get("/leave/")
    token = browser.soup.select_one("input[name=csrf_token]")["value"]
    databases.drop(flow.settings.database_url)
    with caplog.at_level(logging.WARNING):
        browser.get("/leave/", status=503)
        assert WORDS in browser.text
        browser.post("/leave/", {"csrf_token": token, "reason": "x"}, status=503)
    assert "Traceback" not in caplog.text

    databases.copy("peopled", flow.settings.database_url)
    raw = flow.database.write(lambda session: sessions.open(session, cast.dan, flow.clock.now()))
    browser.client.set_cookie("flowapp", raw)
    browser.get("/leave/")
