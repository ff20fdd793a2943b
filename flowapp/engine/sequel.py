"""Carrying on at once, in the transaction of a change, what the change has started.

A second transaction costs a second commit, and waking another thread costs as much again. What acts outside, waits, or
takes longer is left to the loop.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from flowapp.engine.hands import Reserved
from flowapp.engine.worker import Pass, Worker
from flowapp.kernel.transaction import left_due


class Sequel:
    """The pass that a worker makes in the transaction of a change; `ring` wakes the loop."""

    def __init__(self, worker: Worker, ring: Callable[[], None]) -> None:
        self._worker = worker
        self._ring = ring

    def write(self, session: Session) -> Pass:
        """Carry on what is due."""
        done = self._worker.carry_on(session)
        return done._replace(over=done.over and left_due(session) is None)

    def committed(self, done: Pass) -> None:
        """Tell whoever waits for these executions, and ring for what is left."""
        self._worker.tell(done.bursts, Reserved())
        if not done.over:
            self._ring()
