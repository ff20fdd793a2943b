"""The thread that lets the worker look: when the doorbell rings, when a step falls due, and once a second anyway."""

from __future__ import annotations

import logging
import threading
from time import monotonic

from flowapp.engine.worker import Worker
from flowapp.kernel.db import DatabaseBusy

log = logging.getLogger(__name__)
TICK_SECONDS = 1.0
LONGEST_PAUSE = 10.0
GATHER_SECONDS = 0.004  # under load more executions share a transaction; a quiet engine looks at once


class Loop:
    """Runs a worker in a thread of this process."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        worker.ring_with(self.ring)
        self._bell = threading.Event()
        self._stop = threading.Event()
        self._looked = monotonic()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        """Begin looking."""
        self.worker.start()
        self._thread.start()

    def ring(self, *_: object) -> None:
        """Say that there may be something to do; ringing too often costs an empty query."""
        self._bell.set()

    def stop(self, seconds: float = 10.0) -> None:
        """Finish what is under way and look no more."""
        self._stop.set()
        self._bell.set()
        if self._thread.is_alive():
            self._thread.join(seconds)
        self.worker.close()

    @property
    def alive(self) -> bool:
        """Whether the thread is at work."""
        return self._thread.is_alive()

    @property
    def seconds_since_look(self) -> float:
        """How long ago it last came round to looking; what it finds may take some seconds."""
        return monotonic() - self._looked

    def _run(self) -> None:
        released, pause = 0.0, TICK_SECONDS
        while not self._stop.is_set():
            self._looked = monotonic()
            try:
                if monotonic() - released >= TICK_SECONDS:
                    self.worker.look_after()
                    released = monotonic()
                self._bell.clear()
                if self.worker.run_due():
                    self._stop.wait(GATHER_SECONDS)
                else:
                    self._bell.wait(self.worker.seconds_to_next(TICK_SECONDS))
                pause = TICK_SECONDS
            except Exception as error:
                # Of a database that is away or busy the words say all; it may be so for hours.
                trace = None if isinstance(error, DatabaseBusy) else error
                log.error("the engine could not look; trying again in %.0f s: %s", pause, error, exc_info=trace)
                self._stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
