"""The demo, made once for all tests that only look at it."""

from __future__ import annotations

import atexit
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from zoneinfo import ZoneInfo

from flowapp.bootstrap import Flow
from flowapp.cli.demo.data import load_demo
from flowapp.cli.demo.homes import SMALL, Size
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.db import Database
from flowapp.kernel.schema import migrate
from flowapp.kernel.settings import Settings, read_settings

PASSWORD = "porridge in the morning"
SHOWN = date(2026, 11, 23)  # a Monday
LITTLE = Size(homes=3, staff=12, weeks=5, rota=True)
TINY = Size(homes=3, staff=12, weeks=5, rota=False)
ZONE = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Made:
    """A demo in a database file, with everything that was told and warned of while it was made."""

    database: Path
    as_of: date
    told: tuple[str, ...]
    warned: tuple[str, ...]

    @property
    def morning(self) -> datetime:
        """Nine in the morning of the day the demo is shown."""
        return nine_on(self.as_of)

    @contextmanager
    def opened(self) -> Iterator[Flow]:
        """Put FlowApp together on it, to look; its engine stands still."""
        flow = Flow(settings_of(self.database), clock=FrozenClock(self.morning))
        try:
            yield flow
        finally:
            flow.close()

    def copied(self, folder: Path) -> Made:
        """Answer a copy in which things may be done."""
        path = folder / "copied.sqlite3"
        with self.opened() as flow, flow.database.writer.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        shutil.copyfile(self.database, path)
        return Made(path, self.as_of, self.told, self.warned)


def nine_on(day: date) -> datetime:
    """Answer nine in the morning of a day."""
    return datetime.combine(day, time(9), ZONE)


def settings_of(database: Path) -> Settings:
    """Answer the settings of a FlowApp on this database."""
    return read_settings(
        database_url=f"sqlite:///{database}", demo_password=PASSWORD, secret_key="test", testing=True, fault=""
    )


def made_in(folder: Path, *, as_of: date = SHOWN, size: Size = SMALL) -> Made:
    """Make a demo in a new database."""
    path = folder / "demo.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    told: list[str] = []
    with _warnings() as warned:
        assert load_demo(settings_of(path), database, nine_on(as_of), size=size, tell=told.append)
    database.dispose()
    return Made(path, as_of, tuple(told), tuple(warned))


@cache
def the_demo() -> Made:
    """Answer the small demo of 23 November 2026; only to be looked at."""
    folder = Path(mkdtemp(prefix="flowapp-demo-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return made_in(folder)


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
