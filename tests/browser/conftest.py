"""The real server with the demo's homes and people, started once, and a Chromium to look at it with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from flowapp.cli.demo.data import load_demo
from flowapp.cli.demo.homes import SMALL
from flowapp.kernel.clock import SystemClock
from flowapp.kernel.db import Database
from flowapp.kernel.schema import migrate
from flowapp.kernel.settings import read_settings
from flowapp.rota.entitlement import leave_year
from flowapp.rota.leave import LeaveRequest
from tests.browser.window import Window
from tests.kill import days
from tests.kill.server import PASSWORD, Server
from tests.support import browser
from tests.support.databases import Databases, looking_into

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Opener = Callable[..., Window]


@pytest.fixture(scope="session")
def server(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server on a demo with a short past, which is quickly made."""
    folder = tmp_path_factory.mktemp("browser")
    databases.make(url := databases.new_url(folder))
    settings = read_settings(database_url=url, instance=str(folder), demo_password=PASSWORD)
    database = Database(settings.database_url)
    migrate(database)
    load_demo(settings, database, SystemClock().now(), size=replace(SMALL, weeks=1, rota=False), tell=lambda _: None)
    database.dispose()
    with Server(url, folder=folder, demo=True) as server:
        yield server


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A Chromium for this folder; no second one may run beside it."""
    with browser.launch() as started:
        yield started


@pytest.fixture(scope="session")
def seen() -> set[object]:
    """The pages that windows have looked at."""
    return set()


@pytest.fixture(scope="session")
def mondays(server: Server) -> Iterator[date]:
    """Mondays of weeks in which nobody of the demo is away, and that no test of this run has asked for yet."""
    with looking_into(server.url) as session:
        away = session.execute(select(LeaveRequest.start_date, LeaveRequest.end_date)).all()
    return (
        monday
        for monday in days.mondays()
        if not any(first < monday + days.WEEK and last >= monday for first, last in away)
    )


@pytest.fixture
def week(mondays: Iterator[date]) -> date:
    """The Monday of a week of the test's own."""
    return next(mondays)


@pytest.fixture
def two_weeks(mondays: Iterator[date]) -> date:
    """The Monday of two weeks of the test's own, one after the other, in one leave year."""
    first = next(mondays)
    while (second := next(mondays)) - first != days.WEEK or leave_year(first) != leave_year(second):
        first = second
    return first


@pytest.fixture
def window(chromium: Browser, server: Server, seen: set[object]) -> Iterator[Opener]:
    """Opens windows; each is closed at the end, and must have had nothing to complain of."""
    with ExitStack() as opened:

        def open_(email: str = "", **given: Any) -> Window:
            made = opened.enter_context(Window(chromium, server.address, seen, **given))
            if email:
                made.sign_in(email, PASSWORD)
            return made

        yield open_
