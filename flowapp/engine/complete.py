"""Keeping the result of a step that acted outside, if the claim it was done under still stands."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, insert, update
from sqlalchemy.orm import Session

from flowapp.engine.acting import Lookups, Outside
from flowapp.engine.burst import Burst
from flowapp.engine.changes import Done
from flowapp.engine.claim import rows_before, taken
from flowapp.engine.execution import ATTEMPTS, STEPS, StepStatus
from flowapp.engine.failing import Failure
from flowapp.engine.hands import Reserved
from flowapp.engine.parts import EngineParts
from flowapp.engine.writes import Writes


def complete(
    parts: EngineParts,
    session: Session,
    step_row_id: int,
    done: Outside,
    result: Any | Failure,
    now: datetime,
    *,
    hands: Reserved,
) -> Burst | None:
    """Write a result and go on with the execution; None when the lease was lost and the result is thrown away.

    The epoch of the claim must still be the row's: a process that slept through its lease may not overwrite what
    its successor did.
    """
    due = taken(session, step_row_id, done.epoch)
    failure = result if isinstance(result, Failure) else None
    if due is None or not _settle(session, step_row_id, done.epoch, result, now):
        session.execute(insert(ATTEMPTS), _attempt(parts, done, "thrown_away", failure, now))
        return None
    session.execute(insert(ATTEMPTS), _attempt(parts, done, "failed" if failure else "completed", failure, now))
    before = rows_before(session, [due.execution_id])[due.execution_id]
    burst = Burst(parts, session, Writes(), due, before, now, Lookups(hands=hands))
    burst.go(burst.failed(done.path, failure) if failure else Done(done.path, result))
    burst.close()
    return burst


def _settle(session: Session, step_row_id: int, epoch: int, result: Any | Failure, now: datetime) -> bool:
    failure = result if isinstance(result, Failure) else None
    written: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(STEPS)
        .where(STEPS.c.id == step_row_id, STEPS.c.status == StepStatus.RUNNING, STEPS.c.epoch == epoch)
        .values(
            status=StepStatus.FAILED if failure else StepStatus.COMPLETED,
            output=None if failure else result,
            error=asdict(failure.error) if failure else None,
            lease_until=None,
            finished_at=now,
        )
    )
    return written.rowcount == 1


def _attempt(parts: EngineParts, done: Outside, result: str, failure: Failure | None, now: datetime) -> dict[str, Any]:
    return {
        "execution_id": done.execution_id,
        "path": done.path,
        "epoch": done.epoch,
        "owner": parts.owner,
        "result": result,
        "code": failure.error.code if failure else None,
        "message": failure.error.message if failure else None,
        "trace": failure.trace if failure else None,
        "at": now,
    }
