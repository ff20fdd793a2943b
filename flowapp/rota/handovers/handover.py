"""Handovers: the tables. One row is what one shift tells the next; what it asks for stands in rows of its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from flowapp.kernel.columns import Base, Instant
from flowapp.rota.homes import CareHome
from flowapp.rota.shifts import Shift
from flowapp.rota.units import Unit

LONGEST_TEXT = 5000
LONGEST_ITEM = 200
MOST_ITEMS = 20


class Handover(Base):
    """What one shift tells the next, in a unit or in the whole home.

    `change_at` is the moment at which one gives way to the other; whoever takes over acknowledges it once.
    """

    __tablename__ = "handover"
    __table_args__ = (Index("ix_handover_home_change", "home_id", "change_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    home_id: Mapped[int] = mapped_column(ForeignKey(CareHome.id))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))  # empty for the whole home
    change_at: Mapped[datetime] = mapped_column(Instant)
    from_shift_id: Mapped[int | None] = mapped_column(ForeignKey(Shift.id))
    to_shift_id: Mapped[int | None] = mapped_column(ForeignKey(Shift.id))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(160))  # in words, for people
    written_by_id: Mapped[int | None]
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_by: Mapped[str] = mapped_column(String(160))
    acknowledged_by_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int]


class HandoverItem(Base):
    """One thing that the next shift is asked to do, and who did it."""

    __tablename__ = "handover_item"
    __table_args__ = (UniqueConstraint("handover_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey(Handover.id))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(LONGEST_ITEM))
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    done_by: Mapped[str] = mapped_column(String(160))
    done_by_id: Mapped[int | None]
