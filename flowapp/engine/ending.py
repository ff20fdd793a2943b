"""What follows from the end of an execution, in the transaction in which it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from flowapp.engine.parts import EngineParts
from flowapp.engine.queueing import let_next_go
from flowapp.engine.writes import Ended, Writes

Follow = Callable[[EngineParts, Session, Sequence[Ended]], Sequence[Ended]]
# Each answers the executions that it has ended in its turn.
FOLLOWING: tuple[Follow, ...] = (let_next_go,)


def keep(parts: EngineParts, session: Session, writes: Writes) -> None:
    """Write everything that was gathered, and let follow what follows from executions that have ended."""
    writes.flush(session)
    follow(parts, session, writes.ended)


def follow(parts: EngineParts, session: Session, ended: Sequence[Ended]) -> None:
    """Let follow what follows from the end of executions, and from that of those that end with them."""
    while ended:
        ended = [further for each in FOLLOWING for further in each(parts, session, ended)]
