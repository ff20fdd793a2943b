"""Going on with one execution inside one transaction, until it ends or must act outside.

A workflow of rota actions is so one commit after its acceptance: every `db` action runs in a SAVEPOINT of the
completing transaction, and its effect and its result are kept together or not at all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.accounts.users import person_of
from flowapp.engine.advance import MOST_AT_ONCE, advance
from flowapp.engine.changes import Changes, Done, End, Enter, Failed, News, Settled, TimedOut, Woken
from flowapp.engine.claim import UNCERTAIN_WORDS, Due
from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.engine.failing import Failure, failure_of
from flowapp.engine.parts import EngineParts
from flowapp.engine.rows import Rows, remembered
from flowapp.engine.story import Story
from flowapp.engine.writes import Row, Writes
from flowapp.events.cause import Actor, ActorKind, Cause
from flowapp.expressions import Environment, ExpressionError, render
from flowapp.kernel.plain import plain
from flowapp.kernel.transaction import TransactionLost, savepoint
from flowapp.workflows.kinds import Action, Effect, Run, StepFailed
from flowapp.workflows.steps.action import ActionStep

INSIDE = (Effect.DB, Effect.READ)


@dataclass(frozen=True, kw_only=True)
class Outside:
    """A step that acts outside, taken under a lease; to be done when the claim is committed."""

    step_row_id: int | None  # None: the row is new in this transaction
    execution_id: int
    path: str
    epoch: int
    action: Action
    fields: Any
    make_run: Callable[[Session], Run]


@dataclass(frozen=True)
class Lookups:
    """What the bursts of one transaction look up once: owners of workflows, and what homes mean by today."""

    owners: dict[int, Person | None] = field(default_factory=dict)
    environments: dict[int | None, Environment] = field(default_factory=dict)


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
        self.outside: list[Outside] = []
        self.ended = False
        self._acts: deque[str] = deque()
        self._room = MOST_AT_ONCE
        self._lookups = lookups

    @property
    def environment(self) -> Environment:
        """What `today()` and the calendar functions mean here; made at the first need."""
        home_id = self.due.home_id
        if home_id not in self._lookups.environments:
            self._lookups.environments[home_id] = self.parts.surroundings(self.session, home_id, self.now)
        return self._lookups.environments[home_id]

    def take(self, due: Due) -> None:
        """Take a step that is due, unless another step of this pass has cancelled it."""
        if due.path not in self.memory.live:
            return
        self.rows.claim(due.path)
        self.go(Woken(due.path) if due.status is StepStatus.WAITING else Enter(due.path))

    def time_out(self, path: str | None) -> bool:
        """Fail a step, or the execution, that has taken too long; False when it has ended meanwhile."""
        if not self.memory.live or (path is not None and path not in self.memory.live):
            return False
        self.go(TimedOut(path))
        return True

    def go(self, news: News) -> None:
        """Take one step after the other until the end, a wait, or effects outside."""
        current: News | None = news
        while current is not None:
            changes = advance(self.plan, current, self.memory, self.environment, room=self._room)
            self._keep(changes)
            if changes.end is not None:
                self._end(changes.end)
                return
            current = self._next()

    def _keep(self, changes: Changes) -> None:
        self.memory = changes.memory
        self._room -= len(changes.settled) + len(changes.act)
        for opened in changes.opened:
            self.rows.open(opened)
        for path in changes.held:
            if path in self.memory.live:
                self.rows.change(path, held=self.memory.held[path])
        for settled in changes.settled:
            self.rows.settle(settled)
            if settled.status is StepStatus.COMPLETED and settled.error is None:
                self.story.add(settled.path, settled.explanation)
        self._acts.extend(changes.act)

    def _next(self) -> News | None:
        """Do the steps whose turn to act has come, until one has a result that something follows from."""
        while self._acts:
            path = self._acts.popleft()
            if path in self.memory.live and (outcome := self._act(path)) is not None:
                return outcome
        return None

    def close(self) -> None:
        """Write how an execution stands that has not ended."""
        if self.ended:
            return
        live = self.memory.live
        working = self.rows.at_work(live)
        reason = UNCERTAIN_WORDS if self.rows.uncertain(live) and not working else None
        self._write_execution(ExecutionStatus.RUNNING if working else ExecutionStatus.WAITING, reason=reason)

    def _end(self, end: End) -> None:
        self.ended = True
        self._acts.clear()
        error = {**asdict(end.error), "path": end.path} if end.error else None
        reason = end.error.message if end.error else end.message or self.story.reason
        self._write_execution(end.status, reason=reason, error=error, finished_at=self.now)

    def _write_execution(self, status: ExecutionStatus, **values: Any) -> None:
        started = self.due.started_at or self.now
        if (timeout := self.plan.document.settings.timeout) is not None:
            values["deadline"] = started + timeout.length
        self.writes.executions.append({"id": self.due.execution_id, "status": status, "started_at": started, **values})

    def _act(self, path: str) -> Done | Failed | None:
        """Do an action of our own now, or take one that acts outside under a lease."""
        step = self.plan.node(path).step
        assert isinstance(step, ActionStep)
        action = self.parts.actions.get(step.action)
        if action is None:
            error = StepFailed("unknown_action", f"There is no action called {step.action!r} any more.")
            return self._failed(path, failure_of(error))  # nor its input: who knows which of its fields are secrets
        try:
            filled: Any = render(step.with_, self.memory.names(self.plan, path), self.environment)
            fields = action.Fields.model_validate(filled)
        except (StepFailed, ExpressionError, ValueError) as error:
            self.rows.change(path, input=action.covered(step.with_))
            return self._failed(path, failure_of(error))
        self.rows.change(path, input=action.covered(filled), effect=action.effect.value)
        if action.effect not in INSIDE:
            self._take(path, action, fields)
            return None
        try:
            output = self._run_inside(action, fields, path)
        except (OperationalError, TransactionLost):
            raise  # the database's trouble, not the step's: the whole transaction is tried again
        except Exception as error:
            return self._failed(path, failure_of(error))
        return self._completed(path, output)

    def _run_inside(self, action: Action, fields: Any, path: str) -> Any:
        with savepoint(self.session):
            output = action.run(fields, self.make_run(self.session, path))
            self.session.flush()
        return plain(output.model_dump())

    def _owner_in(self, session: Session) -> Person:
        owner_id = self.due.owner_id
        if owner_id not in self._lookups.owners:
            self._lookups.owners[owner_id] = person_of(session, owner_id)
        found = self._lookups.owners[owner_id]
        if found is None or not found.active:
            raise StepFailed("no_owner", "The workflow's owner has no account any more. Give it another owner.")
        return found.as_workflow()

    def make_run(self, session: Session, path: str) -> Run:
        """Put together what a running action is given."""
        due = self.due
        owner = self._owner_in(session)
        actor = Actor(
            kind=ActorKind.WORKFLOW,
            id=due.owner_id,
            name=due.workflow_name,
            role=owner.role.label,
            execution_id=due.execution_id,
            step=path,
        )
        cause = Cause(
            actor=actor,
            at=self.now,
            correlation_id=due.correlation_id,
            causation_id=due.causation_id,
            depth=due.depth + 1,
        )
        return Run(
            session=session,
            cause=cause,
            owner=owner,
            home_id=due.home_id,
            execution_id=due.execution_id,
            workflow_name=due.workflow_name,
            path=path,
            zone=self.environment.timezone,
        )

    def _take(self, path: str, action: Action, fields: Any) -> None:
        lease = self.now + timedelta(seconds=self.parts.lease_seconds)
        row = self.rows.change(path, status=StepStatus.RUNNING, lease_until=lease, finished_at=None)
        self._attempt(path, "taken")
        self.outside.append(
            Outside(
                step_row_id=row.get("id"),
                execution_id=self.due.execution_id,
                path=path,
                epoch=row["epoch"],
                action=action,
                fields=fields,
                make_run=lambda session: self.make_run(session, path),
            )
        )

    def _completed(self, path: str, output: Any) -> Done:
        self.rows.settle(Settled(path=path, status=StepStatus.COMPLETED, output=output))
        self.story.add(path, None)
        self._attempt(path, "completed")
        return Done(path, output)

    def _failed(self, path: str, failure: Failure) -> Failed:
        self._attempt(path, "failed", failure)
        return self.failed(path, failure)

    def failed(self, path: str, failure: Failure) -> Failed:
        """Put a failure into the news of it."""
        return Failed(
            path,
            failure.error,
            attempt=self.rows.change(path)["attempt"],
            key=f"{self.due.execution_id}:{path}",
            retryable=failure.retry.may_help,
            retry_after_seconds=failure.retry.after.total_seconds() if failure.retry.after else None,
        )

    def _attempt(self, path: str, result: str, failure: Failure | None = None) -> None:
        error = failure.error if failure else None
        self.writes.attempts.append(
            {
                "execution_id": self.due.execution_id,
                "path": path,
                "epoch": self.rows.change(path)["epoch"],
                "owner": self.parts.owner,
                "result": result,
                "code": error.code if error else None,
                "message": error.message if error else None,
                "trace": failure.trace if failure else None,
                "at": self.now,
            }
        )
