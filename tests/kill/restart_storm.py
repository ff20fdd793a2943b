"""Deaths at random moments under load while PostgreSQL is restarted beneath, and what people are told meanwhile."""

from __future__ import annotations

import re
from contextlib import suppress
from http.client import HTTPException
from random import Random

from tests.kill.doors import call
from tests.kill.place import Place
from tests.kill.restarts import Restarts
from tests.kill.server import Server
from tests.kill.sink import Sink
from tests.kill.storm import LOOK_EVERY, Storm

SOME_MORE = 5  # kills, until there were as many restarts as asked for
PAGES = ("/", "/leave/", "/notifications/", "/healthz", "/readyz")
INNARDS = re.compile(r"(?i)psycopg|sqlalchemy|traceback|terminating connection|recovery mode|OperationalError")


class RestartStorm(Storm):
    """A storm on a PostgreSQL that is restarted meanwhile."""

    def __init__(self, place: Place, sink: Sink, seed: str, workers: int, restarts: Restarts) -> None:
        self.restarts = restarts
        self.wrong: list[str] = []  # what people should not have read
        super().__init__(place, sink, seed, workers)

    def rage_with_restarts(self, kills: int, restarts: int) -> None:
        """Kill and restart so often, and look now and then whether all is well; raises AssertionError if not."""
        try:
            while self.kills < kills or self.restarts.number < restarts:
                left = kills - self.kills if kills > self.kills else SOME_MORE
                with self.restarts:
                    self._a_while(self.kills + min(left, LOOK_EVERY))
                self._look()
                wrong = self.wrong + self._innards_told()
                assert wrong == [], wrong
        finally:
            self.server.kill()

    def _started(self) -> Server:
        with self.restarts.standing:  # a start that finds no database ends, and says so: somebody starts it again
            return super()._started()

    def _ask_for_other_things(self, chance: Random) -> None:
        page = chance.choice(PAGES)
        with suppress(OSError, HTTPException):
            answer, text = call(self.server, "GET", page, {"Cookie": f"flowapp={self.carer.cookie}"})
            if answer.status not in (200, 503) or INNARDS.search(text):
                self.wrong.append(f"{page}: {answer.status} {text[:500]}")

    def _innards_told(self) -> list[str]:
        refusals = self.world.refusals
        return [f"{status} {text[:500]}" for status, text in refusals if status != 503 or INNARDS.search(text)]
