"""How many steps this process can act on at once: no more are taken than can begin at once.

A lease runs from the moment a step is taken. A step that waited behind others for a thread could lose it before it
had begun, and be called twice.
"""

from __future__ import annotations

import threading


class Hands:
    """The threads that act outside; they are reserved before a transaction and given back when it took fewer steps."""

    def __init__(self, number: int) -> None:
        self._number = self._free = number
        self._closed = False
        self._guard = threading.Condition()

    def reserve(self, most: int | None = None) -> int:
        """Reserve all that are free, or `most`, and answer how many those are."""
        with self._guard:
            number = 0 if self._closed else self._free if most is None else min(most, self._free)
            self._free -= number
            return number

    def give_back(self, number: int) -> None:
        """Let others have what was reserved."""
        with self._guard:
            self._free += number
            self._guard.notify_all()

    @property
    def idle(self) -> bool:
        """Whether nothing is acted on."""
        with self._guard:
            return self._free == self._number

    def wait(self, seconds: float) -> None:
        """Wait until nothing is acted on or some is given back, `seconds` at most."""
        with self._guard:
            before = self._free
            self._guard.wait_for(lambda: self._free > before or self._free == self._number, seconds)

    @property
    def closed(self) -> bool:
        """Whether nothing more shall be begun."""
        return self._closed

    def close(self) -> None:
        """Let nobody reserve any more."""
        self._closed = True


class Reserved:
    """What one transaction may take; made anew whenever the transaction is tried again."""

    def __init__(self, number: int = 0) -> None:
        self.left = number

    def take(self) -> bool:
        """Take one; answer whether there was one left."""
        if self.left <= 0:
            return False
        self.left -= 1
        return True
