"""Noting that this process ticks, so that every other one knows, and the next one if nobody does any more."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from flowapp.engine.operating.presence import NOTE_EVERY, note_tick
from flowapp.kernel.clock import Clock
from flowapp.kernel.db import Database

log = logging.getLogger(__name__)
LATE = timedelta(seconds=20)  # then a note waits for its turn, and holds up the tick for a second at most
PATIENCE_SECONDS = 1.0


class Presence:
    """The notes of one process."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._noted: datetime | None = None

    def note(self) -> None:
        """Note it, if the last note is some seconds old; what goes wrong is logged and tried again at the next tick.

        To be called before what is due is done: a note that comes after a long time counts it.
        """
        now = self._clock.now()
        if self._noted is not None and timedelta() <= now - self._noted < NOTE_EVERY:
            return
        try:
            if self._written(now):
                self._noted = now
        except Exception as error:
            log.warning("the tick could not be noted (%s); the next one tries again", error)

    def _written(self, now: datetime) -> bool:
        if self._noted is not None and timedelta() <= now - self._noted < LATE:
            return self._database.write_if_free(lambda session: note_tick(session, now))
        self._database.write(lambda session: note_tick(session, now), give_up=PATIENCE_SECONDS)
        return True
