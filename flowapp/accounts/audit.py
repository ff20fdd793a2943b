"""The record of who did what: entries are only ever added, and each one seals the one before it.

An entry's hash covers the hash before it, so a change in the middle breaks the chain from there on. Cutting
entries off at the end breaks nothing; only a hash noted elsewhere shows that. An entry out of which personal data was
taken keeps its hash, with which nothing can be compared any more; it holds the entries around it together as before.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, cast

from sqlalchemy import String, Table, Text, event, insert, select, type_coerce
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from flowapp.events.cause import Cause
from flowapp.kernel import plain
from flowapp.kernel.columns import Base, Instant, Plain
from flowapp.kernel.prepared import Prepared

_LAST = "audit.last_hash"  # of this transaction, in `session.info`


class AuditEntry(Base):
    """One thing that was done; `before` and `after` hold only the fields that tell what changed."""

    __tablename__ = "audit_entry"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    actor: Mapped[str] = mapped_column(String(120), index=True)  # `user:4`, `execution:12/step:short.approve`
    actor_name: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(40))
    entity: Mapped[str] = mapped_column(String(40))
    entity_id: Mapped[int | None]
    home_id: Mapped[int | None] = mapped_column(index=True)
    before: Mapped[Any] = mapped_column(Plain, nullable=True)
    after: Mapped[Any] = mapped_column(Plain, nullable=True)
    reason: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
    redacted_at: Mapped[datetime | None] = mapped_column(Instant)  # when personal data was taken out of it


_ENTRIES = cast(Table, AuditEntry.__table__)
_COLUMNS = (
    "at",
    "actor",
    "actor_name",
    "action",
    "entity",
    "entity_id",
    "home_id",
    "before",
    "after",
    "reason",
    "hash",
)
_ADD: Prepared[Any] = Prepared(insert(_ENTRIES), columns=_COLUMNS)
_LAST_HASH: Prepared[Any] = Prepared(select(_ENTRIES.c.hash).order_by(_ENTRIES.c.id.desc()).limit(1))


def write(
    session: Session,
    cause: Cause,
    *,
    action: str,
    entity: str,
    entity_id: int | None,
    home_id: int | None = None,
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> None:
    """Add an entry in the transaction of the change it tells of: one insert, and one query the first time."""
    previous = session.info.get(_LAST)
    if previous is None:
        previous = _LAST_HASH.value(session) or ""
    kept_before, kept_after = _as_kept(before), _as_kept(after)
    row = {
        "at": cause.at,
        "actor": cause.actor.label,
        "actor_name": cause.actor.name,
        "action": action,
        "entity": entity,
        "entity_id": entity_id,
        "home_id": home_id,
        "before": kept_before,
        "after": kept_after,
        "reason": reason,
    }
    texts = (kept_before and kept_before.text, kept_after and kept_after.text)
    row["hash"] = session.info[_LAST] = _seal(previous, row, *texts)
    _ADD.run(session, **row)


def verify_chain(session: Session) -> int | None:
    """Answer the number of the first entry that does not fit the one before it, or None when all do."""
    before, after = type_coerce(_ENTRIES.c.before, Text), type_coerce(_ENTRIES.c.after, Text)
    query = select(_ENTRIES, before.label("before_text"), after.label("after_text")).order_by(_ENTRIES.c.id)
    previous = ""
    with session.execute(query.execution_options(yield_per=1000)) as found:
        for row in found.mappings():
            sealed = _seal(previous, row, row["before_text"], row["after_text"])
            if sealed != row["hash"] and row["redacted_at"] is None:
                return cast(int, row["id"])
            previous = row["hash"]
    return None


def _seal(previous: str, row: Any, before: str | None, after: str | None) -> str:
    facts = [
        previous,
        row["at"],
        row["actor"],
        row["actor_name"],
        row["action"],
        row["entity"],
        row["entity_id"],
        row["home_id"],
        before,
        after,
        row["reason"],
    ]
    return hashlib.sha256(plain.dump(facts).encode()).hexdigest()


def _as_kept(value: Any) -> plain.Kept | None:
    return None if value is None else plain.kept(value)


@event.listens_for(Session, "after_transaction_end")
def _forget_at_the_end(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_LAST, None)
