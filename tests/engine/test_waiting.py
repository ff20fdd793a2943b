"""Waiting a moment for executions."""

from __future__ import annotations

import threading
from time import monotonic

from flowapp.bootstrap import Flow
from flowapp.engine.waiting import REMEMBERED, Waiting
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.settings import Settings
from tests.cast import Cast
from tests.factories import a_workflow, leave_asked, runs


def test_what_has_ended_is_not_waited_for() -> None:
    waiting = Waiting()
    waiting.settled(1)
    waiting.settled(2)
    assert waiting.wait([1, 2], 0)
    assert waiting.wait([2], 0)


def test_nothing_to_wait_for_is_no_wait() -> None:
    assert Waiting().wait([], 0)


def test_a_wait_ends_with_the_last_execution() -> None:
    waiting = Waiting()
    waiting.settled(1)
    threading.Timer(0.05, waiting.settled, (3,)).start()
    threading.Timer(0.1, waiting.settled, (2,)).start()
    assert waiting.wait([1, 2, 3], 5)


def test_a_wait_lasts_no_longer_than_it_may() -> None:
    waiting = Waiting()
    waiting.settled(1)
    began = monotonic()
    assert not waiting.wait([1, 2], 0.05)
    assert 0.04 < monotonic() - began < 2


def test_words_about_other_executions_do_not_end_it() -> None:
    waiting = Waiting()
    threading.Timer(0.01, waiting.settled, (7,)).start()
    assert not waiting.wait([8], 0.05)


def test_only_the_latest_are_remembered() -> None:
    waiting = Waiting()
    for number in range(REMEMBERED + 10):
        waiting.settled(number)
    assert not waiting.wait([0], 0)
    assert not waiting.wait([9], 0)
    assert waiting.wait([10, REMEMBERED + 9], 0)
    assert len(waiting._ended) == REMEMBERED


def test_what_another_process_has_ended_is_waited_for_no_longer_than_until_somebody_looks() -> None:
    ended: set[int] = set()
    threading.Timer(0.05, ended.add, (4,)).start()
    assert Waiting(ended.issuperset).wait([4], 60)


def test_a_page_sees_that_another_process_has_carried_its_run_on(
    flow: Flow, settings: Settings, clock: FrozenClock, cast: Cast
) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    leave_asked(flow, cast.dan)
    (run,) = runs(flow)
    other = Flow(settings, clock=clock)
    threading.Timer(0.05, other.worker.run_due).start()
    assert flow.waiting.wait([run.id], 60)
    assert not flow.waiting.wait([run.id], 0)  # this process has heard nothing of it
    other.close()
