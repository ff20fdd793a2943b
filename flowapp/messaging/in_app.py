"""Notifications inside FlowApp."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import ForeignKey, Index, String, Table, Text, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.events.cause import Cause
from flowapp.kernel.columns import Base, Instant


class Notification(Base):
    """Something one person was told."""

    __tablename__ = "notification"
    __table_args__ = (Index("ix_notification_user_read", "user_id", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    care_home_id: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(120))
    message: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(String(300))
    execution_id: Mapped[int | None] = mapped_column(index=True)
    step_path: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[datetime] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)


_NOTIFICATIONS = cast(Table, Notification.__table__)


def notify(
    session: Session,
    cause: Cause,
    user_ids: Sequence[int],
    *,
    title: str,
    message: str,
    link: str | None = None,
    care_home_id: int | None = None,
) -> list[int]:
    """Tell each of these people, and answer the notifications' numbers in the same order."""
    actor = cause.actor
    rows = [
        {
            "user_id": user_id, "care_home_id": care_home_id, "title": title, "message": message, "link": link,
            "execution_id": actor.execution_id, "step_path": actor.step, "created_at": cause.at, "read_at": None,
        }
        for user_id in user_ids
    ]  # fmt: skip
    made = insert(_NOTIFICATIONS).returning(_NOTIFICATIONS.c.id, sort_by_parameter_order=True)
    return list(session.execute(made, rows).scalars())


def latest(session: Session, user_id: int, *, limit: int) -> list[Notification]:
    """Answer somebody's notifications, the newest first."""
    query = select(Notification).where(Notification.user_id == user_id).order_by(Notification.id.desc()).limit(limit)
    return list(session.scalars(query))


def unread_count(session: Session, user_id: int) -> int:
    """Count what somebody has not read."""
    query = select(func.count()).where(Notification.user_id == user_id, Notification.read_at.is_(None))
    return session.scalar(query) or 0


def mark_all_read(session: Session, user_id: int, now: datetime) -> None:
    """Note that somebody has read everything."""
    unread = update(_NOTIFICATIONS).where(_NOTIFICATIONS.c.user_id == user_id, _NOTIFICATIONS.c.read_at.is_(None))
    session.execute(unread.values(read_at=now))
