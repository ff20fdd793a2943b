"""Somebody who goes on reading pages while something else is out of order, and measures how long each takes."""

from __future__ import annotations

from statistics import quantiles
from time import monotonic

from tests.kill.doors import call
from tests.kill.kinds_world import KindsWorld
from tests.kill.server import Server
from tests.kill.world import MANAGER, keys_of

PAGES = ("/", "/workflows/", "/leave/", "/notifications/")
QUICK = 0.2  # seconds, for nineteen pages of twenty


class Reader:
    """The manager with a browser."""

    def __init__(self, world: KindsWorld, server: Server) -> None:
        self.server = server
        self.cookie = {"Cookie": f"flowapp={keys_of(world.database, MANAGER).cookie}"}
        self.seconds: list[float] = []
        for page in PAGES:  # the first look at a page loads its template
            self._read(page)

    def read(self, times: int) -> None:
        """Read pages one after the other."""
        for number in range(times):
            began = monotonic()
            self._read(PAGES[number % len(PAGES)])
            self.seconds.append(monotonic() - began)

    @property
    def p95(self) -> float:
        """How long nineteen pages of twenty took at most."""
        return quantiles(self.seconds, n=20)[-1]

    def _read(self, page: str) -> None:
        answer, text = call(self.server, "GET", page, self.cookie)
        assert answer.status == 200, (page, answer.status, text[:500])
