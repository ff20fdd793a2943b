"""Several workers beside each other: one leads, any carries on, and whoever is gone or only slow is made up for."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from tests.kill.days import some_mondays
from tests.kill.evidence import evidence
from tests.kill.kinds import BY_NAME
from tests.kill.kinds_world import KindsWorld, prepare_kinds
from tests.kill.place import place_in
from tests.kill.road import SOON, TWO_DAYS, wait_until_decided
from tests.kill.server import READY_SECONDS, Server, reason_not_available
from tests.kill.sink import a_sink
from tests.kill.waiting import until
from tests.kill.world import World, at_hand, leave_waiting
from tests.support.databases import Databases

pytestmark = pytest.mark.skipif(reason_not_available() is not None, reason=str(reason_not_available()))
MOVES_WITHIN = 2.0  # seconds, as promised
DAY = some_mondays(1)[0]


@pytest.fixture
def kinds(lasting: Databases, tmp_path: Path) -> Iterator[KindsWorld]:
    """A world in which one workflow calls a web hook."""
    place = place_in(tmp_path, lasting)
    with a_sink(tmp_path / "came") as sink:
        yield KindsWorld(prepare_kinds(place, [BY_NAME["outside"]]), place, sink, workers=2)
    lasting.drop(place.url)


@pytest.mark.alone
@pytest.mark.parametrize("workers", [2, 4])
def test_when_the_leader_is_killed_another_ticks_within_two_seconds(workers: int, world: World) -> None:
    with Server(world.database, outside={"FLOWAPP_WEB_WORKERS": str(workers)}) as server:
        until(lambda: len(server.workers()) == workers, within=SOON, for_what="every worker to be there")
        leader = _leader_of(server)
        os.kill(leader, signal.SIGKILL)
        began = monotonic()
        until(lambda: server.leader() not in (None, leader), within=MOVES_WITHIN, for_what="somebody else to lead")
        print(f"{workers} workers: another one ticked {monotonic() - began:.2f} s after the kill")  # noqa: T201


def test_what_a_worker_left_is_carried_on_by_the_others_while_it_stands_still(kinds: KindsWorld) -> None:
    with kinds.server("effect.after:1:sleep") as server:
        until(lambda: len(server.workers()) == kinds.workers, within=SOON, for_what="every worker to be there")
        sent = kinds.start(server, BY_NAME["outside"])
        slow = until(lambda: server.stands_at("effect.after"), within=SOON, for_what="the call to be made")
        os.kill(slow, signal.SIGSTOP)
        until(kinds.is_quiet, within=SOON, for_what="another worker to carry it on")
        os.kill(slow, signal.SIGCONT)
        until(lambda: _results(kinds)[-1] == "thrown_away", within=SOON, for_what="the late result to be thrown away")

    assert _results(kinds) == ["taken", "lost", "taken", "completed", "thrown_away"]
    assert kinds.sent == [sent]
    assert kinds.broken() == []


def test_new_workers_take_over_from_the_old_ones_when_the_server_is_told_to_reload(world: World) -> None:
    with Server(world.database, outside={"FLOWAPP_WEB_WORKERS": "2"}) as server:
        until(lambda: len(server.workers()) == 2, within=SOON, for_what="every worker to be there")
        before = set(server.workers())
        _leader_of(server)
        server.process.send_signal(signal.SIGHUP)
        until(lambda: before.isdisjoint(server.workers()), within=SOON, for_what="the old workers to go")
        until(lambda: server.leader() is not None, within=SOON, for_what="a new worker to lead")
        leave_waiting(world.database, DAY, DAY + TWO_DAYS)
        wait_until_decided(world, [DAY])
        assert server.stop() == 0


def test_a_leader_that_stands_still_keeps_nobody_from_deciding(world: World) -> None:
    with Server(world.database, outside={"FLOWAPP_WEB_WORKERS": "2"}) as server:
        until(lambda: len(server.workers()) == 2, within=SOON, for_what="every worker to be there")
        leader = _put_to_sleep(world, _leader_of(server))
        leave_waiting(world.database, DAY, DAY + TWO_DAYS)
        wait_until_decided(world, [DAY])
        assert leader in server.workers()


@pytest.mark.long
def test_a_leader_that_stands_still_for_half_a_minute_is_ended_and_another_leads(world: World) -> None:
    with Server(world.database, outside={"FLOWAPP_WEB_WORKERS": "2"}) as server:
        leader = _put_to_sleep(world, _leader_of(server))
        until(lambda: server.leader() not in (None, leader), within=READY_SECONDS, for_what="somebody else to lead")
        assert leader not in server.workers()


def _put_to_sleep(world: World, worker: int) -> int:
    """Let a worker stand still, but not while it writes: nobody else could until it is ended."""

    def stands_outside() -> bool:
        os.kill(worker, signal.SIGSTOP)
        with at_hand(world.database) as flow:
            if flow.database.write_if_free(lambda session: session.connection()):
                return True
        os.kill(worker, signal.SIGCONT)
        return False

    until(stands_outside, within=SOON, for_what="the worker to stand still outside a transaction")
    return worker


def _leader_of(server: Server) -> int:
    return until(server.leader, within=SOON, for_what="somebody to lead")


def _results(kinds: KindsWorld) -> list[str]:
    with evidence(kinds.database) as found:
        rows = found.rows("SELECT result FROM step_attempt WHERE path = 'call' ORDER BY id")
        return [str(row["result"]) for row in rows] or [""]
