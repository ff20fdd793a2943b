"""Saying of a failed execution that it is dealt with, so that nobody has to look at it again."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from flowapp.engine.execution import EXECUTIONS, ExecutionStatus
from flowapp.engine.people.parked import note, parked
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict

DID_NOT_FAIL = "This run did not fail, so there is nothing to give up."


def give_up(session: Session, cause: Cause, execution_id: int) -> None:
    """Note that a failed execution needs no attention any more; raises Conflict when it did not fail."""
    found = parked(session, execution_id)
    if found["status"] is not ExecutionStatus.FAILED:
        raise Conflict(DID_NOT_FAIL)
    if found["given_up_at"] is not None:
        return
    given_up = {"given_up_at": cause.at, "given_up_by": cause.actor.name}
    session.execute(update(EXECUTIONS).where(EXECUTIONS.c.id == execution_id).values(**given_up))
    note(session, cause, found, "give_up")
