"""Living through the past of the demo: people ask and decide, and the engine runs their workflows.

Nothing of it is written by hand: each step uses the functions that pages use, at its own moment, and the worker
looks after each of them, as it would have done on that day.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import event
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.engine.worker import Worker
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import FlowError

log = logging.getLogger(__name__)
OWNER = "demo"  # whose attempts the log tells of; elsewhere each process has a name that is new at its start

Requests = dict[str, int]  # the numbers of leave requests, by the names their steps gave them
Deed = Callable[[Session, datetime, Requests], int | None]


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something somebody does; what it answers is remembered under `name`, if that is a leave request's number."""

    at: datetime
    do: Deed
    name: str = ""


class History:
    """A FlowApp whose clock stands at a moment of the past."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._clock = FrozenClock(flow.clock.now())
        self._worker = Worker(replace(flow.parts, owner=OWNER, clock=self._clock), flow.waiting, threads=1)
        self._requests: Requests = {}

    def live(self, steps: Iterable[Step], tell: Callable[[str], None]) -> None:
        """Take the steps in the order of their moments, and tell of each month as it begins.

        A step that a rule forbids is left out, with a warning in the log; in a demo that is planned well there is none.
        """
        month = ""
        for step in sorted(steps, key=lambda each: each.at):
            if month != (month := f"{step.at:%B %Y}"):
                tell(f"  {month}")
            try:
                self._take(step)
            except FlowError as error:
                log.warning("a step of the demo was left out: %s", error)

    def close(self) -> None:
        """Let the worker go."""
        self._worker.close()

    def _take(self, step: Step) -> None:
        self._clock.set(step.at)
        answer = self._flow.database.write(lambda session: step.do(session, step.at, self._requests))
        if step.name and answer is not None:
            self._requests[step.name] = answer
        while self._worker.run_due():
            continue


def quick_commits(flow: Flow) -> None:
    """Let this FlowApp commit without waiting for the disk each time.

    For a database that is being filled: should the power fail, the demo is made again.
    """

    def _quickly(driver: object, _record: object) -> None:
        flow.database.backend.commit_quickly(driver)

    event.listen(flow.database.writer, "connect", _quickly)
