"""Databases for tests: each test has its own, a copy of one that was made once."""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy.orm import Session

from flowapp.kernel.db import Database
from flowapp.kernel.schema import migrate
from tests.support.postgres import Server

Fill = Callable[[str], None]  # makes the tables of the database at an address, and rows


class Databases(ABC):
    """The databases of one run of tests."""

    backend: str

    @abstractmethod
    def template(self, name: str, fill: Fill, *, of: str | None = None) -> None:
        """Make a database to copy, as a copy of another one where that is named."""

    @abstractmethod
    def new_url(self, folder: Path) -> str:
        """Answer an address at which there is no database yet."""

    @abstractmethod
    def make(self, url: str) -> None:
        """Make a database without a table at this address."""

    @abstractmethod
    def copy(self, template: str, url: str) -> None:
        """Make the database at this address."""

    @abstractmethod
    def duplicate(self, source: str, url: str) -> None:
        """Make the database at one address as a copy of that at another, to which nobody is connected."""

    @abstractmethod
    def drop(self, url: str) -> None:
        """Throw the database at this address away; there may be none."""

    @abstractmethod
    def spoil(self, url: str) -> None:
        """Make the database at this address one that cannot be read."""


class Files(Databases):
    """SQLite files."""

    backend = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def template(self, name: str, fill: Fill, *, of: str | None = None) -> None:
        """Make a file to copy."""
        if of is not None:
            shutil.copyfile(self._file(of), self._file(name))
        fill(f"sqlite:///{self._file(name)}")

    def new_url(self, folder: Path) -> str:
        """Answer the address of a file in the test's own folder."""
        return f"sqlite:///{folder}/flowapp.sqlite3"

    def make(self, url: str) -> None:
        """Leave it to SQLite, which makes the file when it is first opened."""

    def copy(self, template: str, url: str) -> None:
        """Copy the file."""
        shutil.copyfile(self._file(template), url.removeprefix("sqlite:///"))

    def duplicate(self, source: str, url: str) -> None:
        """Copy the file."""
        shutil.copyfile(source.removeprefix("sqlite:///"), url.removeprefix("sqlite:///"))

    def drop(self, url: str) -> None:
        """Leave the file: its folder is the test's own."""

    def spoil(self, url: str) -> None:
        """Write something else into the file."""
        Path(url.removeprefix("sqlite:///")).write_bytes(b"no database" * 1000)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite3"


class OnServer(Databases):
    """Databases on a PostgreSQL server."""

    backend = "postgresql"

    def __init__(self, server: Server) -> None:
        self.server = server
        self._numbers = count(1)

    def template(self, name: str, fill: Fill, *, of: str | None = None) -> None:
        """Make a database to copy."""
        self.server.create(name, of or "template0")
        fill(self.server.url(name))

    def new_url(self, folder: Path) -> str:
        """Answer an address with a name of its own."""
        return self.server.url(f"test_{next(self._numbers)}")

    def make(self, url: str) -> None:
        """Make one as the server has them."""
        self.server.create(_name(url))

    def copy(self, template: str, url: str) -> None:
        """Let the server copy it."""
        self.server.create(_name(url), template)

    def duplicate(self, source: str, url: str) -> None:
        """Let the server copy it."""
        self.server.create(_name(url), _name(source))

    def drop(self, url: str) -> None:
        """Throw it away."""
        self.server.drop(_name(url))

    def spoil(self, url: str) -> None:
        """Throw it away, so that whoever asks is told that there is none."""
        self.drop(url)


def make_tables(url: str) -> None:
    """Make every table and no row."""
    made = Database(url)
    migrate(made)
    made.dispose()


@contextmanager
def looking_into(url: str) -> Iterator[Session]:
    """Open a session that reads the database at an address, whoever else works on it."""
    opened = Database(url)
    try:
        with opened.read() as session:
            yield session
    finally:
        opened.dispose()


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]
