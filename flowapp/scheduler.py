"""APScheduler: it only says "look now"; what is due stands in our rows.

It runs in the one process that holds the leader's lock. Losing a hint costs a second, doubling one costs an empty
query. Hardened as measured: a database that was locked for eight seconds killed its thread while it went on
answering that it was running.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)
TICK_SECONDS = 1
LOOK_SECONDS = 0.5  # how often a process asks for the lead, and the leader after its own scheduler
TOO_OLD_SECONDS = 10.0  # a tick this old means that the scheduler's thread hangs


class Hardened(BackgroundScheduler):  # type: ignore[misc]
    """A scheduler whose thread outlives an error in a job store."""

    def _process_jobs(self) -> float:
        try:
            return float(super()._process_jobs() or TICK_SECONDS)
        except Exception:
            log.exception("the scheduler could not look at its jobs; it goes on")
            return float(TICK_SECONDS)

    @property
    def alive(self) -> bool:
        """Whether its thread lives; `running` stays true when it has died."""
        thread = getattr(self, "_thread", None)
        return thread is not None and thread.is_alive()


class LeaderLock:
    """A lock that one process of this machine holds, and that ends with it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this process leads."""
        return self._descriptor is not None

    def take(self) -> bool:
        """Take the lead if nobody has it; answer whether this process leads now."""
        if self._descriptor is None:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(descriptor)
                return False
            self._descriptor = descriptor
        return True

    def give_up(self) -> None:
        """Let somebody else lead."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class Ticker:
    """Calls `tick` every second in the process that leads; made and started after fork."""

    def __init__(self, tick: Callable[[], None], *, lock: Path) -> None:
        self._tick = tick
        self._lock = LeaderLock(lock)
        self._scheduler: Hardened | None = None
        self._last = monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="leader", daemon=True)

    @property
    def leads(self) -> bool:
        """Whether this process is the one that ticks."""
        return self._lock.held

    def start(self) -> None:
        """Ask for the lead, again and again."""
        self._thread.start()

    def stop(self) -> None:
        """Tick no more and let somebody else lead."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(TOO_OLD_SECONDS)
        self._end()
        self._lock.give_up()

    def _watch(self) -> None:
        while not self._stop.is_set():
            try:
                if self._lock.take() and not self._ticks():
                    self._end()
                    self._begin()
            except Exception:
                log.exception("the leader could not look after its scheduler; it tries again")
            self._stop.wait(LOOK_SECONDS)

    def _ticks(self) -> bool:
        alive = self._scheduler is not None and self._scheduler.alive
        return alive and monotonic() - self._last < TOO_OLD_SECONDS

    def _begin(self) -> None:
        self._last = monotonic()
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = Hardened(job_defaults=defaults, timezone="UTC")
        self._scheduler.add_job(self._once, "interval", seconds=TICK_SECONDS, id="tick")
        self._scheduler.start()
        log.info("this process leads: it ticks every second")

    def _end(self) -> None:
        scheduler: Any = self._scheduler
        self._scheduler = None
        if scheduler is not None and scheduler.running:
            scheduler.shutdown(wait=False)

    def _once(self) -> None:
        self._last = monotonic()
        self._tick()
