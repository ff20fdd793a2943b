"""An execution as a row of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for

from flowapp.engine.queries import ExecutionRow
from flowapp.web.filters import When, duration, when


@dataclass(frozen=True, kw_only=True)
class RunRow:
    """One run in a list."""

    href: str
    workflow: str
    status: str
    reason: str
    started_by: str
    when: When
    took: str


def run_rows(rows: Sequence[ExecutionRow], *, now: datetime, zone: ZoneInfo) -> tuple[RunRow, ...]:
    """Put executions into the words of a list; names are left out where they are none of the reader's business."""
    return tuple(
        RunRow(
            href=url_for("executions.show_execution", execution_id=row.execution.id),
            workflow=row.workflow_name,
            status=row.execution.status,
            reason=row.reason or "",
            when=when(row.execution.created_at, now=now, zone=zone),
            started_by="a colleague" if row.masked else row.execution.started_by,
            took=duration(row.duration) if row.duration is not None and row.execution.started_at else "",
        )
        for row in rows
    )
