"""The engine's thread: it works when the bell rings, once a second in any case, and outlives errors."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from time import monotonic

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.loop import Loop
from flowapp.engine.worker import Worker
from flowapp.events.signals import committed
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.patience import until
from tests.engine.test_manual_start import by_hand, start
from tests.factories import a_document, a_workflow, leave_asked, runs


@pytest.fixture
def running(flow: Flow) -> Iterator[Flow]:
    """FlowApp with its engine at work."""
    flow.start()
    assert until(lambda: flow.loop.alive)
    yield flow
    flow.loop.stop()


def all_ended(flow: Flow) -> bool:
    """Say whether every execution has ended."""
    return all(each.finished_at is not None for each in runs(flow))


def test_a_change_rings_and_the_engine_answers_at_once(running: Flow, cast: Cast) -> None:
    a_workflow(running, cast.maya, home_id=cast.rose)
    leave_asked(running, cast.dan)
    [found] = runs(running)
    assert running.waiting.wait([found.id], 0.9)  # not at the next tick, but at once
    assert all_ended(running)


def test_without_the_bell_it_looks_by_itself_within_a_second_or_so(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    leave_asked(flow, cast.dan)  # nobody hears the bell: the engine does not run yet
    flow.start()
    assert until(lambda: all_ended(flow), seconds=3)


def test_a_backlog_is_worked_off_without_waiting_for_the_tick(flow: Flow, cast: Cast) -> None:
    for _ in range(6):
        a_workflow(flow, cast.maya, a_document(do("slow", "a")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    began = monotonic()
    flow.start()
    flow.loop.ring()
    assert until(lambda: all_ended(flow), seconds=10)
    assert monotonic() - began < 2.0


class Broken(Worker):
    """A worker that cannot look the first times, as when the database is away."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.looked = threading.Event()
        self.tries = 0

    def ring_with(self, ring: Callable[[], None]) -> None:
        """Have nothing to ring for."""

    def start(self) -> None:
        """Have no leases to renew."""

    def look_after(self) -> None:
        """Have nothing to give back, and nothing to end."""

    def seconds_to_next(self, most: float) -> float:
        """Have nothing to come."""
        return most

    def run_due(self) -> int:
        """Fail, then look."""
        self.tries += 1
        if self.tries <= self.failures:
            raise OSError("the disk is away")
        self.looked.set()
        return 0

    def close(self) -> None:
        """Have nothing to close."""


def test_an_error_does_not_end_the_thread() -> None:
    worker = Broken(failures=1)
    loop = Loop(worker)
    loop.start()
    loop.ring()
    assert until(lambda: worker.tries == 1)
    loop.ring()
    assert worker.looked.wait(5)
    assert loop.alive
    loop.stop()
    assert not loop.alive


def test_stopping_ends_the_thread_soon() -> None:
    loop = Loop(Broken(failures=0))
    loop.start()
    began = monotonic()
    loop.stop()
    assert not loop.alive
    assert monotonic() - began < 0.9


def test_a_loop_that_was_never_started_can_be_stopped() -> None:
    loop = Loop(Broken(failures=0))
    loop.stop()
    assert not loop.alive


def test_a_run_that_somebody_starts_rings_as_well(flow: Flow, cast: Cast) -> None:
    workflow_id = a_workflow(flow, cast.maya, by_hand(None, do("note", "a")), home_id=cast.rose)
    rung: list[object] = []
    with committed.connected_to(lambda *_: rung.append(1)):
        start(flow, cast.maya, workflow_id)
    assert rung != []


class Careless(Worker):
    """A worker that cannot look after what others left."""

    def release_expired(self) -> int:
        """Fail."""
        raise OSError("the disk is away")


def test_what_cannot_be_looked_after_keeps_nobody_waiting(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    leave_asked(flow, cast.dan)
    loop = Loop(Careless(flow.parts, flow.waiting, threads=1))
    loop.start()
    assert until(lambda: all_ended(flow), seconds=3)
    loop.stop()
