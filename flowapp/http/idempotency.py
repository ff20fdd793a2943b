"""Doing a thing once, however often the same request arrives."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import request
from sqlalchemy import String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.http.access import person
from flowapp.kernel.columns import Base, Instant, Plain
from flowapp.kernel.errors import Problem, Refused

KEPT = timedelta(hours=72)
LONGEST_KEY = 255


class KeyReused(Refused):
    """A key came again with another request; a page answers it with a fresh form."""


class IdempotencyKey(Base):
    """A request that was answered, so that its repetition gets the same answer."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("user_id", "method", "path", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    method: Mapped[str] = mapped_column(String(8))
    path: Mapped[str] = mapped_column(String(300))
    key: Mapped[str] = mapped_column(String(255))
    body_sha256: Mapped[str] = mapped_column(String(64))
    answer: Mapped[Any] = mapped_column(Plain, nullable=True)
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)


def once(session: Session, key: str | None, now: datetime, do: Callable[[], Any]) -> Any:
    """Do a thing and remember its answer, or answer what was answered to the same request before.

    The key belongs to the user, the method and the path, for 72 hours. Raises Refused when it comes again with
    another body: that is a mistake of the sender, and either answer would be wrong.
    """
    if not key:
        return do()
    body = hashlib.sha256(request.get_data(cache=True) or _form()).hexdigest()
    mine = _mine(key)
    found = session.scalar(select(IdempotencyKey).filter_by(**mine))
    if found is not None and now - found.created_at < KEPT:
        if found.body_sha256 != body:
            raise KeyReused([Problem(path="Idempotency-Key", code="key_reused", message=_REUSED)])
        return found.answer
    sweep(session, now)
    answer = do()
    session.add(IdempotencyKey(**mine, body_sha256=body, answer=answer, created_at=now))
    session.flush()
    return answer


def sweep(session: Session, now: datetime) -> int:
    """Remove the answers that nobody can ask for any more; answer how many that were."""
    old = delete(IdempotencyKey).where(IdempotencyKey.created_at <= now - KEPT)
    return len(session.execute(old.returning(IdempotencyKey.id)).all())


_REUSED = "This Idempotency-Key came before with another request. Use a new key for each request."


def form_sent_before(path: str) -> Refused:
    """Answer what a person reads whose form was sent before with something else in it."""
    message = "This form was sent before, with something else in it. That was done. To do this as well, send it now."
    return Refused([Problem(path=path, code="sent_before", message=message)])


def _mine(key: str) -> dict[str, Any]:
    if len(key) > LONGEST_KEY:
        message = f"An Idempotency-Key may have {LONGEST_KEY} characters at most."
        raise Refused([Problem(path="Idempotency-Key", code="too_long", message=message)])
    return {"user_id": person().user_id, "method": request.method, "path": request.path, "key": key}


def _form() -> bytes:
    fields = sorted((k, v) for k, v in request.form.items(multi=True) if k != "csrf_token")
    return repr(fields).encode()
