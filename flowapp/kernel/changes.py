"""Changes of a process waiting their turn; those that wait together are committed together.

A commit that waits for the disk costs more than all else in a short change, and handing the database from thread to
thread costs about as much again. So whoever has the turn also does the changes that wait behind, and commits once: a
change that raises is undone alone (`kernel.change` says how), and nobody is told "done" before the commit. When a
group fails as a whole its changes are done again singly.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context
from functools import partial
from time import monotonic
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from flowapp.kernel import baton
from flowapp.kernel.backends import Backend, errors_of
from flowapp.kernel.change import OF_THE_CHANGE, Attempt, Change, Did, Raised, apart, straight
from flowapp.kernel.errors import FlowError
from flowapp.kernel.prepared import DRIVER
from flowapp.kernel.transaction import TransactionLost, WritingSession, left_due
from flowapp.kernel.turns import Turns

log = logging.getLogger(__name__)
MOST_TOGETHER = 32
HOLD_SECONDS = 0.02  # no further change joins a group that has held the database this long
TELL_SECONDS = 60.0  # how long we ask what became of a commit that nobody answered
ASK_AGAIN_SECONDS = 0.1


class OutcomeUnknown(FlowError):
    """The connection to the database broke while this was being saved, and it did not come back to tell us.

    Look whether it is there before you do it again.
    """

    code = "outcome_unknown"


class Sequel(Protocol):
    """What carries on what changes leave due, in their transaction."""

    def write(self, session: Session) -> Any:
        """Carry it on; what this raises is undone alone, and the bells of the changes are rung instead."""

    def committed(self, result: Any) -> None:
        """Do what follows once that is committed."""


class Changes:
    """The changes of one process, in the order of their arrival."""

    def __init__(self, backend: Backend, engine: Engine) -> None:
        self._backend = backend
        self._engine = engine
        self._turns = Turns()
        self._waiting: deque[Change] = deque()
        self.sequel: Sequel | None = None
        self.trouble: DBAPIError | None = None  # why the last turn came to nothing

    def queue(self, fn: Callable[[Session], Any]) -> Change:
        """Put a change behind those that wait."""
        change = Change(fn)
        self._waiting.append(change)
        return change

    def done(self, change: Change, seconds: float) -> bool:
        """Take a turn and see to it that the change is done; False when that was not possible in this time.

        Another process may hold the database, or another thread its turn, or the database is away.
        """
        if not self._turns.take(seconds, unless=lambda: change.done):
            return change.done
        try:
            with baton.held():
                while not change.done:
                    self._do_next()
        except DBAPIError as error:
            if not self._backend.is_busy(error):
                raise
            self.trouble = error
            return False
        except BaseException:  # whoever is told to leave takes nothing along but the own change
            self.withdraw(change)
            raise
        finally:
            self._turns.give()
        return True

    def beside(self, act: Callable[[], None], seconds: float) -> bool:
        """Take a turn for something that is no change; answer whether it came in this time."""
        if not self._turns.take(seconds):
            return False
        try:
            act()
        finally:
            self._turns.give()
        return True

    def withdraw(self, change: Change) -> bool:
        """Take back a change that nobody has begun; False when somebody has."""
        try:
            self._waiting.remove(change)
        except ValueError:
            return False
        return True

    def _do_next(self) -> None:
        group = [self._waiting.popleft() for _ in range(min(MOST_TOGETHER, len(self._waiting)))]
        try:
            self._do(group)
        except BaseException:
            self._waiting.extendleft(reversed([each for each in group if not each.done]))
            raise

    def _do(self, group: list[Change]) -> None:
        if len(group) > 1 or self.sequel is not None:
            try:
                self._waiting.extendleft(reversed(self._together(group)))
                return
            except (DBAPIError, TransactionLost) as error:
                self._raise_busy(error)
        for change in group:
            self._alone(change)

    def _together(self, group: list[Change]) -> list[Change]:
        """Do as many as there is time for with one commit, and answer those left over.

        Hardly any change raises, so at first none has a SAVEPOINT, which costs more than a short statement. When one
        does raise, all is undone and done again with them.
        """
        try:
            return self._in_one(group, straight)
        except Raised:
            return self._in_one(group, apart)

    def _in_one(self, group: list[Change], attempt: Attempt) -> list[Change]:
        did: list[Did] = []
        sequel: Did | None = None
        stop = monotonic() + HOLD_SECONDS
        try:
            with self._transaction() as session:
                driver = session.info[DRIVER]
                for change in group:
                    did.append(attempt(session, driver, change))
                    if monotonic() > stop:
                        break
                sequel = self._carry_on(session, driver, did, attempt)
        except OutcomeUnknown as unknown:  # none of them may be done again
            did, sequel = [Did(each.change, None, unknown, [], None) for each in did], None
        for each in did:
            each.tell(carried_on=sequel is not None)
        if sequel is not None:
            sequel.tell(carried_on=True)
            sequel.change.outcome()
        return group[len(did) :]

    def _carry_on(self, session: Session, driver: Any, did: Sequence[Did], attempt: Attempt) -> Did | None:
        """Carry on what these changes leave due; None when nothing is, or it could not be."""
        sequel = self.sequel
        if sequel is None or all(each.ring is None for each in did):
            return None
        done = attempt(session, driver, Change(sequel.write, Context()))
        if done.error is not None:
            log.error("what changes left due could not be carried on with them", exc_info=done.error)
            return None
        done.after.append(partial(sequel.committed, done.result))
        return done

    def _alone(self, change: Change) -> None:
        try:
            with self._transaction() as session:
                result = change.write(session)
                session.flush()
            did = Did(change, result, None, session.info.get("after_commit", []), left_due(session))
        except OF_THE_CHANGE as error:
            self._raise_busy(error)
            did = Did(change, None, error, [], None)
        did.tell(carried_on=False)

    def _raise_busy(self, error: BaseException) -> None:
        """Raise what the error comes from where that is the database's, and the change may be done again."""
        if isinstance(error, (DBAPIError, TransactionLost)):
            for each in errors_of(error):
                if self._backend.is_busy(each):
                    raise each

    @contextmanager
    def _transaction(self) -> Iterator[WritingSession]:
        """Open a transaction that writes, and commit it; raises OutcomeUnknown."""
        with WritingSession(self._engine, expire_on_commit=False, autoflush=False) as session:
            connection = session.connection()
            session.info[DRIVER] = connection.connection.driver_connection
            mark = self._backend.mark(connection)
            yield session
            try:
                with baton.put_down():
                    session.commit()
            except DBAPIError as error:
                if mark is None or not self._backend.is_away(error):
                    raise
                if not self._was_committed(mark):
                    raise
                log.warning("the connection broke at a commit; the database says that it was kept")

    def _was_committed(self, mark: str) -> bool:
        stop = monotonic() + TELL_SECONDS
        while monotonic() < stop:
            if (told := self._backend.was_committed(mark)) is not None:
                return told
            threading.Event().wait(ASK_AGAIN_SECONDS)
        raise OutcomeUnknown
