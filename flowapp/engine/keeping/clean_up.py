"""The nightly clean-up: what is kept no longer goes, a little at a time.

Each batch is a transaction of its own that holds the database for some milliseconds, and then the database is left
alone for as long. So nobody waits, and a clean-up that is interrupted goes on with what is left the next time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.accounts import audit
from flowapp.engine.execution import EXECUTIONS, LIVE
from flowapp.engine.keeping.belonging import removals, unreferred
from flowapp.engine.keeping.retention import Retention
from flowapp.engine.schedules import MissedStart
from flowapp.events.cause import SYSTEM, Cause
from flowapp.events.outbox import EventRecord
from flowapp.kernel.columns import Base, Instant, Plain
from flowapp.kernel.cron import next_after
from flowapp.kernel.db import Database
from flowapp.kernel.faults import fault

AT_NIGHT = "0 2 * * *"
DAY = timedelta(days=1)
PUNCTUAL = timedelta(hours=1)  # later than this a night was missed
HOLD_SECONDS = 0.01  # how long a batch should take
FEWEST, MOST = 10, 500  # rows in a batch
_EVENTS: Any = EventRecord.__table__
_MISSED: Any = MissedStart.__table__
# Removes so many rows at most, and answers how many it has removed.
Batch = Callable[[Session, int], int]


class CleanUp(Base):
    """A clean-up that came to its end, and how many rows of each sort it removed."""

    __tablename__ = "clean_up"

    id: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime] = mapped_column(Instant)
    removed: Mapped[dict[str, Any]] = mapped_column(Plain)


def last_cleaned_at(session: Session) -> datetime | None:
    """Answer when the last clean-up began that came to its end."""
    return session.scalar(select(CleanUp.began_at).order_by(CleanUp.id.desc()).limit(1))


def begin_counting(session: Session, now: datetime) -> None:
    """Note when the first night is waited for, unless that is known."""
    if last_cleaned_at(session) is None:
        session.execute(insert(CleanUp), {"began_at": now, "finished_at": now, "removed": {}})


def clean_up_at(last: datetime, zone: ZoneInfo, now: datetime) -> datetime:
    """Decide when to clean up: the next night, or, when a night was missed, as soon as the last time is a day ago."""
    night = next_after(AT_NIGHT, zone, last)
    return night if now - night <= PUNCTUAL else max(night, last + DAY)


def run_batches(runs: Mapping[Retention | None, datetime]) -> dict[str, Batch]:
    """Answer what removes the runs of each class that ended before its moment, the dull ones first."""
    return {f"{kept or 'unjudged'}_runs": _runs_of(kept, before) for kept, before in runs.items()}


def _runs_of(kept: Retention | None, before: datetime) -> Batch:
    columns = EXECUTIONS.c
    old = (
        select(columns.id)
        .where(columns.retention.is_(None) if kept is None else columns.retention == kept)
        .where(columns.finished_at < before, columns.status.not_in(LIVE), unreferred(EXECUTIONS, columns.id))
        .order_by(columns.finished_at)
    )

    def remove(session: Session, most: int) -> int:
        numbers = list(session.scalars(old.limit(most)))
        if numbers:
            for removal in removals(EXECUTIONS, numbers):
                session.execute(removal)
            fault("retention.mid_tx")
            session.execute(delete(EXECUTIONS).where(columns.id.in_(numbers)))
        return len(numbers)

    return remove


def missed_starts_before(before: datetime) -> Batch:
    """Answer what removes the times that were missed before a moment; they keep the runs that made them good."""
    old = select(_MISSED.c.id).where(_MISSED.c.noticed_at < before).order_by(_MISSED.c.id)
    return lambda session, most: _remove(session, _MISSED, list(session.scalars(old.limit(most))))


class Events:
    """Removes events of before a moment to which nothing refers, going through them in their order."""

    def __init__(self, before: datetime) -> None:
        self._before = before
        self._after = 0

    def __call__(self, session: Session, most: int) -> int:
        """Go on by so many events; answer how many were looked at."""
        columns = _EVENTS.c
        started = select(1).where(EXECUTIONS.c.event_seq == columns.seq).exists()
        free = ~started & unreferred(_EVENTS, columns.seq)
        query = select(columns.seq, columns.occurred_at, free.label("free")).where(columns.seq > self._after)
        found = session.execute(query.order_by(columns.seq).limit(most)).all()
        old = [row for row in found if row.occurred_at < self._before]
        if old:
            self._after = old[-1].seq  # what is kept is not looked at again; should this be undone, the next night does
        _remove(session, _EVENTS, [row.seq for row in old if row.free])
        return len(old)


class Removed(NamedTuple):
    """What one batch removed, and how long it held the database."""

    rows: int
    seconds: float


def clean(database: Database, remove: Batch, stop: threading.Event) -> int:
    """Remove batch after batch until nothing is left, or until told to stop; answer how many rows that were."""
    total, size = 0, FEWEST
    while not stop.is_set():
        removed = _one(database, remove, size)
        total += removed.rows
        if removed.rows < size:
            break
        stop.wait(removed.seconds)
        size = max(FEWEST, min(MOST, round(size * min(2.0, HOLD_SECONDS / max(removed.seconds, 1e-4)))))
    return total


def _one(database: Database, remove: Batch, size: int) -> Removed:
    def write(session: Session) -> Removed:
        began = monotonic()
        return Removed(remove(session, size), monotonic() - began)

    return database.write(write)


def note_clean_up(session: Session, began: datetime, now: datetime, removed: Mapping[str, int]) -> None:
    """Note that a clean-up came to its end, where the next one looks and where people look."""
    session.execute(insert(CleanUp), {"began_at": began, "finished_at": now, "removed": dict(removed)})
    audit.write(
        session,
        Cause(actor=SYSTEM, at=now),
        action="retention.clean_up",
        entity="clean_up",
        entity_id=session.scalar(select(func.max(CleanUp.id))),
        after=dict(removed),
        reason="What is kept no longer was removed.",
    )


def _remove(session: Session, table: Any, numbers: list[int]) -> int:
    if numbers:
        (key,) = table.primary_key
        session.execute(delete(table).where(key.in_(numbers)))
    return len(numbers)
