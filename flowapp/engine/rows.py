"""The step rows of one execution in one transaction: as they were read, and as they shall be written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flowapp.engine.changes import Opened, Settled
from flowapp.engine.execution import StepStatus
from flowapp.engine.memory import Memory
from flowapp.engine.places import Path
from flowapp.engine.plan import Plan
from flowapp.engine.writes import Row, Writes

LIVE = (StepStatus.PENDING, StepStatus.RUNNING, StepStatus.WAITING, StepStatus.UNCERTAIN)


def remembered(context: Mapping[str, Any], rows: Iterable[Row]) -> Memory:
    """Answer what an execution remembers, from its rows."""
    memory = Memory(context)
    for row in rows:
        path, status = row["path"], row["status"]
        if status in (StepStatus.COMPLETED, StepStatus.SKIPPED):
            memory.keep(path, row.get("output"))
        elif status in LIVE:
            memory.live.add(path)
        if row.get("held") is not None:
            memory.held[path] = row["held"]
        if row["type"] == "loop" and row.get("input") is not None:
            memory.given[path] = row["input"]["items"]
    return memory


class Rows:
    """Rows by path; whatever is changed more than once is written once."""

    def __init__(
        self, execution_id: int, plan: Plan, known: Iterable[Row], writes: Writes, *, owner: str, now: datetime
    ) -> None:
        self._execution_id = execution_id
        self._plan = plan
        self._known = {row["path"]: row for row in known}
        self._changed: dict[Path, Row] = {}
        self._writes = writes
        self._owner = owner
        self._now = now

    def get(self, path: Path) -> Row | None:
        """Answer a row as it stands now, if there is one."""
        return self._changed.get(path) or self._known.get(path)

    def all(self) -> Iterable[Row]:
        """Answer every row as it stands now."""
        return {**self._known, **self._changed}.values()

    def claim(self, path: Path) -> None:
        """Take a row whose turn has come: a result under an older epoch counts no more."""
        row = self.change(path)
        if row["attempt"] == 0:
            row["deadline"] = self._deadline(path)
        row["epoch"] += 1
        row["attempt"] += 1
        row |= {"owner": self._owner, "run_at": self._now, "started_at": row.get("started_at") or self._now}

    def leave(self, path: Path) -> None:
        """Let a row be ready as if its turn had not come: nobody is free to act."""
        row = self.change(path, status=StepStatus.PENDING, owner=None, lease_until=None, finished_at=None)
        row["epoch"] -= 1
        row["attempt"] -= 1
        if row["attempt"] == 0:
            row |= {"deadline": None, "started_at": None}

    def change(self, path: Path, **values: Any) -> Row:
        """Change a row, or begin one."""
        row = self._changed.get(path)
        if row is None:
            row = self._changed[path] = self._begun(path)
        row.update(values)
        return row

    def _begun(self, path: Path) -> Row:
        known = self._known.get(path)
        if known is not None:
            row = dict(known)
            self._writes.steps.append(row)
            return row
        step = self._plan.node(path).step
        row = {
            "execution_id": self._execution_id,
            "path": path,
            "step_id": step.id,
            "type": step.type,
            "run_at": self._now,
            "owner": self._owner,
            "epoch": 1,
            "attempt": 1,
            "started_at": self._now,
            "deadline": self._deadline(path),
        }
        self._writes.new_steps.append(row)
        return row

    def _deadline(self, path: Path) -> datetime | None:
        timeout = self._plan.node(path).step.allowed()
        return self._now + timeout.length if timeout else None

    def open(self, opened: Opened) -> None:
        """Let a row live on: ready, waiting, or with others at work inside it."""
        new = self.get(opened.path) is None
        row = self.change(opened.path, status=opened.status, run_at=opened.run_at, lease_until=None, finished_at=None)
        if opened.given is not None:
            row["input"] = opened.given
        if opened.error is not None:
            row["error"] = asdict(opened.error)
            if opened.status is StepStatus.RUNNING:
                row["deadline"] = None  # what is done instead has the time it needs
        if new and opened.status is StepStatus.PENDING:
            row |= {"owner": None, "epoch": 0, "attempt": 0, "started_at": None}

    def settle(self, settled: Settled) -> None:
        """Bring a row to its end; one that was never begun is not cancelled, and one that is uncertain stays so."""
        row = self.get(settled.path)
        if settled.status is StepStatus.CANCELLED and (row is None or row["status"] is StepStatus.UNCERTAIN):
            return
        ended_well = settled.status in (StepStatus.COMPLETED, StepStatus.SKIPPED)
        changed = self.change(
            settled.path,
            status=settled.status,
            stood=None if row is None or ended_well else _stood(row),
            output=settled.output,
            explanation=settled.explanation,
            error=asdict(settled.error) if settled.error else None,
            lease_until=None,
            finished_at=self._now,
        )
        if ended_well:
            changed["held"] = None  # otherwise it is kept, for a person may let the step go on

    def at_work(self, paths: Iterable[Path]) -> bool:
        """Say whether one of these is ready, or at work itself; a container only waits for those inside it."""
        rows = [row for path in paths if (row := self.get(path)) is not None]
        return any(
            row["status"] is StepStatus.PENDING or (row["status"] is StepStatus.RUNNING and row.get("lease_until"))
            for row in rows
        )

    def doubt(self, paths: Iterable[Path]) -> str | None:
        """Answer why a person must look at one of these, if one must be looked at."""
        rows = [row for path in paths if (row := self.get(path)) is not None]
        return next((row["error"]["message"] for row in rows if row["status"] is StepStatus.UNCERTAIN), None)


def _stood(row: Row) -> StepStatus | None:
    """Answer how a row stood before it failed or was cancelled, for one that fails as it is read says so itself."""
    status = row.get("status")
    return status if status in LIVE else row.get("stood")
