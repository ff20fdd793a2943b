"""The hints: one for each of the next seconds in which something falls due, made from our rows.

A lost hint costs until the next tick, a doubled one an empty query.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

from apscheduler.jobstores.base import ConflictingIdError

from flowapp.engine.coming import next_due
from flowapp.kernel.clock import Clock
from flowapp.kernel.db import Database, DatabaseBusy
from flowapp.scheduler.hardened import Hardened
from flowapp.scheduler.hint_store import HintStore

log = logging.getLogger(__name__)
STORE = "hints"
LOOK = "look"
AHEAD = timedelta(minutes=10)
FILL_SECONDS = 180.0
ASK_SECONDS = 1.0
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Hints:
    """The hints of the process that leads."""

    def __init__(self, scheduler: Hardened, database: Database, clock: Clock, look: Callable[[], object]) -> None:
        self._scheduler = scheduler
        self._database = database
        self._clock = clock
        self._look = look
        self._given: set[int] = set()
        self._filled: float | None = None
        self._asked = 0.0
        self._kept = False  # whether there is a store for them

    def keep_up(self) -> None:
        """See to it that there is a hint for what is due next, and now and then for all of the next ten minutes.

        Takes one query a second as a rule. What was left by whoever led before is removed at the first time.
        """
        if self._filled is None or monotonic() - self._filled >= FILL_SECONDS:
            self._fill()
            self._filled = monotonic()
        elif monotonic() - self._asked >= ASK_SECONDS:
            self._asked = monotonic()
            self._give_next()

    def _give_next(self) -> None:
        with self._database.read() as session:
            due = next_due(session, self._clock.now())
        if due is not None and due <= self._clock.now() + AHEAD:
            self._give(due)

    def _fill(self) -> None:
        if not self._kept:
            store = HintStore(self._database.backend, {LOOK: self.hinted})
            store.prepare()
            self._scheduler.add_jobstore(store, STORE)
            self._kept = True
        if self._filled is None:
            self._scheduler.remove_all_jobs(STORE)
        now = self._clock.now()
        self._given = {second for second in self._given if second >= now.timestamp()}
        with self._database.read() as session:
            due = next_due(session, now)
            while due is not None and due <= now + AHEAD:
                due = next_due(session, self._give(due))

    def _give(self, due: datetime) -> datetime:
        """Hint at the first full second at which this is due, and answer it."""
        second = math.ceil(due.timestamp())
        at = datetime.fromtimestamp(second, UTC)
        if second not in self._given:
            try:
                self._scheduler.add_job(
                    self.hinted, "date", run_date=at, id=f"{LOOK}:{second}", name=LOOK, jobstore=STORE
                )
            except ConflictingIdError:
                log.debug("there is a hint at %s already", at)
            self._given.add(second)
        return at

    def hinted(self) -> None:
        """Look; when that was not possible, or something is due still, have it tried again in a second."""
        try:
            self._look()
            left = self._is_left()
        except DatabaseBusy as busy:
            log.warning("what is due could not be looked at; it is tried again in a second: %s", busy.message)
            left = True
        except Exception:
            log.exception("what is due could not be looked at; it is tried again in a second")
            left = True
        if left:
            self._give(self._clock.now())

    def _is_left(self) -> bool:
        now = self._clock.now()
        with self._database.read() as session:
            due = next_due(session, LONG_AGO)
        return due is not None and due <= now
