"""What people have said of when they can work: the two tables."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from flowapp.kernel.columns import Base, Instant, Plain, Word
from flowapp.rota.availability.pattern import Pattern, SlotKind, from_kept
from flowapp.rota.availability.saying import OneOff
from flowapp.rota.staff import Staff
from flowapp.rota.wall_time import Interval


class AvailabilityPattern(Base):
    """What somebody says of their weeks; `slots` holds them by week and weekday."""

    __tablename__ = "availability_pattern"
    __table_args__ = (Index("ix_availability_pattern_staff", "staff_id", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey(Staff.id))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    repeat_weeks: Mapped[int]
    anchor: Mapped[date]
    slots: Mapped[dict[str, Any]] = mapped_column(Plain)
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def pattern(self) -> Pattern:
        """What they say."""
        return Pattern(
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            repeat_weeks=self.repeat_weeks,
            anchor=self.anchor,
            slots=from_kept(self.slots),
        )


class AvailabilityException(Base):
    """What somebody says of one stretch of time."""

    __tablename__ = "availability_exception"
    __table_args__ = (Index("ix_availability_exception_staff", "staff_id", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey(Staff.id))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[StrEnum] = mapped_column(Word(SlotKind))
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def one_off(self) -> OneOff:
        """What they say."""
        return OneOff(interval=Interval(self.starts_at, self.ends_at), kind=SlotKind(self.kind), reason=self.reason)
