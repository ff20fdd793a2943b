"""What follows from the end of an execution, in the transaction in which it ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from flowapp.engine.children.children import cancel_children, cancel_unawaited, wake_overlooked_parents, wake_parents
from flowapp.engine.entry.queueing import let_next_go
from flowapp.engine.failures import spells
from flowapp.engine.operating.tally import count
from flowapp.engine.parts import EngineParts
from flowapp.engine.signals.awaited import forget_ended, wake_overlooked
from flowapp.engine.writes import Ended, Writes

Follow = Callable[[EngineParts, Session, Sequence[Ended]], Sequence[Ended]]
# Each answers the executions that it has ended in its turn.
FOLLOWING: tuple[Follow, ...] = (forget_ended, wake_parents, cancel_children, let_next_go, spells.watch)


def keep(parts: EngineParts, session: Session, writes: Writes) -> None:
    """Write everything that was gathered, and let follow what follows from executions that have ended."""
    writes.flush(session)
    now = parts.clock.now()
    wake_overlooked(session, writes.listening, now)
    wake_overlooked_parents(session, writes)
    follow(parts, session, [*writes.ended, *cancel_unawaited(session, writes, now)])


def follow(parts: EngineParts, session: Session, ended: Sequence[Ended]) -> None:
    """Let follow what follows from the end of executions, and from that of those that end with them."""
    count_ends(session, ended)
    while not all(each.quiet for each in ended):
        ended = [further for each in FOLLOWING for further in each(parts, session, ended)]
        count_ends(session, ended)


def count_ends(session: Session, ended: Sequence[Ended]) -> None:
    """Count how runs ended; one that stands up again and ends anew counts anew."""
    for (workflow_id, status), number in Counter((each.workflow_id, each.status) for each in ended).items():
        count(session, status.value, number, workflow_id=workflow_id)
