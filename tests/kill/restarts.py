"""PostgreSQL restarted again and again at random moments: told to, crashed, and killed."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from random import Random
from types import TracebackType

from tests.support.postgres import Server

LONGEST_AWAY = 3.0  # seconds; what recovering takes comes on top
WAYS: Mapping[str, Callable[[Server], None]] = {"restart": Server.stop, "crash": Server.crash, "kill": Server.kill}
CHANCES = ("restart",) * 3 + ("crash", "kill")


class Restarts:
    """A context in which a server is restarted every so many seconds; entered again it goes on."""

    def __init__(self, server: Server, seed: str, every: tuple[float, float]) -> None:
        self.server = server
        self.every = every
        self.ways: Counter[str] = Counter()
        self.standing = threading.Lock()  # whoever holds it finds the server at work
        self._chance = Random(seed)
        self._enough = threading.Event()
        self._raised: list[BaseException] = []

    @property
    def number(self) -> int:
        """How often that was."""
        return self.ways.total()

    def __enter__(self) -> Restarts:
        self._enough.clear()
        self._thread = threading.Thread(target=self._go_on, name="restarts", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._enough.set()
        self._thread.join()
        assert self._raised == []

    def once(self) -> None:
        """Restart it in one of the ways."""
        way = self._chance.choice(CHANCES)
        with self.standing:
            WAYS[way](self.server)
            self._enough.wait(self._chance.uniform(0, LONGEST_AWAY))
            self.server.start()
        self.ways[way] += 1

    def _go_on(self) -> None:
        try:
            while not self._enough.wait(self._chance.uniform(*self.every)):
                self.once()
        except BaseException as error:  # a thread would end without a word
            self._raised.append(error)
