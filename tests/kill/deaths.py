"""The ways in which a server comes to its end while a fault stands in its way, and a successor takes over."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from tests.kill.kinds import Kind
from tests.kill.kinds_world import LEASE_SECONDS, KindsWorld
from tests.kill.road import SOON, wait_for_the_kill
from tests.kill.server import Server
from tests.kill.waiting import until

Trigger = Callable[[], object]
KEEPS_THE_DATABASE = ("mid_tx", "before_commit", "in_change")  # how points inside a transaction end


def _fault(point: str, way: str) -> str:
    return f"{point}:{way}" if ":" in point else f"{point}:1:{way}"


def _reached(server: Server, point: str) -> None:
    way, name = "sleep" if server.fault.endswith("sleep") else "hang", point.partition(":")[0]
    until(lambda: server.said(f"fault {way} at {name}"), within=SOON, for_what=f"the server to reach {point}")


@contextmanager
def _triggered(world: KindsWorld, server: Server, kind: Kind) -> Iterator[Future[None]]:
    """Start a workflow from aside, and do what it needs people for: whoever asks may wait for a server that hangs."""
    enough = threading.Event()
    with ThreadPoolExecutor(2) as others:
        if kind.attended:
            others.submit(world.attend_until, server, enough)
        try:
            yield others.submit(world.start_all, server, kind)
        finally:
            enough.set()


def worker_killed(world: KindsWorld, kind: Kind, point: str) -> None:
    """The worker dies by SIGKILL; master and all follow before anybody mends anything."""
    with world.server(_fault(point, "kill")) as server:
        until(lambda: len(server.workers()) == world.workers, within=SOON, for_what="every worker to be there")
        workers = server.workers()
        server.hold_master()
        with _triggered(world, server, kind):
            wait_for_the_kill(server, *workers)
            server.kill()
    _settled(world)


def everything_killed(world: KindsWorld, kind: Kind, point: str) -> None:
    """Master and worker die at the same moment."""
    with world.server(_fault(point, "hang")) as server, _triggered(world, server, kind):
        _reached(server, point)
        server.kill()
    _settled(world)


def master_killed(world: KindsWorld, kind: Kind, point: str) -> None:
    """Only the master dies; its worker goes on for a while beside the next server."""
    with world.server(_fault(point, "sleep")) as server, _triggered(world, server, kind):
        _reached(server, point)
        server.process.send_signal(signal.SIGKILL)
        _settled(world)


def told_to_stop(world: KindsWorld, kind: Kind, point: str) -> None:
    """The server is told to stop (SIGTERM), and finishes what is under way."""
    with world.server(_fault(point, "sleep")) as server, _triggered(world, server, kind):
        _reached(server, point)
        assert server.stop() == 0
    _settled(world)


def put_to_sleep(world: KindsWorld, kind: Kind, point: str) -> None:
    """The server stands still for two leases; another takes over, if it can, and the first wakes up beside it."""
    with world.server(_fault(point, "sleep")) as server, _triggered(world, server, kind) as asked:
        _reached(server, point)
        server.stand_still()
        if point.partition(":")[0].endswith(KEEPS_THE_DATABASE):  # nobody else can begin
            threading.Event().wait(2 * LEASE_SECONDS)
            server.go_on()
            asked.result()
            _quiet(world, server)
        else:
            with world.server() as successor:
                threading.Event().wait(2 * LEASE_SECONDS)
                server.go_on()
                asked.result()
                _quiet(world, successor)
                assert successor.process.poll() is None
    _settled(world)


def one_put_to_sleep(world: KindsWorld, kind: Kind, point: str) -> None:
    """The worker that has come this far stands still for two leases; the others go on, and it wakes up beside them."""
    with world.server(_fault(point, "sleep")) as server, _triggered(world, server, kind) as asked:
        _reached(server, point)
        worker = server.stands_at(point.partition(":")[0])
        assert worker is not None
        os.kill(worker, signal.SIGSTOP)
        threading.Event().wait(2 * LEASE_SECONDS)
        os.kill(worker, signal.SIGCONT)
        asked.result()
        _quiet(world, server)
    _settled(world)


def leader_killed(world: KindsWorld, kind: Kind, point: str) -> None:
    """The worker that leads dies, whoever has come this far; the others go on and one of them leads."""
    with world.server(_fault(point, "sleep")) as server, _triggered(world, server, kind):
        _reached(server, point)
        os.kill(until(server.leader, within=SOON, for_what="somebody to lead"), signal.SIGKILL)
        world.let_leases_of_mails_end()
        world.send_again(server)
        _quiet(world, server)
    _settled(world)


def told_to_reload(world: KindsWorld, kind: Kind, point: str) -> None:
    """New workers take the places of all (SIGHUP), which finish what is under way beside them."""
    with world.server(_fault(point, "sleep")) as server, _triggered(world, server, kind):
        _reached(server, point)
        server.process.send_signal(signal.SIGHUP)
        _quiet(world, server)
        assert server.process.poll() is None
    _settled(world)


DEATHS: Mapping[str, Callable[[KindsWorld, Kind, str], None]] = {
    "worker": worker_killed,
    "everything": everything_killed,
    "master": master_killed,
    "stop": told_to_stop,
    "sleep": put_to_sleep,
    "reload": told_to_reload,
    "one-asleep": one_put_to_sleep,
    "leader": leader_killed,
}
OF_SEVERAL = ("one-asleep", "leader")  # need others beside


def _settled(world: KindsWorld) -> None:
    """Start a server without a fault, send again what nobody answered for, and wait until all is quiet."""
    with world.server() as server:
        world.let_leases_of_mails_end()
        world.send_again(server)
        _quiet(world, server)


def _quiet(world: KindsWorld, server: Server) -> None:
    until(lambda: world.is_quiet_with(server), within=SOON, for_what="all executions to end and all mails to be sent")
