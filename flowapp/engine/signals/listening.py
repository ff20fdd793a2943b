"""The steps of one execution that wait for events, in one transaction."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from sqlalchemy.orm import Session

from flowapp.engine.changes import Changes, Woken
from flowapp.engine.claim import Due
from flowapp.engine.plan import Plan
from flowapp.engine.signals.awaited import forget, listen, looked_at
from flowapp.engine.signals.signals import arrivals, take
from flowapp.engine.writes import Writes
from flowapp.workflows.steps.wait import WaitStep


class Listening:
    """Keeps what steps listen to and what they took, and looks for events that came before a step began to wait."""

    def __init__(self, session: Session, writes: Writes, due: Due, plan: Plan, now: datetime) -> None:
        self._session = session
        self._writes = writes
        self._due = due
        self._plan = plan
        self._now = now
        self._begun: deque[str] = deque()

    def keep(self, changes: Changes) -> None:
        """Write what steps took and what they listen to."""
        here = (self._session, self._due.execution_id)
        for path, seq in changes.took.items():
            take(*here, path, seq, self._now)
        for settled in changes.settled if changes.end is None else ():
            if isinstance(self._plan.node(settled.path).step, WaitStep):
                forget(*here, settled.path)
        for path, last in changes.listening.items():
            if path in changes.memory.live:
                self._listen(path, last)

    def _listen(self, path: str, last: int | None) -> None:
        step = self._plan.node(path).step
        assert isinstance(step, WaitStep)
        self._writes.listening.add(self._due.execution_id)
        if last is None:
            listen(self._session, self._due.execution_id, path, step.event_types, self._due.home_id)
            self._begun.append(path)
        elif last:
            looked_at(self._session, self._due.execution_id, path, last)

    def early(self) -> Woken | None:
        """Answer what came before a step began to wait, until there is such a step no more."""
        while self._begun:
            path = self._begun.popleft()
            told = arrivals(self._session, self._due.execution_id, path)  # none for one that listens no more
            if told.events:
                return Woken(path, told)
        return None
