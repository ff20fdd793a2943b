"""The worker: takes what is due, carries it on, keeps the result, and looks again.

Plan of one pass (`Worker.run_due`):
1. In one write transaction take the executions whose step is due, the longest waiting first, and carry each on as
   far as it goes without acting outside; stop taking after 20 ms, so that people's own changes get their turn.
2. Write all rows gathered in batches and commit.
3. Tell whoever waits for these executions; hand steps that act outside to the pool, with no transaction open. Only
   as many are taken as threads are free (`engine/hands.py`), and their leases are renewed (`engine/heartbeat.py`).
4. When the transaction as a whole fails, do its executions singly, so that one cannot hold up the others.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.engine.acting import Lookups, Outside
from flowapp.engine.burst import Burst
from flowapp.engine.claim import (
    Due,
    due,
    is_live,
    late_executions,
    late_steps,
    release_expired,
    rows_before,
    taken,
)
from flowapp.engine.coming import next_due
from flowapp.engine.complete import complete
from flowapp.engine.ending import keep
from flowapp.engine.entry.queueing import let_missed_go
from flowapp.engine.execution import STEPS, StepStatus
from flowapp.engine.failing import Failure, failure_of
from flowapp.engine.hands import Hands, Reserved
from flowapp.engine.heartbeat import Heartbeat
from flowapp.engine.parts import EngineParts
from flowapp.engine.waiting import Waiting
from flowapp.engine.writes import Writes, given_up
from flowapp.kernel.db import DatabaseBusy
from flowapp.kernel.faults import fault
from flowapp.kernel.plain import plain

log = logging.getLogger(__name__)
AT_ONCE = 50  # executions in one transaction
HOLD_SECONDS = 0.02  # how long the write lock is held before the rest must wait for the next pass
RESULT_TRIES = 2  # of a result that the engine cannot go on from
LONGEST_PAUSE = 10.0  # before a result is offered again to a database that could not take it


class Worker:
    """Carries executions on; any number may work on one database."""

    def __init__(self, parts: EngineParts, waiting: Waiting, *, threads: int) -> None:
        self.parts = parts
        self.waiting = waiting
        self.heartbeat = Heartbeat(parts)
        self.ring: Callable[[], None] = lambda: None  # says that there may be something to do
        self._hands = Hands(threads)
        self._closing = threading.Event()
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="effect")

    def start(self) -> None:
        """Begin to renew leases."""
        self.heartbeat.start()

    def run_due(self) -> int:
        """Make one pass; answer how many executions were carried on, or given up."""
        now = self.parts.clock.now()
        reserved = Reserved(self._hands.reserve())
        try:
            bursts, failed = self._carried_on(now, reserved.left)
            if bursts:
                fault("complete.after_commit")
            for burst in bursts:
                self._afterwards(burst, reserved)
        finally:
            self._hands.give_back(reserved.left)
        return len(bursts) + failed

    def _carried_on(self, now: datetime, hands: int) -> tuple[list[Burst], int]:
        """Answer the executions that were carried on, and how many could not be."""
        try:
            return self.parts.database.write(partial(self._pass, hands=hands)), 0
        except DatabaseBusy:
            raise
        except Exception:
            log.exception("a group of executions failed as a whole; doing them singly")
            return self._singly(now, hands)

    def seconds_to_next(self, most: float) -> float:
        """Answer how long nothing falls due, `most` at most."""
        now = self.parts.clock.now()
        with self.parts.database.read() as session:
            at = next_due(session, now)
        return most if at is None else min(most, (at - now).total_seconds())

    def look_after(self) -> None:
        """Give back what others have lost, never what is being acted on here; end what is late, let go what waits."""
        for look in (self._release_lost, self.end_late, self.let_missed_go):
            try:
                look()
            except DatabaseBusy:
                raise
            except Exception:  # none of these may keep what is due from its turn
                log.exception("the engine could not look after what was left; it tries again in a second")

    def _release_lost(self) -> None:
        self.heartbeat.catch_up()  # were this to fail, nothing may be given back
        self.release_expired()

    def release_expired(self) -> int:
        """Give back what was taken by a process that is gone."""
        return self.parts.database.write(lambda session: release_expired(session, self.parts.clock.now()))

    def let_missed_go(self) -> int:
        """Let runs go whose turn it is although nobody said so."""
        return let_missed_go(self.parts)

    def end_late(self) -> int:
        """Fail what has taken longer than it may; answer how many steps and executions that was."""
        now, ended = self.parts.clock.now(), 0
        with self.parts.database.read() as session:
            executions = [(row, None) for row in late_executions(session, now)]
            late = [*executions, *((row, row.path) for row in late_steps(session, now))]
        for row, path in late:
            try:
                burst = self.parts.database.write(partial(self._time_out, row=row, path=path))
            except DatabaseBusy:
                raise
            except Exception as error:
                log.exception("an execution could not be ended", extra={"execution": row.execution_id})
                self._give_up(row, failure_of(error))
                continue
            ended += burst is not None
            if burst is not None:
                self._afterwards(burst, Reserved())
        return ended

    def _time_out(self, session: Session, *, row: Due, path: str | None) -> Burst | None:
        """Fail one late step or execution; None when it has ended since it was found."""
        now, writes = self.parts.clock.now(), Writes()
        before = rows_before(session, [row.execution_id])[row.execution_id]
        burst = Burst(self.parts, session, writes, row, before, now, Lookups())
        if not burst.time_out(path):
            return None
        burst.close()
        keep(self.parts, session, writes)
        return burst

    def close(self) -> None:
        """Wait for effects that are under way, and take no more."""
        self._hands.close()
        self._closing.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self.heartbeat.stop()

    def _pass(self, session: Session, *, hands: int = 0, only: int | None = None) -> list[Burst]:
        now = self.parts.clock.now()
        writes = Writes()
        found = due(session, now, limit=AT_ONCE, outside=hands > 0)
        rows = [row for row in found if only in (None, row.step_row_id)]
        if not rows:
            return []
        fault("claim.mid_tx")
        before = rows_before(session, [row.execution_id for row in rows if row.started_at is not None])
        lookups = Lookups(hands=Reserved(hands))
        bursts: dict[int, Burst] = {}
        stop = monotonic() + HOLD_SECONDS
        for row in rows:
            if row.acts_outside and not lookups.hands.left:
                continue
            burst = bursts.get(row.execution_id)
            if burst is None:
                burst = Burst(self.parts, session, writes, row, before.get(row.execution_id, []), now, lookups)
                bursts[row.execution_id] = burst
            burst.take(row)
            if monotonic() > stop:
                break
        for burst in bursts.values():
            burst.close()
        keep(self.parts, session, writes)
        fault("complete.before_commit")
        return list(bursts.values())

    def _singly(self, now: datetime, hands: int) -> tuple[list[Burst], int]:
        bursts: list[Burst] = []
        failed = 0
        with self.parts.database.read() as session:
            rows = due(session, now, limit=AT_ONCE, outside=hands > 0)
        for row in rows:
            left = hands - sum(len(burst.acting.outside) for burst in bursts)
            try:
                bursts += self.parts.database.write(partial(self._pass, hands=left, only=row.step_row_id))
            except DatabaseBusy:
                raise
            except Exception as error:
                log.exception("an execution could not be carried on", extra={"execution": row.execution_id})
                self._give_up(row, failure_of(error))
                failed += 1
        return bursts, failed

    def _give_up(self, row: Due, failure: Failure) -> None:
        """Fail an execution that the engine itself cannot carry on, so that it is seen and not tried for ever."""
        now = self.parts.clock.now()

        def write(session: Session) -> None:
            if is_live(session, row.execution_id):  # somebody may have cancelled it since it was read
                before = rows_before(session, [row.execution_id]).get(row.execution_id, [])
                keep(self.parts, session, given_up(row, before, failure, self.parts.owner, now))

        self.parts.database.write(write)
        self.waiting.settled(row.execution_id)

    def _afterwards(self, burst: Burst, reserved: Reserved) -> None:
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
                self._afterwards(burst, reserved)
        finally:
            self._hands.give_back(reserved.left)
            self.ring()  # somebody may have waited for a free thread, or a further step for its turn

    def _result_of(self, step: Outside) -> Any | Failure:
        try:
            fault("effect.before")
            with self.parts.database.read() as session:
                output = step.action.run(step.fields, step.make_run(session))
            result = plain(output.model_dump())
            fault("effect.after")
        except Exception as error:
            return failure_of(error)
        return result

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
            self._give_up(due, failure)

    def _complete(self, session: Session, step: Outside, result: Any | Failure) -> Burst | None:
        row_id = step.step_row_id or _row_id(session, step)
        hands = Reserved(0 if self._hands.closed else 1)  # whoever brings this result has a hand free for the next step
        burst = complete(self.parts, session, row_id, step, result, self.parts.clock.now(), hands=hands)
        if burst is not None:
            keep(self.parts, session, burst.writes)
        fault("complete.before_commit")
        return burst


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
