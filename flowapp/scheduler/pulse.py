"""How a worker shows gunicorn’s master that every part of it lives."""

from __future__ import annotations

import logging
import mmap
import struct
import threading
from collections.abc import Callable
from time import monotonic
from typing import Protocol

log = logging.getLogger(__name__)
STUCK_SECONDS = 60.0  # longer than a look waits for a database that others keep
_MOMENT = struct.Struct("d")


class Pulse:
    """The moment of a worker’s last beat, in memory that the master shares with it; made before the fork.

    Moments are those of the machine’s monotonic clock, which all its processes share.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _MOMENT.size)
        self._born = monotonic()

    def beat(self) -> None:
        """Show that the worker lives at this moment."""
        _MOMENT.pack_into(self._memory, 0, monotonic())

    @property
    def last(self) -> float:
        """The moment of the last beat; 0 before the first."""
        return float(_MOMENT.unpack_from(self._memory, 0)[0])

    @property
    def age(self) -> float:
        """Seconds since the last beat; before the first, since the worker was to be made."""
        return monotonic() - max(self.last, self._born)


class Part(Protocol):
    """A thread that comes round again and again."""

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        ...

    @property
    def seconds_since_look(self) -> float:
        """How long ago it last came round."""
        ...


def lives(*parts: Part) -> bool:
    """Say whether each of these is at work; one that waits for a database that is busy is."""
    return all(part.alive and part.seconds_since_look < STUCK_SECONDS for part in parts)


class Beating:
    """The thread of a worker that beats as long as everything in it is alive."""

    def __init__(self, pulse: Pulse, alive: Callable[[], bool], *, every: float) -> None:
        self._pulse = pulse
        self._alive = alive
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; the master sees no further beat."""
        self._stop.set()

    def _run(self) -> None:
        healthy = True
        while not self._stop.is_set():
            if self._alive():
                self._pulse.beat()
                healthy = True
            elif healthy:
                log.error("a part of this process does not live any more; systemd is to start FlowApp again")
                healthy = False
            self._stop.wait(self._every)
