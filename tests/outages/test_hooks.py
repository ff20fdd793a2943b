"""Web hooks that hang, cut the line, or ask for patience: the rest goes on, and nothing is called twice unasked."""

from __future__ import annotations

import os
import threading
from collections import Counter
from datetime import datetime
from itertools import pairwise
from time import monotonic

import pytest

from tests.kill.evidence import evidence
from tests.kill.kinds_world import LEASE_SECONDS, KindsWorld
from tests.kill.server import Server
from tests.kill.sink import Sink
from tests.kill.waiting import until
from tests.outages.reading import QUICK, Reader

THREADS = 4  # for effects outside, as the settings have it
HANGING = 10
HANG_SECONDS = float(os.environ.get("FLOWAPP_HANG_SECONDS") or 12 * LEASE_SECONDS)  # a call may take thirty


def test_while_more_hooks_hang_than_there_are_threads_pages_are_quick_and_other_runs_go_on(
    world: KindsWorld, server: Server, sink: Sink
) -> None:
    began = monotonic()
    for _ in range(HANGING):
        world.start(server, "hang")
    assert sink.wait_for(THREADS)
    reader = Reader(world, server)
    sent = world.start(server, "inside")
    until(lambda: status(world, sent.execution_id) == "completed", within=3, for_what="a run that calls nobody")
    while monotonic() - began < HANG_SECONDS:
        reader.read(10)
        threading.Event().wait(0.2)
    assert len(sink.store.all()) == THREADS  # no lease ran out, though they hung for several
    print(f"p95 of {len(reader.seconds)} pages while {HANGING} hooks hang: {reader.p95 * 1000:.0f} ms")  # noqa: T201
    assert reader.p95 < QUICK

    sink.let_go()
    until(world.is_quiet, within=30, for_what="every call to end")
    assert set(Counter(each.key for each in sink.store.all()).values()) == {1}
    assert len(sink.store.all()) == HANGING
    assert lost(world) == 0


def test_a_hook_that_cuts_the_line_after_it_has_done_its_work_is_called_again_under_the_same_id(
    world: KindsWorld, server: Server, sink: Sink
) -> None:
    sent = world.start(server, "drop")
    until(world.is_quiet, within=20, for_what="the call to be made again")
    assert status(world, sent.execution_id) == "completed"
    first, second = sink.store.all()
    assert (first.key, first.body) == (second.key, second.body)


def test_a_hook_that_asks_for_patience_is_given_it(world: KindsWorld, server: Server, sink: Sink) -> None:
    sent = world.start(server, "later")
    until(world.is_quiet, within=20, for_what="the call to be made again")
    assert status(world, sent.execution_id) == "completed"
    [(before, after)] = pairwise(datetime.fromisoformat(each.at) for each in sink.store.all())
    assert 3.0 <= (after - before).total_seconds() < 6.0


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "beside another"])
def test_after_standing_still_for_longer_than_the_lease_a_call_is_kept_once(
    alone: bool, world: KindsWorld, server: Server, sink: Sink
) -> None:
    sent = world.start(server, "hang")
    assert sink.wait_for(1)
    server.stand_still()
    if alone:
        threading.Event().wait(2 * LEASE_SECONDS)
    else:
        with world.server():
            assert sink.wait_for(2)  # taken over, under the same key
            sink.let_go()
            until(world.is_quiet, within=20, for_what="the successor to end")
    server.go_on()
    sink.let_go()
    until(lambda: status(world, sent.execution_id) == "completed", within=20, for_what="the call to end")
    if not alone:
        until(lambda: thrown_away(world) == 1, within=20, for_what="the late result to be thrown away")
    assert [len(sink.store.all()), lost(world)] == ([1, 0] if alone else [2, 1])
    assert len({each.key for each in sink.store.all()}) == 1


def status(world: KindsWorld, execution_id: int | None) -> str:
    """Answer where an execution stands."""
    with evidence(world.database) as found:
        return str(found.rows("SELECT status FROM execution WHERE id = ?", execution_id)[0]["status"])


def lost(world: KindsWorld) -> int:
    """Count the attempts whose lease ran out."""
    return attempts(world, "lost")


def thrown_away(world: KindsWorld) -> int:
    """Count the results that came too late."""
    return attempts(world, "thrown_away")


def attempts(world: KindsWorld, result: str) -> int:
    """Count the attempts with a result."""
    with evidence(world.database) as found:
        return found.one("SELECT count(*) FROM step_attempt WHERE result = ?", result)
