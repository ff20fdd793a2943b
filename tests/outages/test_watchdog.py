"""A FlowApp that stands still is noticed outside: systemd is not told that it lives, and nobody is called."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.kill.server import Server, reason_not_available
from tests.kill.waiting import until
from tests.outages.watchers import PATIENCE, Watcher, systemd, web_server

WATCHDOG_SECONDS = 3.0  # what systemd is told to wait; a silence as long as this and it starts FlowApp again
SILENCE = 4.0  # of somebody who is called every second
pytestmark = pytest.mark.skipif(reason_not_available() is not None, reason=str(reason_not_available()))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where a database will be; the server makes it."""
    return tmp_path / "flowapp.sqlite3"


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Watcher, Server]]:
    """A server that systemd has started and found ready."""
    database = tmp_path_factory.mktemp("watched") / "flowapp.sqlite3"
    with systemd() as (watcher, address):
        told = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": str(int(WATCHDOG_SECONDS * 1e6))}
        with Server(database, outside=told) as server:
            watcher.wait_for_more(3)
            yield watcher, server


def test_systemd_hears_first_that_it_is_ready_and_then_that_it_lives(watched: tuple[Watcher, Server]) -> None:
    watcher, _ = watched
    assert watcher.heard[0] == "READY=1\nSTATUS=FlowApp is ready"  # and not gunicorn's own, before there is a worker
    assert set(watcher.heard[1:]) == {"WATCHDOG=1"}


@pytest.mark.parametrize("who", [Server.worker, lambda server: server.process.pid], ids=["worker", "master"])
def test_who_stands_still_is_not_fed_until_it_goes_on(
    watched: tuple[Watcher, Server], who: Callable[[Server], int]
) -> None:
    watcher, server = watched
    process = who(server)
    os.kill(process, signal.SIGSTOP)
    watcher.wait_for_silence(WATCHDOG_SECONDS)
    os.kill(process, signal.SIGCONT)
    watcher.wait_for_more(3)
    assert watcher.heard[-1] == "WATCHDOG=1"


def test_a_worker_that_dies_is_replaced_before_systemd_loses_patience(watched: tuple[Watcher, Server]) -> None:
    watcher, server = watched
    first = server.worker()
    os.kill(first, signal.SIGKILL)
    until(lambda: server.workers() not in ([], [first]), within=PATIENCE, for_what="another worker")
    watcher.wait_for_more(3)


def test_systemd_hears_when_it_is_about_to_stop(watched: tuple[Watcher, Server]) -> None:
    watcher, server = watched
    assert server.stop() == 0  # it is the last that these tests ask of this server
    until(lambda: watcher.heard[-1] == "STOPPING=1", within=PATIENCE, for_what="the end to be told")


def test_an_address_is_called_while_it_ticks_and_not_while_it_stands_still(database: Path) -> None:
    with web_server(lambda: 200) as (watcher, port), Server(database, outside=heartbeat(port)) as server:
        watcher.wait_for("/ping/our-home?status=up")
        watcher.wait_for_more(2)
        os.kill(server.worker(), signal.SIGSTOP)
        watcher.wait_for_silence(SILENCE)
        os.kill(server.worker(), signal.SIGCONT)
        watcher.wait_for_more(2)


def test_calls_that_fail_are_logged_once_and_the_engine_goes_on(database: Path) -> None:
    status = [503]
    with web_server(lambda: status[0]) as (watcher, port), Server(database, outside=heartbeat(port)) as server:
        watcher.wait_for_more(3)
        status[0] = 200
        until(lambda: server.said("answers again"), within=PATIENCE, for_what="the end of the spell")
        log = server.log.read_text()
    assert log.count("FLOWAPP_HEARTBEAT_URL could not be called") == 1
    assert "our-home" not in log


def heartbeat(port: int) -> dict[str, str]:
    """Answer the settings with which a server on this port is called at every tick."""
    return {
        "FLOWAPP_HEARTBEAT_URL": f"http://127.0.0.1:{port}/ping/our-home?status=up",
        "FLOWAPP_HEARTBEAT_SECONDS": "0.5",
        "FLOWAPP_OUTBOUND_ALLOW": f"127.0.0.1:{port}",
    }
