"""What differs between the databases that FlowApp can keep its rows in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from flowapp.kernel.backends.lock import Lock
from flowapp.kernel.checkpoints import Checkpoints


class Backend(ABC):
    """One sort of database: how it is connected to, how writers take turns in it, and what its errors mean."""

    def __init__(self, url: str) -> None:
        self.url = url

    @abstractmethod
    def writer(self) -> Engine:
        """Make an engine each transaction of which waits for its turn to write, and then has the database alone."""

    @abstractmethod
    def hurried(self) -> Engine:
        """Make such an engine that does not wait: whoever finds the database busy is told so at once."""

    @abstractmethod
    def reader(self) -> Engine:
        """Make an engine each transaction of which sees one state, and cannot write."""

    @abstractmethod
    def for_hints(self) -> Engine:
        """Make an engine whose commits hold up nobody, and wait neither for the disk nor for long for others."""

    @abstractmethod
    def lock(self, path: Path) -> Lock:
        """Make the lock of whoever leads, among all processes that use this database; a file may be at `path`."""

    @abstractmethod
    def commit_quickly(self, driver: Any) -> None:
        """Have this connection commit without waiting for the disk; what is torn by a power cut is the last moments."""

    @abstractmethod
    def is_busy(self, error: DBAPIError) -> bool:
        """Say whether a transaction that broke off may be done again as it is: nothing of it was kept."""

    @abstractmethod
    def is_away(self, error: DBAPIError) -> bool:
        """Say whether the database cannot be reached, or left in the middle."""

    @abstractmethod
    def is_full(self, error: DBAPIError) -> bool:
        """Say whether the disk took no more, or could not be written to."""

    def checkpoints(self, writer: Engine) -> Checkpoints | None:
        """Answer who moves what was written to where it stays, where we have to see to that ourselves."""
        return None

    def remedy(self, error: DBAPIError) -> str | None:
        """Say what must be mended outside before this database can be used at all, if it is that; names the setting."""
        return None

    def warning(self) -> str | None:
        """Say what is wrong with this version of the database, if anything is."""
        return None

    def mark(self, connection: Connection) -> str | None:
        """Answer what the transaction can be asked after later, once its commit was sent; None where none is lost."""
        return None

    def was_committed(self, mark: str) -> bool | None:
        """Say what became of a transaction whose commit nobody answered; None while the database does not tell."""
        return None


def errors_of(error: BaseException | None) -> Iterator[DBAPIError]:
    """Answer the errors of the database that an error is, or comes from."""
    while error is not None:
        if isinstance(error, DBAPIError):
            yield error
        error = error.__cause__
