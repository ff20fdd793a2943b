"""What a person can do with an execution as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.engine.execution import LIVE, STEPS, ExecutionStatus, StepStatus
from flowapp.engine.parts import EngineParts
from flowapp.engine.people.parked import parked, reopening_of, retry_of
from flowapp.engine.plan import Path
from flowapp.kernel.errors import Conflict

MOST_SHOWN = 10  # steps of one run that wait


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What can be done, and of a failed execution why it cannot go on at the step that failed."""

    cancel: bool = False
    retry_step: bool = False
    why_not: str = ""
    retry_start: bool = False
    skip: Path | None = None
    in_doubt: tuple[Path, ...] = ()
    waiting: tuple[Path, ...] = ()  # that may be skipped
    give_up: bool = False


def choices(parts: EngineParts, session: Session, execution_id: int) -> Choices:
    """Answer what can be done with an execution."""
    found = parked(session, execution_id, to_change=False)
    if found["status"] in LIVE:
        if found["held_back"] is not None:  # its first step waits to be let go, and is nothing to skip
            return Choices(cancel=True)
        in_doubt = _standing(session, execution_id, StepStatus.UNCERTAIN)
        return Choices(cancel=True, in_doubt=in_doubt, waiting=_standing(session, execution_id, StepStatus.WAITING))
    retried = retry_of(session, execution_id) is not None
    if found["status"] is ExecutionStatus.CANCELLED:
        return Choices(retry_start=not retried)
    if found["status"] is not ExecutionStatus.FAILED:
        return Choices()
    at, failed = found["finished_at"], (found["error"] or {}).get("path")
    why_not = ""
    try:
        reopening_of(parts, session, found, at)
    except Conflict as conflict:
        why_not = conflict.message
    try:
        reopening_of(parts, session, found, at, passed_over=failed)
    except Conflict:
        failed = None
    return Choices(
        retry_step=not why_not,
        why_not=why_not,
        retry_start=not retried,
        skip=failed,
        give_up=found["given_up_at"] is None and not retried,
    )


def _standing(session: Session, execution_id: int, status: StepStatus) -> tuple[Path, ...]:
    query = select(STEPS.c.path).where(STEPS.c.execution_id == execution_id, STEPS.c.status == status)
    return tuple(session.scalars(query.order_by(STEPS.c.id).limit(MOST_SHOWN)))
