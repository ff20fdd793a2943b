"""Events are written down in the transaction of the change they tell of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.events.cause import Cause
from flowapp.events.event import Event
from flowapp.events.signals import committed, signal_of
from flowapp.kernel.columns import Base, Instant, Plain
from flowapp.kernel.faults import fault
from flowapp.kernel.ids import new_uid
from flowapp.kernel.plain import Kept, kept, load, plain
from flowapp.kernel.prepared import Prepared
from flowapp.kernel.transaction import after_commit, carry_on_after, left_due


class EventRecord(Base):
    """An event as it is kept: the envelope of `docs/events.md`, in the order of `seq`."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_subject", "subject_type", "subject_id"), {"sqlite_autoincrement": True})

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    type: Mapped[str] = mapped_column(String(40), index=True)
    version: Mapped[int]
    occurred_at: Mapped[datetime] = mapped_column(Instant)
    care_home_id: Mapped[int | None]
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    actor: Mapped[Any] = mapped_column(Plain)
    changes: Mapped[Any] = mapped_column(Plain)
    context: Mapped[Any] = mapped_column(Plain)
    correlation_id: Mapped[str] = mapped_column(String(26))
    causation_id: Mapped[str | None] = mapped_column(String(26))
    depth: Mapped[int]
    execution_id: Mapped[int | None] = mapped_column(index=True)  # which run wrote it
    dedupe_key: Mapped[str | None] = mapped_column(String(120), unique=True)


_ADD: Prepared[Any] = Prepared(
    insert(EventRecord).returning(EventRecord.seq),
    columns=(
        *(
            "uid",
            "type",
            "version",
            "occurred_at",
            "care_home_id",
            "subject_type",
            "subject_id",
            "actor",
            "changes",
        ),
        *("context", "correlation_id", "causation_id", "depth", "execution_id", "dedupe_key"),
    ),
)


class Recorded:
    """An event together with what the outbox gave it."""

    def __init__(self, event: Event, seq: int, uid: str, kept_context: Kept) -> None:
        self.event = event
        self.seq = seq
        self.uid = uid
        self.kept_context = kept_context

    @cached_property
    def context(self) -> dict[str, Any]:
        """What workflows read of it, as it will be when read from the database."""
        found: dict[str, Any] = load(self.kept_context.text)
        return found

    @property
    def cause(self) -> Cause:
        """Who did it, when, and because of what."""
        return self.event.cause


def record(session: Session, event: Event) -> Recorded:
    """Write the event down and send its signal, both inside the transaction of the change.

    Whatever a receiver adds stands or falls with the change; the doorbell rings only after COMMIT.
    """
    uid = new_uid(event.cause.at)
    row = _row(event, uid)
    seq: int = _ADD.value(session, **row)
    recorded = Recorded(event, seq, uid, row["context"])
    fault("accept.in_change")
    signal_of(event.type).send(session, recorded=recorded)
    ring_after(session)
    return recorded


def ring_after(session: Session) -> None:
    """Ring the doorbell once this transaction is committed, unless what is due was carried on in it."""
    if left_due(session) is None:
        carry_on_after(session, _ring)
        after_commit(session, _kept)


def events_after(
    session: Session, seq: int, *, limit: int, event_type: str | None = None, homes: Collection[int] | None = None
) -> list[EventRecord]:
    """Answer the events after the one numbered `seq`, the oldest first; `homes` None means every home."""
    query = select(EventRecord).where(EventRecord.seq > seq).order_by(EventRecord.seq).limit(limit)
    if event_type is not None:
        query = query.where(EventRecord.type == event_type)
    if homes is not None:
        query = query.where(EventRecord.care_home_id.in_(homes))
    return list(session.scalars(query))


def event_with_key(session: Session, dedupe_key: str) -> EventRecord | None:
    """Answer the event that was written down under this key."""
    return session.scalar(select(EventRecord).where(EventRecord.dedupe_key == dedupe_key))


def _kept() -> None:
    fault("accept.after_commit")


def _ring() -> None:
    committed.send(None)


def _row(event: Event, uid: str) -> dict[str, Any]:
    cause = event.cause
    return {
        "uid": uid,
        "type": event.type,
        "version": event.version,
        "occurred_at": cause.at,
        "care_home_id": event.care_home_id,
        "subject_type": event.subject_type,
        "subject_id": event.subject_id,
        "actor": {"kind": cause.actor.kind.value, "id": cause.actor.id, "name": cause.actor.name},
        "changes": [{"field": c.field, "old": plain(c.old), "new": plain(c.new)} for c in event.changes],
        "context": kept(event.context.model_dump()),
        "correlation_id": cause.correlation_id or uid,
        "causation_id": cause.causation_id,
        "depth": cause.depth,
        "execution_id": cause.actor.execution_id,
        "dedupe_key": event.dedupe_key,
    }
