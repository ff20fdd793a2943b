"""The server dies in other ways: as a whole, when it is told to stop, at any moment; and is started again.

`FLOWAPP_KILLS` says how many deaths at random there shall be, `FLOWAPP_SEED` repeats those of an earlier run.
"""

from __future__ import annotations

import os
import secrets
import signal
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from random import Random

import pytest

from flowapp.kernel.db import Database
from tests.kill.cases import CASES, Case
from tests.kill.days import some_mondays
from tests.kill.doors import DOORS, Answer
from tests.kill.evidence import Stand, evidence
from tests.kill.road import SOON, Road, stand_of, wait_for_the_kill, wait_until_decided
from tests.kill.server import Server, reason_not_available
from tests.kill.waiting import until
from tests.kill.world import World

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(reason_not_available() is not None, reason=str(reason_not_available())),
]
KILLS = int(os.environ.get("FLOWAPP_KILLS", "50"))
SEED = os.environ.get("FLOWAPP_SEED") or secrets.token_hex(4)
EVERY_DOOR = pytest.mark.parametrize("door", DOORS)
EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=str)


@EVERY_DOOR
@EVERY_CASE
def test_the_worker_dies_and_the_whole_server_is_started_again(case: Case, door: str, world: World) -> None:
    road, days = Road(world), some_mondays(3)
    with world.server(fault=f"{case.point}:{case.nth}:kill") as server:
        _decide_two(road, server, days)
        worker = server.worker()
        server.hold_master()
        assert not road.ask(server, days[2], door).acknowledged
        wait_for_the_kill(server, worker)
        server.kill()
    assert stand_of(world, days[2]) is case.stand
    road.restart()


@EVERY_DOOR
@EVERY_CASE
def test_master_and_worker_die_at_the_same_moment(case: Case, door: str, world: World) -> None:
    road, days = Road(world), some_mondays(3)
    with world.server(fault=f"{case.point}:{case.nth}:hang") as server:
        _decide_two(road, server, days)
        with ThreadPoolExecutor(1) as other:
            other.submit(road.ask, server, days[2], door)
            _wait_until_reached(case, world, days[2])
            server.kill()
    road.restart()


@EVERY_DOOR
@EVERY_CASE
def test_the_server_is_told_to_stop_and_first_answers_whoever_asked(case: Case, door: str, world: World) -> None:
    road, days = Road(world), some_mondays(3)
    with world.server(fault=f"{case.point}:{case.nth}:sleep") as server:
        _decide_two(road, server, days)
        with ThreadPoolExecutor(1) as other:
            answer: Future[Answer] = other.submit(road.ask, server, days[2], door)
            _wait_until_reached(case, world, days[2])
            assert server.stop() == 0
        assert answer.result().acknowledged
    road.restart()


def test_a_worker_whose_master_is_gone_does_nothing_twice_beside_the_next_server(world: World) -> None:
    road, days = Road(world), some_mondays(4)
    doors = ("api", "page", "api", "page")
    with world.server() as server:
        worker = server.worker()
        server.process.send_signal(signal.SIGKILL)
        with world.server() as successor:
            road.ask_at_once(successor, dict(zip(days, doors, strict=True)))
            wait_until_decided(world, days)
        until(lambda: not os.path.exists(f"/proc/{worker}"), within=SOON, for_what="the orphan to go")
    road.restart()


@pytest.mark.parametrize("number", range(KILLS), ids=lambda number: f"seed-{SEED}-{number}")
def test_the_server_dies_somewhere(number: int, world: World) -> None:
    chance = Random(f"{SEED}-{number}")
    point = chance.choice(sorted({case.point for case in CASES} | {"complete.after_commit"}))
    kind = chance.choice(["kill", "kill", "hang", "sleep", ""])
    fault = f"{point}:{chance.randint(1, 8)}:{kind}" if kind else ""
    wishes = {day: chance.choice(list(DOORS)) for day in some_mondays(6)}
    road = Road(world)
    with Server(world.database, fault=fault) as server, ThreadPoolExecutor(1) as other:
        asking = other.submit(road.ask_at_once, server, wishes)
        moment = chance.uniform(0.05, 1.5)  # by when some of it is done
        threading.Event().wait(moment)
        if kind == "sleep":
            server.stop()
        server.kill()
        asking.result()
    road.restart()


def _decide_two(road: Road, server: Server, days: list[date]) -> None:
    for day, door in zip(days[:2], DOORS, strict=True):
        assert road.ask(server, day, door).acknowledged
        wait_until_decided(road.world, [day])


def _wait_until_reached(case: Case, world: World, day: date) -> None:
    """Wait until the fault stands in the way: somebody keeps the database, or what was committed can be seen."""

    def look() -> bool:
        if case.point.endswith("after_commit"):
            with evidence(world.database) as found:
                return found.stand(day) in (case.stand, Stand.DECIDED)
        return _is_kept(world)

    until(look, within=SOON, for_what=str(case))


def _is_kept(world: World) -> bool:
    opened = Database(world.database.url)
    try:
        return not opened.write_if_free(lambda session: session.connection())
    finally:
        opened.dispose()
