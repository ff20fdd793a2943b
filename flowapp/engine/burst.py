"""Going on with one execution inside one transaction, until it ends or must act outside.

A workflow of rota actions is so one commit after its acceptance: every `db` action runs in a SAVEPOINT of the
completing transaction, and its effect and its result are kept together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.accounts.users import person_of
from flowapp.engine.advance import Done, End, Enter, Failed, Settled, StepError, advance
from flowapp.engine.claim import DoneStep, Due
from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.engine.failing import Failure, failure_of
from flowapp.engine.parts import EngineParts
from flowapp.engine.plan import Node
from flowapp.engine.story import Story
from flowapp.engine.writes import Row, Writes
from flowapp.events.cause import Actor, ActorKind, Cause
from flowapp.expressions import Environment, ExpressionError, render
from flowapp.kernel.plain import plain
from flowapp.kernel.transaction import TransactionLost, savepoint
from flowapp.workflows.document import ActionStep
from flowapp.workflows.kinds import Action, Effect, Run, StepFailed

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


class Burst:
    """One execution being carried on; `ended` tells whether it came to its end."""

    def __init__(
        self,
        parts: EngineParts,
        session: Session,
        writes: Writes,
        due: Due,
        before: Sequence[DoneStep],
        now: datetime,
        owners: dict[int, Person | None],
    ) -> None:
        self.parts = parts
        self.session = session
        self.writes = writes
        self.due = due
        self.now = now
        self.plan = parts.plans.of(session, due.version_id)
        outputs = {step.step_id: step.output for step in before}
        self.names: dict[str, Any] = {"context": due.context, "steps": outputs, "vars": {}}
        self.story = Story(self.plan, parts.actions)
        for step in before:
            self.story.add(step.path, step.explanation)
        self.outside: Outside | None = None
        self.ended = False
        self._environment: Environment | None = None
        self._owners = owners  # of this transaction, so that each is looked up once

    @property
    def environment(self) -> Environment:
        """What `today()` and the calendar functions mean here; made at the first need."""
        if self._environment is None:
            self._environment = self.parts.surroundings(self.session, self.due.home_id, self.now)
        return self._environment

    def go(self, news: Enter | Done | Failed) -> None:
        """Take one step after the other until the end or an effect outside."""
        current: Enter | Done | Failed | None = news
        while current is not None:
            changes = advance(self.plan, current, self.names, self.environment)
            for settled in changes.settled:
                self._settle(settled)
            if changes.end is not None:
                self._end(changes.end)
            current = self._act(self.plan.nodes[changes.act]) if changes.act else None

    def _end(self, end: End) -> None:
        self.ended = True
        error = {**asdict(end.error), "path": end.path} if end.error else None
        reason = end.error.message if end.error else self.story.reason
        self._write_execution(end.status, reason=reason, error=error, finished_at=self.now)

    def _write_execution(self, status: ExecutionStatus, **values: Any) -> None:
        started = self.due.started_at or self.now
        self.writes.executions.append({"id": self.due.execution_id, "status": status, "started_at": started, **values})

    def _settle(self, settled: Settled) -> None:
        node = self.plan.nodes[settled.path]
        if settled.status is StepStatus.COMPLETED:
            self.names["steps"] = {**self.names["steps"], node.step.id: settled.output}
        self.story.add(settled.path, settled.explanation)
        self._write_step(
            node, settled.status, output=settled.output, explanation=settled.explanation, error=settled.error
        )

    def _act(self, node: Node) -> Done | Failed | None:
        """Do an action of our own now, or take one that acts outside under a lease."""
        step = node.step
        assert isinstance(step, ActionStep)
        action = self.parts.actions.get(step.action)
        if action is None:
            error = StepFailed("unknown_action", f"There is no action called {step.action!r} any more.")
            return self._failed(node, failure_of(error), given=None)  # who knows which of its fields are secrets
        try:
            filled: Any = render(step.with_, self.names, self.environment)
            fields = action.Fields.model_validate(filled)
        except (StepFailed, ExpressionError, ValueError) as error:
            return self._failed(node, failure_of(error), given=action.covered(step.with_))
        given = action.covered(filled)
        if action.effect not in INSIDE:
            self._take(node, action, fields, given)
            return None
        try:
            output = self._run_inside(action, fields, node)
        except (OperationalError, TransactionLost):
            raise  # the database's trouble, not the step's: the whole transaction is tried again
        except Exception as error:
            return self._failed(node, failure_of(error), given=given, action=action)
        return self._completed(node, output, given=given, action=action)

    def _run_inside(self, action: Action, fields: Any, node: Node) -> Any:
        with savepoint(self.session):
            output = action.run(fields, self.make_run(self.session, node.path))
            self.session.flush()
        return plain(output.model_dump())

    def _owner_in(self, session: Session) -> Person:
        owner_id = self.due.owner_id
        if owner_id not in self._owners:
            self._owners[owner_id] = person_of(session, owner_id)
        found = self._owners[owner_id]
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

    def _take(self, node: Node, action: Action, fields: Any, given: Any) -> None:
        lease = self.now + timedelta(seconds=self.parts.lease_seconds)
        epoch = self._write_step(node, StepStatus.RUNNING, given=given, action=action, lease_until=lease)
        self._attempt(node.path, epoch, "taken")
        self._write_execution(ExecutionStatus.RUNNING)
        row_id = self.due.step_row_id if node.path == self.due.path else None
        self.outside = Outside(
            step_row_id=row_id,
            execution_id=self.due.execution_id,
            path=node.path,
            epoch=epoch,
            action=action,
            fields=fields,
            make_run=lambda session: self.make_run(session, node.path),
        )

    def _completed(self, node: Node, output: Any, *, given: Any, action: Action) -> Done:
        self.names["steps"] = {**self.names["steps"], node.step.id: output}
        self.story.add(node.path, None)
        epoch = self._write_step(node, StepStatus.COMPLETED, output=output, given=given, action=action)
        self._attempt(node.path, epoch, "completed")
        return Done(node.path, output)

    def _failed(self, node: Node, failure: Failure, *, given: Any, action: Action | None = None) -> Failed:
        epoch = self._write_step(node, StepStatus.FAILED, error=failure.error, given=given, action=action)
        self._attempt(node.path, epoch, "failed", failure)
        return Failed(node.path, failure.error)

    def _attempt(self, path: str, epoch: int, result: str, failure: Failure | None = None) -> None:
        error = failure.error if failure else None
        self.writes.attempts.append(
            {
                "execution_id": self.due.execution_id,
                "path": path,
                "epoch": epoch,
                "owner": self.parts.owner,
                "result": result,
                "code": error.code if error else None,
                "message": error.message if error else None,
                "trace": failure.trace if failure else None,
                "at": self.now,
            }
        )

    def _write_step(
        self,
        node: Node,
        status: StepStatus,
        *,
        output: Any = None,
        explanation: str | None = None,
        error: StepError | None = None,
        given: Any = None,
        action: Action | None = None,
        lease_until: datetime | None = None,
    ) -> int:
        """Gather the row of a step, a new one or the one that was due, and answer its epoch."""
        first = node.path == self.due.path
        epoch = self.due.epoch + 1 if first else 1
        row: Row = {
            "status": status,
            "run_at": self.now,
            "owner": self.parts.owner,
            "lease_until": lease_until,
            "epoch": epoch,
            "attempt": self.due.attempt + 1 if first else 1,
            "effect": action.effect.value if action else None,
            "input": given,
            "output": output,
            "error": asdict(error) if error else None,
            "explanation": explanation,
            "started_at": self.now,
            "finished_at": None if status is StepStatus.RUNNING else self.now,
        }
        if first:
            self.writes.steps.append({"id": self.due.step_row_id, **row})
        else:
            place = {"execution_id": self.due.execution_id, "path": node.path, "step_id": node.step.id}
            self.writes.new_steps.append({**place, "type": node.step.type, **row})
        return epoch
