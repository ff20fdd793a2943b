"""What is looked out for in a home: the table, and what holds where nobody has said anything."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base, Instant
from flowapp.rota.homes import CareHome

FEWEST_MINUTES, MOST_MINUTES = 5, 720
_BOUNDS = f"BETWEEN {FEWEST_MINUTES} AND {MOST_MINUTES}"


class Watch(Base):
    """How long a home waits before it says that somebody did not come, or that a handover is missing.

    Empty is never: a home whose people do not clock in would miss everybody.
    """

    __tablename__ = "home_watch"
    __table_args__ = (
        CheckConstraint(f"no_show_minutes {_BOUNDS}", name="no_show_minutes"),
        CheckConstraint(f"handover_minutes {_BOUNDS}", name="handover_minutes"),
    )

    home_id: Mapped[int] = mapped_column(ForeignKey(CareHome.id), primary_key=True, autoincrement=False)
    no_show_minutes: Mapped[int | None]
    handover_minutes: Mapped[int | None]
    updated_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int]


def watch_of(session: Session, home_id: int) -> Watch | None:
    """Answer what a home is watched for, or None where nobody has said so yet."""
    return session.scalar(select(Watch).where(Watch.home_id == home_id))
