"""Steps that act outside: done by threads, with no transaction open, and their results kept.

Only as many are taken as threads are free (`hands.py`), and their leases are renewed while they act (`heartbeat.py`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.engine.acting import Outside
from flowapp.engine.burst import Burst
from flowapp.engine.claim import Due, is_live, rows_before, taken
from flowapp.engine.complete import complete
from flowapp.engine.ending import keep
from flowapp.engine.execution import STEPS, StepStatus
from flowapp.engine.failing import Failure, failure_of
from flowapp.engine.hands import Hands, Reserved
from flowapp.engine.heartbeat import Heartbeat
from flowapp.engine.parts import EngineParts
from flowapp.engine.waiting import Waiting
from flowapp.engine.writes import given_up
from flowapp.kernel.db import DatabaseBusy
from flowapp.kernel.faults import fault
from flowapp.kernel.plain import plain
from flowapp.workflows.kinds import Effect

log = logging.getLogger(__name__)
RESULT_TRIES = 2  # of a result that the engine cannot go on from
LONGEST_PAUSE = 10.0  # before a result is offered again to a database that could not take it


class DoneOrNot(BaseException):
    """The database went away in the middle of what must not be done twice; its lease runs out, and a person looks."""


class Effects:
    """The threads of this process that act outside, and what follows from what they bring."""

    def __init__(self, parts: EngineParts, waiting: Waiting, *, threads: int) -> None:
        self.parts = parts
        self.waiting = waiting
        self.hands = Hands(threads)
        self.heartbeat = Heartbeat(parts)
        self.ring: Callable[[], None] = lambda: None  # says that there may be something to do
        self._closing = threading.Event()
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="effect")

    def close(self) -> None:
        """Wait for effects that are under way, and take no more."""
        self.hands.close()
        self._closing.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self.heartbeat.stop()

    def afterwards(self, burst: Burst, reserved: Reserved) -> None:
        """Tell whoever waits, and begin what acts outside."""
        if burst.ended:
            self.waiting.settled(burst.due.execution_id)
        for step in burst.acting.outside:
            if _still_wanted(burst, step):
                fault("claim.after_commit")
                future = self._pool.submit(self._act_outside, step)
                reserved.take()  # given back by the thread
                future.add_done_callback(_log_failure)

    def _act_outside(self, step: Outside) -> None:
        reserved = Reserved(1)
        try:
            with self.heartbeat.over(step.execution_id, step.path, step.epoch):
                burst = self._keep(step, self._result_of(step))
            fault("complete.after_commit")
            if burst is not None:
                self.afterwards(burst, reserved)
        finally:
            self.hands.give_back(reserved.left)
            self.ring()  # somebody may have waited for a free thread, or a further step for its turn

    def _result_of(self, step: Outside) -> Any | Failure:
        pause = 1.0
        while True:
            try:
                fault("effect.before")
                result = plain(self._acted(step).model_dump())
                fault("effect.after")
                return result
            except DatabaseBusy as busy:  # is no failure of the step
                log.warning("a step cannot be done yet: %s", busy.message)
                if self._closing.wait(pause):
                    raise
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception as error:
                return failure_of(error)

    def _acted(self, step: Outside) -> Any:
        """Act; raises DatabaseBusy when that may be done again, and DoneOrNot when nobody can tell."""
        begun, came = False, []
        try:
            with self.parts.database.read() as session:
                run = step.make_run(session)
                begun = True
                came.append(step.action.run(step.fields, run))
        except DatabaseBusy as busy:
            if came:  # what was read beside is read, and the call was made
                return came[0]
            if begun and step.action.effect is Effect.AT_MOST_ONCE:
                raise DoneOrNot from busy
            raise
        return came[0]

    def _keep(self, step: Outside, result: Any | Failure) -> Burst | None:
        """Write a result down, however long the database cannot take it: it was come by only once.

        An execution that cannot go on from it fails; its lease would run out, and the same be done outside for ever.
        """
        pause, tries = 1.0, 0
        while True:
            try:
                return self.parts.database.write(lambda session: self._complete(session, step, result))
            except DatabaseBusy as busy:
                log.warning("the result of a step cannot be kept yet: %s", busy.message)
                if self._closing.wait(pause):
                    raise
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception as error:
                log.exception("the result of a step cannot be gone on from", extra={"execution": step.execution_id})
                tries += 1
                if tries == RESULT_TRIES:
                    self._give_up_taken(step, failure_of(error))
                    return None

    def _give_up_taken(self, step: Outside, failure: Failure) -> None:
        with self.parts.database.read() as session:
            due = taken(session, step.step_row_id or _row_id(session, step), step.epoch)
        if due is not None:
            self.give_up(due, failure)

    def _complete(self, session: Session, step: Outside, result: Any | Failure) -> Burst | None:
        row_id = step.step_row_id or _row_id(session, step)
        hands = Reserved(0 if self.hands.closed else 1)  # whoever brings this result has a hand free for the next step
        burst = complete(self.parts, session, row_id, step, result, self.parts.clock.now(), hands=hands)
        if burst is not None:
            keep(self.parts, session, burst.writes)
        fault("complete.before_commit")
        return burst

    def give_up(self, row: Due, failure: Failure) -> None:
        """Fail an execution that the engine itself cannot carry on, so that it is seen and not tried for ever."""
        now = self.parts.clock.now()

        def write(session: Session) -> None:
            if is_live(session, row.execution_id):  # somebody may have cancelled it since it was read
                before = rows_before(session, [row.execution_id]).get(row.execution_id, [])
                keep(self.parts, session, given_up(row, before, failure, self.parts.owner, now))

        self.parts.database.write(write)
        self.waiting.settled(row.execution_id)


def _row_id(session: Session, step: Outside) -> int:
    query = select(STEPS.c.id).where(STEPS.c.execution_id == step.execution_id, STEPS.c.path == step.path)
    return int(session.execute(query).scalar_one())


def _still_wanted(burst: Burst, step: Outside) -> bool:
    """Say whether a step was not taken back in the very transaction in which it was taken."""
    row = burst.rows.get(step.path)
    return row is not None and row["status"] is StepStatus.RUNNING


def _log_failure(future: Future[None]) -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        log.error("the result of a step could not be kept; its lease will run out", exc_info=error)
