"""How the outbox stands: mails that wait, and mails that nobody will get."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flowapp.messaging.outbox import Mail, MailStatus


@dataclass(frozen=True, kw_only=True)
class OutboxFigures:
    """How many mails stand how; None where there are none."""

    waiting: int  # for their turn, or being sent
    oldest_at: datetime | None  # when the oldest of these was written
    failed: int
    kept: int  # because no mail server was set


def outbox_figures(session: Session) -> OutboxFigures:
    """Read how the outbox stands."""
    counts = {status: _count(session, status) for status in MailStatus if status is not MailStatus.SENT}
    return OutboxFigures(
        waiting=counts[MailStatus.QUEUED] + counts[MailStatus.SENDING],
        oldest_at=_oldest_at(session),
        failed=counts[MailStatus.FAILED],
        kept=counts[MailStatus.KEPT],
    )


def _count(session: Session, status: MailStatus) -> int:
    return session.scalar(select(func.count()).where(Mail.status == status)) or 0


def _oldest_at(session: Session) -> datetime | None:
    """Answer when the mail was written that waits the longest; its number comes from an index."""
    oldest = select(func.min(Mail.id)).where(Mail.status == MailStatus.QUEUED).scalar_subquery()
    return session.scalar(select(Mail.created_at).where(Mail.id == oldest))
