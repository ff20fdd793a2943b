"""Waiting for something that other threads do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

LONGEST_SECONDS = 10.0


def until(happened: Callable[[], object], *, seconds: float = LONGEST_SECONDS) -> bool:
    """Look until something has happened, `seconds` at most, and answer whether it has."""
    deadline = monotonic() + seconds
    while not happened():
        if monotonic() > deadline:
            return False
        threading.Event().wait(0.002)
    return True


def in_threads(number: int, work: Callable[[int], None]) -> list[BaseException]:
    """Do the same thing in several threads that begin at once, and answer what they raised."""
    barrier, raised = threading.Barrier(number), []

    def one(index: int) -> None:
        try:
            barrier.wait()
            work(index)
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=one, args=(index,), daemon=True) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "a thread did not come to its end"
    return raised
