"""The rows a transaction of the engine will write, gathered and written in batches.

Measured: 0.53 ms an execution in batches of fifty through Core, 5.5 ms one by one through the ORM.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from flowapp.engine.accept import EXECUTIONS, STEPS
from flowapp.engine.claim import ATTEMPTS
from flowapp.kernel.faults import fault

Row = dict[str, Any]

_STEP_COLUMNS = (
    "status",
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
    "started_at",
    "finished_at",
)
_EXECUTION_COLUMNS = ("status", "reason", "error", "started_at", "finished_at")
_ATTEMPT_COLUMNS = ("execution_id", "path", "epoch", "owner", "result", "code", "message", "trace", "at")
_NEW_STEP_COLUMNS = ("execution_id", "path", "step_id", "type", *_STEP_COLUMNS)


def _update_by_id(table: Table, columns: Sequence[str]) -> Any:
    return (
        update(table)
        .where(table.c.id == bindparam("row_id"))
        .values({c: bindparam(f"to_{c}") for c in columns})
    )


_UPDATE_STEPS = _update_by_id(STEPS, _STEP_COLUMNS)
_UPDATE_EXECUTIONS = _update_by_id(EXECUTIONS, _EXECUTION_COLUMNS)


@dataclass
class Writes:
    """Rows to be inserted and updated when the transaction is about to end."""

    new_steps: list[Row] = field(default_factory=list)
    steps: list[Row] = field(default_factory=list)  # with `id`
    attempts: list[Row] = field(default_factory=list)
    executions: list[Row] = field(default_factory=list)  # with `id`

    def flush(self, session: Session) -> None:
        """Write everything gathered, one statement a table."""
        if self.new_steps:
            defaults = {"crash_count": 0}
            session.execute(
                insert(STEPS), [defaults | _only(row, _NEW_STEP_COLUMNS) for row in self.new_steps]
            )
        if self.steps:
            session.execute(_UPDATE_STEPS, [_keyed(row, _STEP_COLUMNS) for row in self.steps])
        if self.attempts:
            session.execute(insert(ATTEMPTS), [_only(row, _ATTEMPT_COLUMNS) for row in self.attempts])
        fault("complete.mid_tx")
        if self.executions:
            session.execute(_UPDATE_EXECUTIONS, [_keyed(row, _EXECUTION_COLUMNS) for row in self.executions])


def _only(row: Row, columns: Sequence[str]) -> Row:
    return {column: row.get(column) for column in columns}


def _keyed(row: Row, columns: Sequence[str]) -> Row:
    return {"row_id": row["id"], **{f"to_{column}": row.get(column) for column in columns}}
