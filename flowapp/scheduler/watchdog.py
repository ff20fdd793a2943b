"""Feeding systemd’s watchdog from gunicorn’s master, as long as every worker shows that it lives.

The master alone is whom systemd listens to. A master that stands still feeds nothing; for a worker that stands still,
or in which a thread has ended, it stops feeding, and systemd starts everything again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from time import monotonic

from flowapp.messaging.systemd import notify
from flowapp.scheduler.pulse import Pulse

log = logging.getLogger(__name__)
EVERY_SECONDS = 1.0  # how often pulses are looked at where systemd has no watchdog for us
SHARES = 8  # looks in the time that systemd waits
FRESH_SHARE = 0.5  # of that time a worker may be without a beat


class Watchdog:
    """Tells systemd when FlowApp is ready, that it lives, and when it is about to stop."""

    def __init__(
        self,
        address: str,
        *,
        seconds: float | None,
        pulses: Callable[[], Collection[Pulse]],
        stopping: Callable[[], bool],
    ) -> None:
        self._address = address
        self._seconds = seconds
        self._pulses = pulses
        self._stopping = stopping
        self._ready = False
        self._fed = True
        self._stopped = False
        self._newest = 0.0  # the last beat of any worker there ever was
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    @property
    def every(self) -> float:
        """Seconds between two looks, and between two beats of a worker."""
        return min(EVERY_SECONDS, self._seconds / SHARES) if self._seconds else EVERY_SECONDS

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Tell systemd that the end is near, unless it was told."""
        if not self._stopped:
            notify(self._address, "STOPPING=1")
        self._stopped = True

    def _run(self) -> None:
        pause = threading.Event()
        while not self._stopping():
            self._look()
            pause.wait(self.every)
        self.stop()

    def _look(self) -> None:
        """Look at every worker once, and tell systemd what follows."""
        pulses = self._pulses()
        if not self._ready and pulses and all(pulse.last for pulse in pulses):
            self._ready = notify(self._address, "READY=1\nSTATUS=FlowApp is ready")
        if self._seconds is None or not self._ready:
            return
        fed = self._live(pulses, self._seconds)
        if fed:
            notify(self._address, "WATCHDOG=1")
        elif self._fed:
            log.error("a worker shows no sign of life; systemd’s watchdog is not fed until it does")
        self._fed = fed

    def _live(self, pulses: Collection[Pulse], seconds: float) -> bool:
        """Say whether every worker lives; one that has just begun may take its time, unless none ever gets so far."""
        self._newest = max([self._newest, *(pulse.last for pulse in pulses)])
        fresh = all(pulse.age < seconds * FRESH_SHARE for pulse in pulses)
        return bool(pulses) and fresh and monotonic() - self._newest < seconds
