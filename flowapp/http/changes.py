"""How a request changes something: one transaction, then a moment's patience for the workflows it started."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from flowapp.engine.start import started
from flowapp.events.cause import Actor, ActorKind, Cause
from flowapp.http.access import Visitor, visitor
from flowapp.http.running import db, flow

T = TypeVar("T")
PATIENCE_SECONDS = 0.5


def cause_of(who: Visitor | None = None) -> Cause:
    """Answer who does this and when: the person who is signed in, now."""
    who = who or visitor()
    kind = ActorKind.API if who.scopes is not None else ActorKind.USER
    person = who.person
    actor = Actor(kind=kind, id=person.user_id, name=person.name, role=person.role.label)
    return Cause(actor=actor, at=flow().clock.now())


def change(fn: Callable[[Session], T]) -> T:
    """Write in one transaction; then wait half a second at most for the executions it started.

    So a short leave is approved by the time the page comes back. What `fn` answers must be plain values.
    """
    db.session.remove()  # what was read before the change must not be shown after it

    def write(session: Session) -> tuple[T, list[int]]:
        result, executions = fn(session), started(session)
        flow().waiting.begin_again(executions)
        return result, executions

    result, executions = flow().database.write(write)
    if executions:
        flow().waiting.wait(executions, PATIENCE_SECONDS)
    return result
