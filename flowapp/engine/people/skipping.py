"""Passing over a step that failed, waits, or may or may not have acted."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.engine.changes import News, Skip
from flowapp.engine.execution import LIVE, STEPS, ExecutionStatus, StepStatus
from flowapp.engine.parts import EngineParts
from flowapp.engine.people.parked import Parked, note, parked, reopen, tell
from flowapp.engine.plan import Path
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict, Problem, Refused

NOTHING = "No step of this run has failed, waits or needs a look, so there is nothing to skip."
OVER = "This run is over and did not fail, so there is nothing to skip."
NOT_BEGUN = "This run has not begun: it waits for its turn or for an answer. Cancel it if it is not wanted."
MANY = "More than one step of this run waits or needs a look. Say which one to skip."
NOT_THIS = "At this place is no step that failed, waits or needs a look. Look at the run again."


def skip(parts: EngineParts, session: Session, cause: Cause, execution_id: int, path: Path | None = None) -> Path:
    """Pass over a step, whose output is then null, and go on behind it; answer which one that was.

    Without a path it is the step at which the execution failed, or the one that waits. Raises Conflict where nothing
    can be skipped, Refused for a path at which nothing can be.
    """
    found = parked(session, execution_id)
    if found["status"] is ExecutionStatus.FAILED:
        chosen = path or found["error"].get("path")
        heard = _let_go_on(parts, session, cause, found, chosen)
    elif found["status"] in LIVE and found["held_back"] is not None:
        raise Conflict(NOT_BEGUN)
    elif found["status"] in LIVE:
        chosen, heard = _waiting(session, execution_id, path), ()
    else:
        raise Conflict(OVER)
    tell(parts, session, execution_id, [*heard, Skip(chosen, f"Skipped by {cause.actor.name}.")], cause.at)
    note(session, cause, found, "skip", after={"path": chosen})
    return chosen


def _let_go_on(
    parts: EngineParts, session: Session, cause: Cause, found: Parked, chosen: Path | None
) -> Sequence[News]:
    """Let a failed execution stand as before, and answer what it has to hear before the step is passed over."""
    reopening = reopen(parts, session, found, cause.at, passed_over=chosen)
    if chosen not in reopening.rows and chosen not in _in_doubt(session, found["id"]):
        raise _not_there()
    return reopening.ended


def _waiting(session: Session, execution_id: int, path: Path | None) -> Path:
    """Answer the step to pass over in an execution that is under way; one that needs a look comes first."""
    query = select(STEPS.c.path).where(STEPS.c.execution_id == execution_id, STEPS.c.status == StepStatus.WAITING)
    doubtful, waiting = _in_doubt(session, execution_id), list(session.scalars(query))
    if path is not None:
        if path not in (*doubtful, *waiting):
            raise _not_there()
        return path
    found = doubtful or waiting
    if not found:
        raise Conflict(NOTHING)
    if len(found) > 1:
        raise Refused([Problem(path="path", code="missing", message=MANY)])
    return found[0]


def _in_doubt(session: Session, execution_id: int) -> list[Path]:
    query = select(STEPS.c.path).where(STEPS.c.execution_id == execution_id, STEPS.c.status == StepStatus.UNCERTAIN)
    return list(session.scalars(query))


def _not_there() -> Refused:
    return Refused([Problem(path="path", code="not_skippable", message=NOT_THIS)])
