"""Turns are handed on in the order of arrival, whatever happens in them."""

from __future__ import annotations

import threading

import pytest

from flowapp.kernel.turns import Turns
from tests.engine.patience import in_threads, until


def queued(turns: Turns) -> int:
    """Count those who wait; the queue is looked at because nothing else shows that a thread has arrived."""
    return len(turns._waiting)


def line_up(turns: Turns, names: str, order: list[str]) -> list[threading.Thread]:
    """Let one thread after the other arrive, each only when the one before it stands in the queue."""

    def take(name: str) -> None:
        with turns:
            order.append(name)

    threads = []
    for name in names:
        before = queued(turns)
        thread = threading.Thread(target=take, args=(name,), daemon=True)
        thread.start()
        threads.append(thread)
        assert until(lambda before=before: queued(turns) == before + 1)
    return threads


def test_turns_come_in_the_order_of_arrival() -> None:
    turns, order = Turns(), list[str]()
    with turns:
        threads = line_up(turns, "abcdefgh", order)
    for thread in threads:
        thread.join(10)
    assert order == list("abcdefgh")


def test_nobody_who_comes_later_slips_in_before_those_who_wait() -> None:
    turns, order = Turns(), list[str]()
    with turns:
        threads = line_up(turns, "ab", order)
    with turns:  # asked for while a and b wait or are at it; a plain lock would often be had at once
        order.append("late")
    for thread in threads:
        thread.join(10)
    assert order == ["a", "b", "late"]


def test_two_never_have_their_turn_at_once() -> None:
    turns, inside, most = Turns(), 0, 0

    def take(_: int) -> None:
        nonlocal inside, most
        for _ in range(200):
            with turns:
                inside += 1
                most = max(most, inside)
                inside -= 1

    assert in_threads(8, take) == []
    assert most == 1


def test_a_turn_that_ends_in_an_error_is_handed_on() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="oh"), turns:
        raise ValueError("oh")
    order: list[str] = []
    threads: list[threading.Thread] = []

    def fail() -> None:
        with turns:
            threads.extend(line_up(turns, "ab", order))
            raise ValueError("again")

    with pytest.raises(ValueError, match="again"):
        fail()
    for thread in threads:
        thread.join(10)
    assert order == ["a", "b"]
    with turns:
        order.append("free")
    assert order == ["a", "b", "free"]


def test_no_turn_is_lost_when_many_of_them_end_in_errors() -> None:
    turns, done = Turns(), []

    def take(index: int) -> None:
        for number in range(100):
            try:
                with turns:
                    done.append((index, number))
                    if number % 3 == 0:
                        raise RuntimeError
            except RuntimeError:
                pass

    assert in_threads(6, take) == []
    assert len(done) == 600
    assert queued(turns) == 0


def test_who_does_not_want_the_turn_any_more_is_let_go_without_it() -> None:
    turns, satisfied, had = Turns(), set[str](), dict[str, bool]()

    def want(name: str) -> None:
        had[name] = turns.take(10, unless=lambda: name in satisfied)
        if had[name]:
            turns.give()

    with turns:
        threads = []
        for number, name in enumerate("abc", 1):
            threads.append(threading.Thread(target=want, args=(name,), daemon=True))
            threads[-1].start()
            assert until(lambda number=number: queued(turns) == number)
        satisfied |= {"a", "c"}
    for thread in threads:
        thread.join(10)
    assert had == {"a": False, "b": True, "c": False}
    assert queued(turns) == 0
    assert turns.take(0)


def test_who_does_not_want_the_turn_when_asking_is_not_given_it() -> None:
    turns = Turns()
    assert not turns.take(unless=lambda: True)
    assert turns.take(0)


def test_who_waited_too_long_is_not_handed_the_turn_later() -> None:
    turns, came = Turns(), list[bool]()
    with turns:
        thread = threading.Thread(target=lambda: came.append(turns.take(0.01)), daemon=True)
        thread.start()
        thread.join(10)
    assert came == [False]
    assert turns.take(0)
