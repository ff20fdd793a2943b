"""Waiting a moment for executions."""

from __future__ import annotations

import threading
from time import monotonic

from flowapp.engine.waiting import REMEMBERED, Waiting


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
