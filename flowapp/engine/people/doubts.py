"""A step that may or may not have acted outside: a person finds out, and says."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from flowapp.engine.changes import Done
from flowapp.engine.execution import LIVE, STEPS, StepStatus
from flowapp.engine.parts import EngineParts
from flowapp.engine.people.parked import Parked, note, parked, tell
from flowapp.engine.plan import Path
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict

NO_DOUBT = "Nobody has to say any more whether this step was done. Look at the run again."
OVER = "This run is over, so it does not go on whatever was done."


def was_done(parts: EngineParts, session: Session, cause: Cause, execution_id: int, path: Path) -> None:
    """Take a step for done, with nothing that it gave, and go on; raises Conflict when nobody has to say."""
    said = f"{cause.actor.name} looked, and said that it was done."
    found = _answer(
        session, execution_id, path, status=StepStatus.COMPLETED, explanation=said, output=None, finished_at=cause.at
    )
    tell(parts, session, execution_id, [Done(path, None)], cause.at)
    note(session, cause, found, "was_done", after={"path": path})


def do_again(parts: EngineParts, session: Session, cause: Cause, execution_id: int, path: Path) -> None:
    """Let a step that was not done be done now; raises Conflict when nobody has to say."""
    anew = {"run_at": cause.at, "attempt": 0, "deadline": None, "finished_at": None}
    found = _answer(session, execution_id, path, status=StepStatus.PENDING, **anew)
    tell(parts, session, execution_id, [], cause.at)
    note(session, cause, found, "do_again", after={"path": path})


def _answer(session: Session, execution_id: int, path: Path, **values: Any) -> Parked:
    found = parked(session, execution_id)
    if found["status"] not in LIVE:
        raise Conflict(OVER)
    written: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(STEPS)
        .where(STEPS.c.execution_id == execution_id, STEPS.c.path == path, STEPS.c.status == StepStatus.UNCERTAIN)
        .values(error=None, lease_until=None, **values)
    )
    if not written.rowcount:
        raise Conflict(NO_DOUBT)
    return found
