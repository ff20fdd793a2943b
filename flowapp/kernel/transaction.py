"""What may be done inside a transaction that writes: part of it undone, and things put off until it is committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import DBAPIError, InternalError, OperationalError
from sqlalchemy.orm import Session

from flowapp.kernel.errors import FlowError
from flowapp.kernel.prepared import driver_of


class TransactionLost(FlowError):
    """The database gave the whole transaction up. Nothing of it was kept."""

    code = "transaction_lost"


# Of the database itself, and never the fault of what was being done in it.
TROUBLE = (OperationalError, InternalError, TransactionLost)


class WritingSession(Session):
    """A session whose failing flush undoes only what it flushed.

    SQLAlchemy gives up the whole transaction when a flush fails outside a SAVEPOINT; other people's changes may be
    in it.
    """

    _opening = False

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what is pending, in a SAVEPOINT of its own."""
        if self._opening or not (self.new or self.dirty or self.deleted):
            return
        self._opening = True  # opening a SAVEPOINT flushes first
        try:
            nested = self.begin_nested()
        finally:
            self._opening = False
        with nested:
            super().flush(objects)


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """Undo what is done inside if it raises, and nothing else of the transaction.

    What the session was told to remember inside is forgotten with it. Nothing pending is flushed first. Raises
    TransactionLost where the database has given up all of it, as it does when the disk is full: whoever went on
    would write outside any transaction.
    """
    driver = driver_of(session)
    before = {name: list(kept) if isinstance(kept, list) else kept for name, kept in session.info.items()}
    _say(session, driver, "SAVEPOINT part")  # the innermost of this name counts
    try:
        yield
        # PostgreSQL refuses after an error that was swallowed inside.
        _say(session, driver, "RELEASE SAVEPOINT part")
    except BaseException as error:
        session.expunge_all()
        session.info.clear()
        session.info.update(before)
        try:
            driver.execute("ROLLBACK TO SAVEPOINT part")
            driver.execute("RELEASE SAVEPOINT part")
        except Exception:
            raise TransactionLost from error
        raise


def _say(session: Session, driver: Any, statement: str) -> None:
    """Say it past SQLAlchemy, which takes longer than the database; its errors become SQLAlchemy's."""
    try:
        driver.execute(statement)
    except Exception as error:
        dialect: Any = session.get_bind().dialect
        raise DBAPIError.instance(statement, None, error, dialect.dbapi.Error, dialect=dialect) from error


def after_commit(session: Session, call: Callable[[], None]) -> None:
    """Have something done once the transaction is committed; dropped when it is not."""
    session.info.setdefault("after_commit", []).append(call)


def carry_on_after(session: Session, ring: Callable[[], None]) -> None:
    """Say that this change leaves something due.

    It is carried on in the same transaction where the database has a sequel for that; otherwise this bell is rung
    once it is committed.
    """
    session.info["left_due"] = ring


def left_due(session: Session) -> Callable[[], None] | None:
    """Answer the bell to be rung for what this change leaves due; None when nothing is."""
    found: Callable[[], None] | None = session.info.get("left_due")
    return found
