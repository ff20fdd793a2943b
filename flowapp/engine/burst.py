"""Going on with one execution inside one transaction, until it ends or must act outside.

A workflow of rota actions is so one commit after its acceptance: every `db` action runs in a SAVEPOINT of the
completing transaction, and its effect and its result are kept together or not at all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from time import monotonic
from typing import Any

from sqlalchemy.orm import Session

from flowapp.engine.acting import Acting, Lookups
from flowapp.engine.advance import MOST_AT_ONCE, advance
from flowapp.engine.changes import Changes, Done, End, Enter, Failed, News, TimedOut, Woken
from flowapp.engine.claim import Due
from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.engine.failing import Failure
from flowapp.engine.keeping.retention import retention_of
from flowapp.engine.over import is_cancelled, note_ended
from flowapp.engine.parts import EngineParts
from flowapp.engine.result import result_of
from flowapp.engine.rows import Rows, remembered
from flowapp.engine.signals.listening import Listening
from flowapp.engine.story import Story
from flowapp.engine.writes import Ended, Row, Writes

FEWEST_AT_ONCE = 10  # steps, however long they take
LONGEST_SECONDS = 0.05  # for those beyond


class Burst:
    """One execution being carried on in one transaction; `ended` tells whether it came to its end.

    Several of its steps may be taken one after the other: each sees what the ones before it changed.
    """

    def __init__(
        self,
        parts: EngineParts,
        session: Session,
        writes: Writes,
        due: Due,
        before: Sequence[Row],
        now: datetime,
        lookups: Lookups,
    ) -> None:
        self.parts = parts
        self.session = session
        self.writes = writes
        self.due = due
        self.now = now
        self.plan = parts.plans.of(session, due.version_id)
        known = before or [due.row]
        self.rows = Rows(due.execution_id, self.plan, known, writes, owner=parts.owner, now=now)
        self.memory = remembered(due.context, known)
        self.story = Story(self.plan, parts.actions)
        self.story.add_all(before)
        self.acting = Acting(parts, session, writes, due, self.plan, self.rows, now, lookups)
        self.listening = Listening(session, writes, due, self.plan, now)
        self.ended = False
        self._acts: deque[str] = deque()
        self._room = MOST_AT_ONCE
        self._until = monotonic() + LONGEST_SECONDS

    @property
    def cancelled(self) -> bool:
        """Whether something in this very transaction has cancelled it."""
        return is_cancelled(self.session, self.due.execution_id)

    def take(self, due: Due) -> None:
        """Take a step that is due, unless another step of this pass has cancelled it."""
        if due.path not in self.memory.live:
            return
        self.rows.claim(due.path)
        waits = due.status is StepStatus.WAITING
        self.go(Woken(due.path, self.acting.told(due)) if waits else Enter(due.path))

    def time_out(self, path: str | None) -> bool:
        """Fail a step, or the execution, that has taken too long; False when it has ended meanwhile."""
        if not self.memory.live or (path is not None and not self._is_late(path)):
            return False
        self.go(TimedOut(path))
        return True

    def _is_late(self, path: str) -> bool:
        """Say whether a step is late still: it may have ended, or do what is done instead, since it was found."""
        deadline = (self.rows.get(path) or {}).get("deadline")
        return path in self.memory.live and deadline is not None and deadline <= self.now

    def go(self, news: News) -> None:
        """Take one step after the other until the end, a wait, or effects outside."""
        current: News | None = news
        while current is not None and not self.cancelled:
            if self._room <= MOST_AT_ONCE - FEWEST_AT_ONCE and monotonic() > self._until:
                self._room = 0  # the rest is left to the next pass, so that others get their turn
            changes = advance(self.plan, current, self.memory, self.acting.environment, room=self._room)
            self._keep(changes)
            if changes.end is not None:
                self._end(changes.end)
                return
            current = self._next()

    def tell(self, news: Iterable[News]) -> None:
        """Take up what a person decided, and begin nothing: every step whose turn comes is left to the worker."""
        self._room = 0
        for each in news:
            if not self.ended:
                self.go(each)
        self.close()

    def _keep(self, changes: Changes) -> None:
        self.memory = changes.memory
        self._room -= len(changes.settled) + len(changes.act)
        for opened in changes.opened:
            self.rows.open(opened)
        for path in changes.held:
            if self.rows.get(path) is not None:
                self.rows.change(path, held=self.memory.held[path])
        for settled in changes.settled:
            self.rows.settle(settled)
            if settled.status is StepStatus.COMPLETED and settled.error is None:
                self.story.add(settled.path, settled.explanation)
        self._acts.extend(changes.act)
        self.listening.keep(changes)

    def _next(self) -> News | None:
        """Do the steps whose turn to act has come, until one has a result that something follows from."""
        if (early := self.listening.early()) is not None:
            return early
        while self._acts:
            path = self._acts.popleft()
            if path in self.memory.live and (outcome := self._act(path)) is not None:
                return outcome
        return None

    def close(self) -> None:
        """Write how an execution stands that has not ended."""
        if self.cancelled:
            self.acting.outside.clear()
        if self.ended:
            return
        live = self.memory.live
        working = self.rows.at_work(live)
        reason = None if working else self.rows.doubt(live)
        self._write_execution(ExecutionStatus.RUNNING if working else ExecutionStatus.WAITING, reason=reason)

    def _end(self, end: End) -> None:
        self.ended = True
        self._acts.clear()
        error = {**asdict(end.error), "path": end.path} if end.error else None
        reason = end.error.message if end.error else end.message or self.story.reason
        if end.rollback and end.path and (undone := self.acting.roll_back(end.path)):
            reason = f"{reason} {undone}"
        result = result_of(self.plan, self.memory, end)
        failed = end.status is ExecutionStatus.FAILED
        kept = retention_of(failed, self.rows.all(), self.plan, self.parts.actions)
        self._write_execution(
            end.status, reason=reason, error=error, result=result, finished_at=self.now, retention=kept
        )
        self.writes.ended.append(self._ended(end.status))
        note_ended(self.session, self.due.execution_id)

    def _ended(self, status: ExecutionStatus) -> Ended:
        due = self.due
        alone = due.parent_id is None and due.run_key is None and not self.plan.looks_elsewhere
        quiet = alone and status is ExecutionStatus.COMPLETED and not due.failures
        return Ended(due.execution_id, due.workflow_id, status, self.now, due.run_key, quiet)

    def _write_execution(self, status: ExecutionStatus, **values: Any) -> None:
        started = self.due.started_at or self.now
        if (timeout := self.plan.document.settings.timeout) is not None:
            values["deadline"] = self.due.deadline or started + timeout.length
        self.writes.executions.append({"id": self.due.execution_id, "status": status, "started_at": started, **values})

    def _act(self, path: str) -> Done | Failed | None:
        outcome = self.acting.act(path, self.memory)
        if isinstance(outcome, Done):
            row = self.rows.change(path)
            self.story.add(path, row.get("explanation"), row.get("input"))
        return outcome

    def failed(self, path: str, failure: Failure) -> Failed:
        """Put a failure into the news of it."""
        return self.acting.failed(path, failure)
