"""Notifications inside FlowApp."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ForeignKey, Index, String, Table, Text, func, insert, literal, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.events.cause import Cause
from flowapp.kernel.columns import Base, Instant
from flowapp.kernel.errors import NotFound, Problem, Refused
from flowapp.kernel.prepared import Prepared
from flowapp.messaging.wording import one_line, whole_text

TITLE_LONGEST, LINK_LONGEST = 120, 300


class Notification(Base):
    """Something one person was told."""

    __tablename__ = "notification"
    __table_args__ = (Index("ix_notification_user_read", "user_id", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    care_home_id: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(TITLE_LONGEST))
    message: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(String(LINK_LONGEST))  # a page of ours, such as `/leave/12/`
    execution_id: Mapped[int | None] = mapped_column(index=True)  # which run wrote it
    step_path: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[datetime] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)


_NOTIFICATIONS = cast(Table, Notification.__table__)
_COLUMNS = (
    *("user_id", "care_home_id", "title", "message", "link"),
    *("execution_id", "step_path", "created_at", "read_at"),
)
_ADD: Prepared[Any] = Prepared(insert(_NOTIFICATIONS).returning(_NOTIFICATIONS.c.id), columns=_COLUMNS)


def notify(
    session: Session,
    cause: Cause,
    user_ids: Iterable[int],
    *,
    title: str,
    message: str,
    link: str | None = None,
    care_home_id: int | None = None,
) -> list[int]:
    """Tell each of these people once, and answer the notifications' numbers in the order of the people.

    Raises Refused for text that cannot be shown, and for a link that leads out of FlowApp.
    """
    told: dict[str, Any] = {
        "care_home_id": care_home_id,
        "title": one_line(title, path="title", label="The heading", longest=TITLE_LONGEST),
        "message": whole_text(message, path="message", label="The message"),
        "link": _checked_link(link),
        "execution_id": cause.actor.execution_id,
        "step_path": cause.actor.step,
        "created_at": cause.at,
        "read_at": None,
    }
    return [_ADD.value(session, user_id=user_id, **told) for user_id in dict.fromkeys(user_ids)]


def _checked_link(link: str | None) -> str | None:
    if not link:
        return None
    # Browsers read `//host` and `/\host` as another server.
    if link[0] != "/" or link[1:2] in ("/", "\\") or not link.isprintable() or len(link) > LINK_LONGEST:
        message = "The link must be a page of FlowApp, such as /leave/12/."
        raise Refused([Problem(path="link", code="no_page", message=message)])
    return link


def latest(session: Session, user_id: int, *, limit: int, before: int | None = None) -> list[Notification]:
    """Answer somebody's notifications, the newest first, older than the one numbered `before`."""
    query = select(Notification).where(Notification.user_id == user_id)
    if before is not None:
        query = query.where(Notification.id < before)
    return list(session.scalars(query.order_by(Notification.id.desc()).limit(limit)))


def unread_count(session: Session, user_id: int) -> int:
    """Count what somebody has not read."""
    unread = select(func.count()).where(Notification.user_id == user_id, Notification.read_at.is_(None))
    return session.scalar(unread) or 0


def mark_read(session: Session, user_id: int, notification_id: int, now: datetime) -> None:
    """Note that somebody has read one of their own notifications; raises NotFound for anybody else's."""
    own = (_NOTIFICATIONS.c.id == notification_id, _NOTIFICATIONS.c.user_id == user_id)
    read_at = func.coalesce(_NOTIFICATIONS.c.read_at, literal(now, Instant()))
    marked = update(_NOTIFICATIONS).where(*own).values(read_at=read_at).returning(_NOTIFICATIONS.c.id)
    if session.scalar(marked) is None:
        raise NotFound("There is no such notification.")


def mark_all_read(session: Session, user_id: int, now: datetime) -> None:
    """Note that somebody has read everything."""
    unread = (_NOTIFICATIONS.c.user_id == user_id, _NOTIFICATIONS.c.read_at.is_(None))
    session.execute(update(_NOTIFICATIONS).where(*unread).values(read_at=now))
