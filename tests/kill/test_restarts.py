"""PostgreSQL is restarted, crashes and is killed under a FlowApp that people ask and workers die in.

`FLOWAPP_RESTARTS` says how often (20 with each number of workers), `FLOWAPP_RESTART_SECONDS=5-40` how long it lives in
between, `FLOWAPP_KILLS` how many workers die meanwhile; `FLOWAPP_SEED` repeats the choices of an earlier run.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from tests.kill.crowds import SEVERAL
from tests.kill.kinds import BY_NAME
from tests.kill.kinds_world import KindsWorld, prepare_kinds
from tests.kill.place import Place, place_in
from tests.kill.restart_storm import RestartStorm
from tests.kill.restarts import Restarts
from tests.kill.road import SOON
from tests.kill.server import reason_not_available
from tests.kill.sink import Sink, a_sink
from tests.kill.waiting import until
from tests.support.databases import OnServer
from tests.support.postgres import Server, server

pytestmark = pytest.mark.skipif(reason_not_available() is not None, reason=str(reason_not_available()))
RESTARTS = int(os.environ.get("FLOWAPP_RESTARTS") or 20)
KILLS = int(os.environ.get("FLOWAPP_KILLS") or 100)
EVERY = os.environ.get("FLOWAPP_RESTART_SECONDS") or "5-40"
SEED = os.environ.get("FLOWAPP_SEED") or secrets.token_hex(4)
A_FEW_RESTARTS, A_FEW_KILLS, A_FEW_SECONDS = 3, 6, (1.0, 3.0)
LINES_OF_A_WORKER = 40  # in the log, for each restart; half a minute of one line a second would be less
BACK_WITHIN = 10.0


@pytest.fixture
def postgres() -> Iterator[Server]:
    """A server of the test's own, whose commits wait for the disk."""
    with server(durable=True) as started:
        yield started


@pytest.fixture
def place(postgres: Server, tmp_path: Path) -> Place:
    return place_in(tmp_path, OnServer(postgres))


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with a_sink(tmp_path / "came") as sink:
        yield sink


def test_a_few_restarts_of_the_database_lose_and_double_nothing(place: Place, sink: Sink, postgres: Server) -> None:
    rage(place, sink, Restarts(postgres, SEED, A_FEW_SECONDS), workers=2, kills=A_FEW_KILLS, restarts=A_FEW_RESTARTS)


@pytest.mark.long
@pytest.mark.parametrize("workers", SEVERAL)
def test_many_restarts_of_the_database_lose_and_double_nothing(
    workers: int, place: Place, sink: Sink, postgres: Server
) -> None:
    least, _, most = EVERY.partition("-")
    monkey = Restarts(postgres, SEED, (float(least), float(most)))
    rage(place, sink, monkey, workers=workers, kills=KILLS, restarts=RESTARTS)


def rage(place: Place, sink: Sink, monkey: Restarts, *, workers: int, kills: int, restarts: int) -> None:
    """Let a storm go over a place."""
    print(f"FLOWAPP_SEED={SEED}: {restarts} restarts, {kills} kills, {workers} workers")  # noqa: T201 so that a bad ending can be had again
    storm = RestartStorm(place, sink, SEED, workers, monkey)
    storm.rage_with_restarts(kills, restarts)
    lines = (place.folder / "server.log").read_text().splitlines()
    told = f"{dict(monkey.ways)}, {storm.kills} kills, {len(storm.world.sent)} starts, {len(lines)} lines in the log"
    print(told)  # noqa: T201
    assert len(lines) <= LINES_OF_A_WORKER * workers * monkey.number + storm.kills * 10


def test_what_falls_due_while_the_database_is_away_is_done_soon_after_and_somebody_leads(
    place: Place, sink: Sink, postgres: Server
) -> None:
    world = KindsWorld(prepare_kinds(place, [BY_NAME["delay"]]), place, sink, workers=2)
    with world.server() as server:
        until(server.leader, within=SOON, for_what="somebody to lead")
        led = server.times_led()
        assert world.start(server, BY_NAME["delay"]).execution_id is not None
        postgres.crash()
        until(lambda: server.said("cannot be reached"), within=SOON, for_what="somebody to notice")
        postgres.start()
        began = monotonic()
        until(world.is_quiet, within=BACK_WITHIN, for_what="the run to end")
        until(lambda: server.times_led() > led, within=BACK_WITHIN, for_what="somebody to lead again")
        print(f"all was done, and somebody led, {monotonic() - began:.2f} s after it was back")  # noqa: T201
    assert world.broken() == []
