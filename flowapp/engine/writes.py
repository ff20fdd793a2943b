"""The rows a transaction of the engine will write, gathered and written in batches.

Measured: 0.53 ms an execution in batches of fifty through Core, 5.5 ms one by one through the ORM.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from flowapp.engine.claim import Due
from flowapp.engine.execution import UNDER_WAY, Execution, ExecutionStatus, StepAttempt, StepExecution, StepStatus
from flowapp.engine.failing import Failure
from flowapp.engine.keeping.retention import Retention
from flowapp.engine.over import cancelled
from flowapp.kernel.columns import Base
from flowapp.kernel.faults import fault
from flowapp.kernel.prepared import Prepared

Row = dict[str, Any]


class Ended(NamedTuple):
    """An execution that has come to its end in this transaction.

    `quiet` says that nothing follows from it, as far as is known without asking: it went well, nobody waits for it, and
    it waits for nobody.
    """

    execution_id: int
    workflow_id: int
    status: ExecutionStatus
    at: datetime
    run_key: str | None = None
    quiet: bool = False


_STEP_COLUMNS = (
    "status",
    "stood",
    "run_at",
    "owner",
    "lease_until",
    "epoch",
    "attempt",
    "effect",
    "input",
    "output",
    "error",
    "explanation",
    "deadline",
    "held",
    "started_at",
    "finished_at",
)
_EXECUTION_COLUMNS = ("status", "reason", "error", "result", "started_at", "finished_at", "deadline", "retention")
_ATTEMPT_COLUMNS = ("execution_id", "path", "epoch", "owner", "result", "code", "message", "trace", "at")
_NEW_STEP_COLUMNS = ("execution_id", "path", "step_id", "type", *_STEP_COLUMNS)


def _update_by_id(model: type[Base], columns: Sequence[str]) -> Prepared[Any]:
    table: Any = model.__table__
    return Prepared(update(table).where(table.c.id == bindparam("row_id")), columns=columns)


_UPDATE_STEPS = _update_by_id(StepExecution, _STEP_COLUMNS)
_UPDATE_EXECUTIONS = _update_by_id(Execution, _EXECUTION_COLUMNS)
_ADD_STEPS: Prepared[Any] = Prepared(insert(StepExecution), columns=(*_NEW_STEP_COLUMNS, "crash_count"))
_ADD_ATTEMPTS: Prepared[Any] = Prepared(insert(StepAttempt), columns=_ATTEMPT_COLUMNS)
# What a row says nothing of is NULL.
_BLANK_STEP: Row = {**dict.fromkeys(_NEW_STEP_COLUMNS), "crash_count": 0}
_BLANK_EXECUTION: Row = dict.fromkeys(_EXECUTION_COLUMNS)
_BLANK_ATTEMPT: Row = dict.fromkeys(_ATTEMPT_COLUMNS)


@dataclass
class Writes:
    """Rows to be inserted and updated when the transaction is about to end."""

    new_steps: list[Row] = field(default_factory=list)
    steps: list[Row] = field(default_factory=list)  # with `id`
    attempts: list[Row] = field(default_factory=list)
    executions: list[Row] = field(default_factory=list)  # with `id`
    abandoned: list[int] = field(default_factory=list)  # executions none of whose steps shall go on
    abandoned_at: datetime | None = None
    ended: list[Ended] = field(default_factory=list)
    listening: set[int] = field(default_factory=set)  # executions with a step that waits for events

    def flush(self, session: Session) -> None:
        """Write everything gathered, one statement a table."""
        if gone := cancelled(session):
            self._leave_cancelled(gone)
        if self.abandoned:
            session.execute(_abandon(self.abandoned, self.abandoned_at))
        if self.new_steps:
            _ADD_STEPS.many(session, [_BLANK_STEP | row for row in self.new_steps])
        if self.steps:
            _UPDATE_STEPS.many(session, [_keyed(_BLANK_STEP, row) for row in self.steps])
        if self.attempts:
            _ADD_ATTEMPTS.many(session, [_BLANK_ATTEMPT | row for row in self.attempts])
        fault("complete.mid_tx")
        if self.executions:
            _UPDATE_EXECUTIONS.many(session, [_keyed(_BLANK_EXECUTION, row) for row in self.executions])

    def _leave_cancelled(self, gone: Mapping[int, datetime]) -> None:
        """Let executions be cancelled that something else has cancelled in this transaction."""
        self.executions = [row for row in self.executions if row["id"] not in gone]
        for row in (*self.steps, *self.new_steps):
            if (at := gone.get(row["execution_id"])) is not None and row.get("status") in UNDER_WAY:
                row |= {"status": StepStatus.CANCELLED, "lease_until": None, "held": None, "finished_at": at}


def _keyed(blank: Row, row: Row) -> Row:
    return {**blank, **row, "row_id": row["id"]}


def _abandon(execution_ids: list[int], now: datetime | None) -> Any:
    step = StepExecution
    return (
        update(step)
        .where(step.execution_id.in_(execution_ids), step.status.in_(UNDER_WAY))
        .values(status=StepStatus.CANCELLED, stood=step.status, lease_until=None, finished_at=now)
    )


def given_up(due: Due, before: Sequence[Row], failure: Failure, owner: str, now: datetime) -> Writes:
    """Answer the rows of an execution that cannot be carried on; nothing of its workflow need be readable.

    `before` are its rows as they stand: what its step held is kept, so that a person may let it go on.
    """
    row = next((each for each in before if each["id"] == due.step_row_id), due.row)
    stood = row["status"] if row["status"] in UNDER_WAY else row.get("stood")
    error = {"code": failure.error.code, "message": failure.error.message}
    epoch = due.epoch + 1
    taken: Row = {"owner": owner, "epoch": epoch, "attempt": due.attempt + 1}
    ended: Row = {"lease_until": None, "started_at": row.get("started_at") or now, "finished_at": now}
    attempt: Row = {"execution_id": due.execution_id, "path": due.path, "epoch": epoch, "owner": owner, "at": now}
    started = due.started_at or now
    return Writes(
        abandoned=[due.execution_id],
        abandoned_at=now,
        steps=[{**row, "status": StepStatus.FAILED, "stood": stood, "error": error, **taken, **ended}],
        attempts=[{**attempt, "result": "failed", **error, "trace": failure.trace}],
        ended=[Ended(due.execution_id, due.workflow_id, ExecutionStatus.FAILED, now, due.run_key)],
        executions=[
            {
                "id": due.execution_id,
                "status": ExecutionStatus.FAILED,
                "reason": failure.error.message,
                "error": {**error, "path": due.path},
                "started_at": started,
                "finished_at": now,
                "retention": Retention.LASTING,
            }
        ],
    )
