"""The road of leave requests through deaths of the server: asked, perhaps lost, started again, decided once."""

from __future__ import annotations

import signal
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.kill.doors import DOORS, Answer, Asking, send
from tests.kill.evidence import Stand, evidence, faults
from tests.kill.server import Server, ended_by
from tests.kill.waiting import NotYet, until
from tests.kill.world import World, broken_audit_entry

HOURS = 22  # two long days take so many
TWO_DAYS = timedelta(days=1)  # from the first to the last
SOON = 20.0


@dataclass
class Road:
    """What was asked for in one world, and what whoever asked was told."""

    world: World
    asked: list[tuple[Asking, Answer]] = field(default_factory=list)

    def ask(self, server: Server, day: date, door: str) -> Answer:
        """Ask for two days by one of the doors, and remember the answer; none, if the server died meanwhile."""
        asking = DOORS[door](server, self.world.carer, day, day + TWO_DAYS)
        answer = send(server, asking)
        self.asked.append((asking, answer))
        return answer

    def check_nothing_is_lost(self) -> None:
        """Look at the files of the dead server: what was acknowledged is there, and nothing is there in part."""
        with evidence(self.world.as_it_lies()) as found:
            for asking, answer in self.asked:
                stand = found.stand(asking.start)
                assert not answer.acknowledged or stand is not Stand.NOTHING, f"{asking.start} is lost"

    def recover(self, *, already: Iterable[date] = ()) -> None:
        """Start the server again without a fault: all that stands is decided, and asking again adds only the rest.

        `already` are the first days of requests that were there before anybody asked by a door.
        """
        with evidence(self.world.as_it_lies()) as found:
            standing = [each.start for each, _ in self.asked if found.stand(each.start) is not Stand.NOTHING]
        with self.world.server() as server:
            self._wait_for([*already, *standing])
            self._check(*already, *standing)
            for asking, answer in self.asked:
                again = send(server, asking)
                assert again.acknowledged, f"asked again for {asking.start}: {again}"
                assert answer.leave_id in (None, again.leave_id)
            self._wait_for([asking.start for asking, _ in self.asked])
            assert server.stop() == 0
        self._check(*already, *(asking.start for asking, _ in self.asked))
        assert broken_audit_entry(self.world.database) is None

    def _wait_for(self, days: Iterable[date]) -> None:
        for day in days:
            wait_until_decided(self.world, day)

    def _check(self, *days: date) -> None:
        with evidence(self.world.database) as found:
            assert faults(found, days, hours=HOURS) == []


def wait_until_decided(world: World, day: date) -> None:
    """Wait until the leave from this day is decided."""

    def look() -> bool:
        with evidence(world.database) as found:
            return found.stand(day) is Stand.DECIDED

    until(look, within=SOON, for_what=f"a decision about {day}")


def wait_for_the_kill(server: Server, worker: int) -> None:
    """Wait until the worker has died by SIGKILL; the master must be held, so that nobody buries it."""
    try:
        ended = until(lambda: ended_by(worker), within=SOON, for_what="the worker to be killed")
    except NotYet as error:
        raise NotYet(f"{error}\n{server.log.read_text()}") from None
    assert ended is signal.SIGKILL
