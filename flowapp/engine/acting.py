"""Letting a step do its work: our own inside the transaction, what acts outside under a lease.

A `db` action runs in a SAVEPOINT of the completing transaction, so its effect and its result are kept together or
not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.accounts.users import person_of
from flowapp.engine.changes import Done, Failed, Settled
from flowapp.engine.children.child_start import start_child
from flowapp.engine.children.children import cancel_children, child_of, told
from flowapp.engine.claim import INSIDE, Due
from flowapp.engine.ending import follow
from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.engine.failing import Failure, failure_of
from flowapp.engine.hands import Reserved
from flowapp.engine.memory import Memory
from flowapp.engine.parts import EngineParts
from flowapp.engine.plan import Plan
from flowapp.engine.rows import Rows
from flowapp.engine.signals.signals import arrivals
from flowapp.engine.undoing.undo import run_registered
from flowapp.engine.undoing.undoing import roll_back
from flowapp.engine.writes import Ended, Writes
from flowapp.events.cause import Actor, ActorKind, Cause
from flowapp.expressions import Environment, ExpressionError, render
from flowapp.kernel.plain import plain
from flowapp.kernel.transaction import TROUBLE, savepoint
from flowapp.workflows.kinds import Action, Run, StepFailed
from flowapp.workflows.steps.action import ActionStep
from flowapp.workflows.steps.workflow import WorkflowStep

# What a waiting step is told when it is woken, by the type of step.
TOLD: Mapping[str, Callable[[Session, Due], Any]] = {
    "wait": lambda session, due: arrivals(session, due.execution_id, due.path),
    "workflow": told,
}


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
    """What the bursts of one transaction share: owners of workflows, what homes mean by today, and who is free."""

    owners: dict[int, Person | None] = field(default_factory=dict)
    environments: dict[int | None, Environment] = field(default_factory=dict)
    hands: Reserved = field(default_factory=Reserved)


class Acting:
    """The steps of one execution that act, in one transaction."""

    def __init__(
        self,
        parts: EngineParts,
        session: Session,
        writes: Writes,
        due: Due,
        plan: Plan,
        rows: Rows,
        now: datetime,
        lookups: Lookups,
    ) -> None:
        self.parts = parts
        self.session = session
        self.writes = writes
        self.due = due
        self.plan = plan
        self.rows = rows
        self.now = now
        self.outside: list[Outside] = []
        self._lookups = lookups

    @property
    def environment(self) -> Environment:
        """What `today()` and the calendar functions mean here; made at the first need."""
        home_id = self.due.home_id
        if home_id not in self._lookups.environments:
            self._lookups.environments[home_id] = self.parts.surroundings(self.session, home_id, self.now)
        return self._lookups.environments[home_id]

    def told(self, due: Due) -> Any:
        """Answer what has come for a step that waits, as its type of step reads it."""
        tell = TOLD.get(due.type)
        return tell(self.session, due) if tell else None

    def act(self, path: str, memory: Memory) -> Done | Failed | None:
        """Do an action of our own now, take one that acts outside under a lease, or start another workflow."""
        step = self.plan.node(path).step
        if isinstance(step, WorkflowStep):
            return self._start(path, step, memory)
        assert isinstance(step, ActionStep)
        action = self.parts.actions.get(step.action)
        if action is None:
            error = StepFailed("unknown_action", f"There is no action called {step.action!r} any more.")
            return self._failed(path, failure_of(error))  # nor its input: who knows which of its fields are secrets
        try:
            filled: Any = render(step.with_, memory.names(self.plan, path), self.environment)
            fields = action.Fields.model_validate(filled)
        except (StepFailed, ExpressionError, ValueError) as error:
            self.rows.change(path, input=action.covered(step.with_))
            return self._failed(path, failure_of(error))
        self.rows.change(path, input=action.covered(filled), effect=action.effect.value)
        if action.effect not in INSIDE:
            if self._lookups.hands.take():
                self._take(path, action, fields)
            else:
                self.rows.leave(path)  # taken only when somebody can begin at once
            return None
        try:
            output = self._run_inside(action, fields, path)
        except TROUBLE:
            raise  # the database's trouble, not the step's: the whole transaction is tried again
        except Exception as error:
            return self._failed(path, failure_of(error))
        return self._completed(path, output)

    def _start(self, path: str, step: WorkflowStep, memory: Memory) -> Done | Failed | None:
        try:
            given = plain(render(step.with_, memory.names(self.plan, path), self.environment))
            self.rows.change(path, input=given)
            run = self.make_run(self.session, path)
            number = start_child(self.parts, self.session, self.due, step, given, run)
        except (StepFailed, ExpressionError, ValueError) as error:
            return self._failed(path, failure_of(error))
        child = child_of(self.session, self.due.execution_id, path)
        assert child is not None
        if not child.live:  # refused before its first step
            return self._failed(path, Failure(error=child.not_begun, trace=""))
        if step.wait:
            return None
        return self._completed(path, {"execution_id": number}, f"Started “{child.name}”, run {number}.")

    def _run_inside(self, action: Action, fields: Any, path: str) -> Any:
        with savepoint(self.session):
            output = run_registered(action, fields, self.make_run(self.session, path))
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
        cause = self._cause(path, owner.role.label)
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

    def _cause(self, path: str, role: str | None = None) -> Cause:
        due = self.due
        actor = Actor(
            kind=ActorKind.WORKFLOW,
            id=due.owner_id,
            name=due.workflow_name,
            role=role,
            execution_id=due.execution_id,
            step=path,
        )
        return Cause(
            actor=actor,
            at=self.now,
            correlation_id=due.correlation_id,
            causation_id=due.causation_id,
            depth=due.depth + 1,
        )

    def roll_back(self, failed: str) -> str:
        """Undo what the execution did because of a step that failed, and say what came of it.

        What it waits for is ended first, so that nothing more is done that would have to be undone.
        """
        over = Ended(self.due.execution_id, self.due.workflow_id, ExecutionStatus.FAILED, self.now)
        follow(self.parts, self.session, cancel_children(self.parts, self.session, [over]))
        return roll_back(
            self.parts.actions,
            self.session,
            self.due.execution_id,
            lambda step: self.make_run(self.session, step.path),
            self._cause(failed),
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

    def _completed(self, path: str, output: Any, explanation: str | None = None) -> Done:
        done = Settled(path=path, status=StepStatus.COMPLETED, output=output, explanation=explanation)
        self.rows.settle(done)
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
