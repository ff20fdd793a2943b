"""The demo, made once for all tests that only look at it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from flowapp.bootstrap import Flow
from flowapp.cli.demo.data import load_demo
from flowapp.cli.demo.homes import SMALL, Size
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.db import Database
from flowapp.kernel.schema import migrate
from flowapp.kernel.settings import Settings, read_settings
from tests.support.databases import Databases

PASSWORD = "porridge in the morning"
SHOWN = date(2026, 11, 23)  # a Monday
LITTLE = Size(homes=3, staff=12, weeks=5, rota=True)
TINY = Size(homes=3, staff=12, weeks=5, rota=False)
ZONE = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Made:
    """A demo in a database, with everything that was told and warned of while it was made."""

    url: str
    folder: Path
    as_of: date
    told: tuple[str, ...]
    warned: tuple[str, ...]

    @property
    def settings(self) -> Settings:
        """The settings of a FlowApp on it."""
        return settings_of(self.url, self.folder)

    @property
    def morning(self) -> datetime:
        """Nine in the morning of the day the demo is shown."""
        return nine_on(self.as_of)

    @contextmanager
    def opened(self) -> Iterator[Flow]:
        """Put FlowApp together on it, to look; its engine stands still."""
        flow = Flow(self.settings, clock=FrozenClock(self.morning))
        try:
            yield flow
        finally:
            flow.close()


class Demos:
    """Makes demos in databases of their own."""

    def __init__(self, databases: Databases, folder: Path) -> None:
        self._databases = databases
        template: list[Made] = []
        databases.template("demo", lambda url: template.append(_made(url, folder, SHOWN, SMALL)))
        self._template = template[0]
        self.small = self.copied(folder)  # the small demo of 23 November 2026; only to be looked at

    def made_in(self, folder: Path, *, as_of: date = SHOWN, size: Size = SMALL) -> Made:
        """Make a demo in a new database."""
        return new_demo(self._databases, folder, as_of=as_of, size=size)

    def copied(self, folder: Path) -> Made:
        """Answer a copy of the small demo in which things may be done."""
        self._databases.copy("demo", url := self._databases.new_url(folder))
        return replace(self._template, url=url, folder=folder)


def new_demo(databases: Databases, folder: Path, *, as_of: date = SHOWN, size: Size) -> Made:
    """Make a demo in a new database."""
    databases.make(url := databases.new_url(folder))
    return _made(url, folder, as_of, size)


def nine_on(day: date) -> datetime:
    """Answer nine in the morning of a day."""
    return datetime.combine(day, time(9), ZONE)


def settings_of(url: str, folder: Path) -> Settings:
    """Answer the settings of a FlowApp on this database."""
    given = {"database_url": url, "instance": str(folder), "demo_password": PASSWORD}
    return read_settings(**given, secret_key="test", testing=True, fault="")


def _made(url: str, folder: Path, as_of: date, size: Size) -> Made:
    database = Database(url)
    migrate(database)
    told: list[str] = []
    with _warnings() as warned:
        assert load_demo(settings_of(url, folder), database, nine_on(as_of), size=size, tell=told.append)
    database.dispose()
    return Made(url, folder, as_of, tuple(told), tuple(warned))


@contextmanager
def _warnings() -> Iterator[list[str]]:
    found: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: found.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("flowapp").addHandler(handler)
    try:
        yield found
    finally:
        logging.getLogger("flowapp").removeHandler(handler)
