"""The road of leave requests through deaths of the server: asked, perhaps lost, decided once."""

from __future__ import annotations

import signal
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.client import HTTPException

from tests.kill.doors import DOORS, Answer, Asking, send
from tests.kill.evidence import Stand, evidence, faults
from tests.kill.server import Server, ended_by
from tests.kill.waiting import NotYet, until
from tests.kill.world import World, broken_audit_entry

HOURS = 15  # two days take so many
TWO_DAYS = timedelta(days=1)  # from the first to the last
SOON = 60.0


@dataclass
class Road:
    """What was asked for in one world, and what whoever asked was told.

    `waiting` are the first days of requests that were there before anybody asked by a door.
    """

    world: World
    waiting: Collection[date] = ()
    asked: list[tuple[Asking, Answer]] = field(default_factory=list)

    def ask(self, server: Server, day: date, door: str) -> Answer:
        """Ask for two days by one of the doors, and remember the answer; none, if the server died meanwhile."""
        asking = DOORS[door](server, self.world.carer, day, day + TWO_DAYS)
        answer = send(server, asking)
        self.asked.append((asking, answer))
        return answer

    def ask_at_once(self, server: Server, wishes: Mapping[date, str]) -> None:
        """Ask for several days at the same moment, each by its door; a form that cannot be fetched is not sent."""

        def one(wish: tuple[date, str]) -> None:
            with suppress(OSError, HTTPException):
                self.ask(server, *wish)

        with ThreadPoolExecutor(len(wishes)) as crowd:
            list(crowd.map(one, wishes.items()))

    def standing(self) -> list[date]:
        """Answer the days that are asked for in the files of a dead server.

        Raises AssertionError when something that was acknowledged is not there, or something is there in part.
        """
        days = list(self.waiting)
        with evidence(self.world.as_it_lies()) as found:
            for asking, answer in self.asked:
                stand = found.stand(asking.start)
                assert not answer.acknowledged or stand is not Stand.NOTHING, f"{asking.start} is lost"
                if stand is not Stand.NOTHING:
                    days.append(asking.start)
        return days

    def check(self, server: Server, standing: Collection[date]) -> None:
        """See that a server decides all that stands, once, and that asking again adds only the rest."""
        self._all_decided(standing)
        for asking, answer in self.asked:
            again = send(server, asking)
            assert again.acknowledged, f"asked again for {asking.start}: {again}"
            assert answer.leave_id in (None, again.leave_id)
        self._all_decided([*self.waiting, *(asking.start for asking, _ in self.asked)])
        assert broken_audit_entry(self.world.database) is None

    def restart(self) -> None:
        """Start the server again without a fault, and see that nothing is lost and nothing is doubled."""
        standing = self.standing()
        with self.world.server() as server:
            self.check(server, standing)

    def _all_decided(self, days: Collection[date]) -> None:
        wait_until_decided(self.world, days)
        with evidence(self.world.database) as found:
            assert faults(found, days, hours=HOURS) == []


def stand_of(world: World, day: date) -> Stand:
    """Answer how far the request from this day has come in the files of a dead server."""
    with evidence(world.as_it_lies()) as found:
        return found.stand(day)


def wait_until_decided(world: World, days: Iterable[date]) -> None:
    """Wait until the leave from each of these days is decided."""
    for day in days:

        def look(day: date = day) -> bool:
            with evidence(world.database) as found:
                return found.stand(day) is Stand.DECIDED

        until(look, within=SOON, for_what=f"a decision about {day}")


def wait_for_the_kill(server: Server, *workers: int) -> None:
    """Wait until one of the workers has died by SIGKILL; the master must be held, so that nobody buries it."""
    try:
        ended = until(lambda: _first_end(workers), within=SOON, for_what="a worker to be killed")
    except NotYet as error:
        raise NotYet(f"{error}\n{server.log.read_text()}") from None
    assert ended is signal.SIGKILL


def _first_end(workers: Iterable[int]) -> signal.Signals | None:
    return next(filter(None, map(ended_by, workers)), None)
