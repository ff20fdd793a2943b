"""When the engine last ticked, and when it was away: a dead process cannot say so, so the next one does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.engine.claim import count_due_after
from flowapp.kernel.columns import Base, Instant
from flowapp.workflows.workflow import Subscription, Workflow, WorkflowStatus

NOTE_EVERY = timedelta(seconds=10)  # each note is a commit that waits for the disk
AWAY_AFTER = timedelta(minutes=2)  # a restart is not worth telling
_ONLY = 1


class LastTick(Base):
    """The last time the engine ticked, whichever process led; one row."""

    __tablename__ = "last_tick"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class Downtime(Base):
    """A time at which the engine was away, and how much had fallen due in it when it came back."""

    __tablename__ = "downtime"

    id: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime] = mapped_column(Instant)
    fell_due: Mapped[int]


class Away(NamedTuple):
    """A time at which the engine was away."""

    began_at: datetime
    ended_at: datetime
    fell_due: int


_TICKS = cast(Table, LastTick.__table__)


def last_tick(session: Session) -> datetime | None:
    """Answer when the engine last ticked, to within ten seconds; None when it never did."""
    return session.scalar(select(LastTick.at).where(LastTick.id == _ONLY))


def note_tick(session: Session, now: datetime) -> None:
    """Note that the engine is at work, and that it was away if the last note is old.

    To be called before anything is done that had fallen due, so that it can be counted.
    """
    before = last_tick(session)
    if before is None:
        session.execute(insert(_TICKS), {"id": _ONLY, "at": now})
        return
    if now - before >= AWAY_AFTER:
        gone: dict[str, Any] = {"began_at": before, "ended_at": now, "fell_due": _fallen_due(session, before, now)}
        session.execute(insert(Downtime), gone)
    session.execute(update(_TICKS).where(_TICKS.c.id == _ONLY).values(at=now))


def last_away(session: Session, since: datetime) -> Away | None:
    """Answer the last time the engine was away, if it came back after this moment."""
    query = select(Downtime.began_at, Downtime.ended_at, Downtime.fell_due).order_by(Downtime.id.desc()).limit(1)
    found = session.execute(query).one_or_none()
    return Away(*found) if found is not None and found.ended_at >= since else None


def _fallen_due(session: Session, after: datetime, now: datetime) -> int:
    schedules = (
        select(func.count())
        .select_from(Subscription)
        .join(Workflow, Workflow.id == Subscription.workflow_id)
        .where(
            Subscription.cron.is_not(None),
            Subscription.next_fire_at > after,
            Subscription.next_fire_at <= now,
            Workflow.status == WorkflowStatus.ACTIVE,
        )
    )
    return count_due_after(session, after, now) + (session.scalar(schedules) or 0)
