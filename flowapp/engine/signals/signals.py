"""Events that waiting steps took: each step one at most, and no event twice by steps one after the other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Table, UniqueConstraint, bindparam, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.engine.signals.arrivals import Arrivals, Arrived
from flowapp.engine.signals.awaited import AWAITED, EVENTS, HEARD
from flowapp.kernel.columns import Base, Instant
from flowapp.kernel.prepared import Prepared

MOST_AT_ONCE = 100  # events looked at in one turn


class Signal(Base):
    """One event as one waiting step took it; steps side by side may take the same."""

    __tablename__ = "signal"
    __table_args__ = (
        UniqueConstraint("execution_id", "path"),
        Index("ix_signal_execution_event", "execution_id", "event_seq"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    execution_id: Mapped[int] = mapped_column(ForeignKey("execution.id"))
    path: Mapped[str] = mapped_column(String(400))
    event_seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)


SIGNALS: Table = Signal.__table__  # type: ignore[assignment]
_TAKE: Prepared[Any] = Prepared(insert(SIGNALS), columns=("execution_id", "path", "event_seq", "at"))
_ARRIVED = Prepared(
    select(EVENTS.c.seq, EVENTS.c.type, EVENTS.c.occurred_at, EVENTS.c.context)
    .join(AWAITED, HEARD)
    .where(AWAITED.c.execution_id == bindparam("of_execution"), AWAITED.c.path == bindparam("at_path"))
    .order_by(EVENTS.c.seq)
    .limit(bindparam("most")),
    Arrived,
)
_TAKEN: Prepared[Any] = Prepared(
    select(SIGNALS.c.event_seq, SIGNALS.c.path).where(
        SIGNALS.c.execution_id == bindparam("of_execution"),
        SIGNALS.c.event_seq.between(bindparam("first"), bindparam("last")),
    )
)


def take(session: Session, execution_id: int, path: str, seq: int, at: datetime) -> None:
    """Write down that a step took an event."""
    _TAKE.run(session, execution_id=execution_id, path=path, event_seq=seq, at=at)


def arrivals(session: Session, execution_id: int, path: str) -> Arrivals:
    """Answer the events that a waiting step has not looked at yet."""
    events = _ARRIVED.rows(session, of_execution=execution_id, at_path=path, most=MOST_AT_ONCE)
    if not events:
        return Arrivals()
    taken = _TAKEN.rows(session, of_execution=execution_id, first=events[0].seq, last=events[-1].seq)
    takers: dict[int, tuple[str, ...]] = {}
    for seq, taker in taken:
        takers[seq] = (*takers.get(seq, ()), taker)
    told = tuple(each._replace(taken_by=takers.get(each.seq, ())) for each in events)
    return Arrivals(told, more=len(events) == MOST_AT_ONCE)
