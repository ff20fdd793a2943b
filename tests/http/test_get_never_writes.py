"""Looking at something changes nothing, whoever looks at whatever page."""

from __future__ import annotations

import threading
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from flowapp.accounts.sessions import BrowserSession
from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.db import Database
from tests.cast import Cast
from tests.factories import a_document, a_workflow, condition, leave_asked, notify, run_all
from tests.http.addresses import addresses
from tests.http.whole_database import contents
from tests.support.visitors import Api, sign_in


@pytest.fixture(autouse=True)
def _something_of_everything(flow: Flow, cast: Cast) -> None:
    triggers = [{"id": "m", "type": "manual"}, {"id": "asked", "type": "event", "event": "leave_requested"}]
    step = condition("c", "${context.leave_request_id} > 0", then=[notify("a", to="dan@example.org")])
    a_workflow(flow, cast.maya, a_document(step, triggers=triggers), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    leave_asked(flow, cast.dan, start=date(2026, 12, 9))
    run_all(flow)


@pytest.mark.parametrize("name", ["dan", "maya", "vic", "ada"])
def test_no_page_writes_anything(app: Flask, flow: Flow, cast: Cast, name: str) -> None:
    browser = sign_in(app, flow, getattr(cast, name)).client
    statuses = set()
    for url in addresses(app, "GET"):
        before = contents(flow)
        for headers in ({}, {"HX-Request": "true"}):
            with browser.get(url, headers=headers) as answer:
                statuses.add(answer.status_code)
            assert contents(flow) == before, url
        browser.head(url)
        browser.options(url)
        assert contents(flow) == before, url
    assert 200 in statuses
    assert 500 not in statuses


def test_nobody_who_is_not_signed_in_writes_anything_by_looking(app: Flask, flow: Flow) -> None:
    before, stranger = contents(flow), app.test_client()
    for url in addresses(app, "GET") + addresses(app, "GET", api=True):
        with stranger.get(url) as answer:
            assert answer.status_code < 500 or url == "/readyz", url  # nobody ticks here
    assert contents(flow) == before


@pytest.mark.parametrize("name", ["dan", "maya", "ada"])
def test_no_call_of_the_api_that_reads_writes_anything(app: Flask, flow: Flow, cast: Cast, api: Api, name: str) -> None:
    token = api.token(getattr(cast, name))
    program = app.test_client()
    before = contents(flow)
    for url in addresses(app, "GET", api=True):
        answer = program.get(url, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code < 500, url
    assert contents(flow) == before


def test_when_somebody_was_last_there_is_noted_once_a_minute(
    app: Flask, flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    browser = sign_in(app, flow, cast.dan).client

    def seen() -> datetime | None:
        with flow.database.read() as session:
            return session.scalar(select(func.max(BrowserSession.last_seen_at)))

    begin = seen()
    clock.advance(seconds=50)
    browser.get("/")
    assert seen() == begin
    clock.advance(seconds=20)
    browser.get("/")
    assert seen() > begin


def test_a_page_comes_although_somebody_else_writes_for_long(
    app: Flask, flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    browser, came = sign_in(app, flow, cast.dan).client, threading.Event()
    browser.get("/")
    clock.advance(minutes=2)
    other = Database(flow.settings.database_url)
    writing = other.writer.connect()
    writing.begin()

    def look() -> None:
        browser.get("/")
        came.set()

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    in_time = came.wait(1.5)
    writing.close()
    other.dispose()
    looking.join(20)
    assert in_time
