"""The worker: takes what is due, carries it on, keeps the result, and looks again.

Plan of one pass (`Worker.run_due`):
1. In one write transaction take the executions whose step is due, the longest waiting first, and carry each on as
   far as it goes without acting outside; stop taking after 20 ms, so that people's own changes get their turn.
2. Write all rows gathered in batches and commit.
3. Tell whoever waits for these executions; hand steps that act outside to the threads for it (`effects.py`), with no
   transaction open.
4. When the transaction as a whole fails, do its executions singly, so that one cannot hold up the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from time import monotonic
from typing import NamedTuple

from sqlalchemy.orm import Session

from flowapp.engine.acting import Lookups
from flowapp.engine.burst import Burst
from flowapp.engine.claim import (
    Due,
    due,
    is_late,
    late_executions,
    late_steps,
    release_expired,
    rows_before,
)
from flowapp.engine.coming import next_due
from flowapp.engine.effects import Effects
from flowapp.engine.ending import keep
from flowapp.engine.entry.queueing import let_missed_go
from flowapp.engine.failing import failure_of
from flowapp.engine.hands import Reserved
from flowapp.engine.parts import EngineParts
from flowapp.engine.waiting import Waiting
from flowapp.engine.writes import Writes
from flowapp.kernel.db import DatabaseBusy
from flowapp.kernel.faults import fault

log = logging.getLogger(__name__)
AT_ONCE = 50  # executions in one transaction
LOOK_SECONDS = 1.0  # how long what is acted on outside may keep a worker from looking for something else
HOLD_SECONDS = 0.02  # how long the write lock is held before the rest must wait for the next pass


class Pass(NamedTuple):
    """What one transaction carried on; `over` says that it leaves nothing due, as far as is known without asking."""

    bursts: Sequence[Burst]
    over: bool


class Worker:
    """Carries executions on; any number may work on one database."""

    def __init__(self, parts: EngineParts, waiting: Waiting, *, threads: int) -> None:
        self.parts = parts
        self.waiting = waiting
        self.effects = Effects(parts, waiting, threads=threads)

    def start(self) -> None:
        """Begin to renew leases."""
        self.effects.heartbeat.start()

    def ring_with(self, ring: Callable[[], None]) -> None:
        """Ring this bell when there may be something to do."""
        self.effects.ring = ring

    def run_due(self) -> int:
        """Make one pass; answer how many executions were carried on, or given up."""
        now = self.parts.clock.now()
        reserved = Reserved(self.effects.hands.reserve())
        try:
            bursts, failed = self._carried_on(now, reserved.left)
            self.tell(bursts, reserved)
        finally:
            self.effects.hands.give_back(reserved.left)
        return len(bursts) + failed

    def tell(self, bursts: Sequence[Burst], reserved: Reserved) -> None:
        """Tell whoever waits for these, which are committed, and begin what acts outside."""
        if bursts:
            fault("complete.after_commit")
        for burst in bursts:
            self.effects.afterwards(burst, reserved)

    def work_off(self) -> int:
        """Make passes until nothing is due, what is acted on outside included; answer how many were carried on."""
        done = 0
        while True:
            idle = self.effects.hands.idle  # asked before the pass: what ends during it may leave a further step due
            carried_on = self.run_due()
            done += carried_on
            if not carried_on:
                if idle:
                    return done
                self.effects.hands.wait(LOOK_SECONDS)

    def _carried_on(self, now: datetime, hands: int) -> tuple[Sequence[Burst], int]:
        """Answer the executions that were carried on, and how many could not be."""
        try:
            return self.parts.database.write(partial(self.carry_on, hands=hands)).bursts, 0
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
        self.effects.heartbeat.catch_up()  # were this to fail, nothing may be given back
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
                self.effects.give_up(row, failure_of(error))
                continue
            ended += burst is not None
            if burst is not None:
                self.effects.afterwards(burst, Reserved())
        return ended

    def _time_out(self, session: Session, *, row: Due, path: str | None) -> Burst | None:
        """Fail one late step or execution; None when it has ended since it was found."""
        now, writes = self.parts.clock.now(), Writes()
        if path is None and not is_late(session, row.execution_id, now):
            return None
        before = rows_before(session, [row.execution_id])[row.execution_id]
        burst = Burst(self.parts, session, writes, row, before, now, Lookups())
        if not burst.time_out(path):
            return None
        burst.close()
        keep(self.parts, session, writes)
        return burst

    def close(self) -> None:
        """Wait for effects that are under way, and take no more."""
        self.effects.close()

    def carry_on(self, session: Session, *, hands: int = 0, only: int | None = None) -> Pass:
        """Carry on what is due as far as it goes without acting outside, for 20 ms; `hands` threads are free for that.

        Answers those executions; `tell` is for afterwards.
        """
        now = self.parts.clock.now()
        writes = Writes()
        found = due(session, now, limit=AT_ONCE, outside=hands > 0)
        rows = [row for row in found if only in (None, row.step_row_id)]
        if not rows:
            return Pass([], over=True)
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
        ended = len(rows) < AT_ONCE and len(writes.ended) == len({row.execution_id for row in rows})
        return Pass([*bursts.values()], over=ended and all(each.quiet for each in writes.ended))

    def _singly(self, now: datetime, hands: int) -> tuple[Sequence[Burst], int]:
        bursts: list[Burst] = []
        failed = 0
        with self.parts.database.read() as session:
            rows = due(session, now, limit=AT_ONCE, outside=hands > 0)
        for row in rows:
            left = hands - sum(len(burst.acting.outside) for burst in bursts)
            try:
                done = self.parts.database.write(partial(self.carry_on, hands=left, only=row.step_row_id))
                bursts += done.bursts
            except DatabaseBusy:
                raise
            except Exception as error:
                log.exception("an execution could not be carried on", extra={"execution": row.execution_id})
                self.effects.give_up(row, failure_of(error))
                failed += 1
        return bursts, failed
