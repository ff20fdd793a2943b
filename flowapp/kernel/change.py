"""One change, and the two ways of doing it in a transaction that others share."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from flowapp.kernel.prepared import DRIVER
from flowapp.kernel.transaction import TROUBLE, left_due, savepoint

log = logging.getLogger(__name__)
OF_THE_CHANGE = (Exception, SystemExit)  # for whoever asked for it; anything else is for the thread it reaches


class Change:
    """Something to be written, and what became of it.

    Whichever thread writes it, it runs in the context of the one that asked: a request must never be taken for that
    of somebody else who waits beside it.
    """

    __slots__ = ("_context", "_fn", "after", "done", "error", "result")

    def __init__(self, fn: Callable[[Session], Any], context: Context | None = None) -> None:
        self._fn = fn
        self._context = copy_context() if context is None else context
        self.done = False
        self.result: Any = None
        self.error: BaseException | None = None
        self.after: list[Callable[[], None]] = []

    def write(self, session: Session) -> Any:
        """Write it, and answer what it answered."""
        return self._context.run(self._fn, session)

    def outcome(self) -> Any:
        """Do what was put off until the commit and answer the result, or raise what the change raised."""
        if self.error is not None:
            raise self.error
        for call in self.after:
            try:
                call()
            except Exception:
                log.exception("what follows a commit went wrong; the change itself is kept")
        return self.result


class Did(NamedTuple):
    """A change as it was done, before anybody is told."""

    change: Change
    result: Any
    error: BaseException | None
    after: list[Callable[[], None]]
    ring: Callable[[], None] | None

    def tell(self, *, carried_on: bool) -> None:
        ring = [] if carried_on or self.ring is None else [self.ring]
        self.change.after = [*self.after, *ring]
        self.change.result, self.change.error, self.change.done = self.result, self.error, True


Attempt = Callable[[Session, Any, Change], Did]


class Raised(Exception):
    """A change of a group raised, and nothing keeps what it did apart: no error, but the group is done another way."""


def straight(session: Session, driver: Any, change: Change) -> Did:
    """Do one change of a group; raises Raised when it raises, and trouble of the database itself."""
    try:
        return _done(session, driver, change)
    except TROUBLE:
        raise
    except OF_THE_CHANGE as error:
        raise Raised from error


def apart(session: Session, driver: Any, change: Change) -> Did:
    """Do one change of a group in a SAVEPOINT; trouble of the database itself ends the group."""
    session.info[DRIVER] = driver
    try:
        with savepoint(session):
            return _done(session, driver, change)
    except TROUBLE:
        raise
    except OF_THE_CHANGE as error:
        return Did(change, None, error, [], None)


def _done(session: Session, driver: Any, change: Change) -> Did:
    session.info.clear()
    session.info[DRIVER] = driver
    try:
        result = change.write(session)
        session.flush()
    finally:
        session.expunge_all()
    return Did(change, result, None, session.info.get("after_commit", []), left_due(session))
