"""Waiting a moment for executions, so that a page can show what they did."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Collection
from time import monotonic

REMEMBERED = 2_000


class Waiting:
    """Who waits for an execution of this process, and which ended lately.

    Losing a word here costs a page its half second, never an execution.
    """

    def __init__(self) -> None:
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
        with self._changed:
            while not self._ended.issuperset(execution_ids):
                left = deadline - monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
        return True
