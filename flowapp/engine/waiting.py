"""Waiting a moment for executions, so that a page can show what they did."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection
from time import monotonic

from flowapp.kernel import baton

REMEMBERED = 2_000
LOOK_SECONDS = 0.05  # how often who waits looks for itself: another process may carry on what it waits for

Look = Callable[[Collection[int]], bool]


class Waiting:
    """Who waits for executions, and which ended lately in this process.

    `look` says from the rows whether executions have ended, wherever. Losing a word here costs a page a moment, never
    an execution.
    """

    def __init__(self, look: Look = lambda _: False) -> None:
        self._look = look
        self._changed = threading.Condition()
        self._order: deque[int] = deque(maxlen=REMEMBERED)
        self._ended: set[int] = set()

    def settled(self, execution_id: int) -> None:
        """Say that an execution has ended."""
        with self._changed:
            if len(self._order) == REMEMBERED:
                self._ended.discard(self._order[0])
            self._order.append(execution_id)
            self._ended.add(execution_id)
            self._changed.notify_all()

    def begin_again(self, execution_ids: Collection[int]) -> None:
        """Say that executions that had ended go on, before they do."""
        with self._changed:
            self._ended.difference_update(execution_ids)

    def wait(self, execution_ids: Collection[int], seconds: float) -> bool:
        """Wait until all of these have ended, `seconds` at most; answer whether they have."""
        deadline = monotonic() + seconds
        while True:
            with baton.put_down(), self._changed:
                if self._changed.wait_for(
                    lambda: self._ended.issuperset(execution_ids), min(LOOK_SECONDS, deadline - monotonic())
                ):
                    return True
            if monotonic() >= deadline:
                return False
            if self._look(execution_ids):
                return True
