"""Timesheets: the table. One row is what one person worked of one shift."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from flowapp.kernel.columns import Base, Exact, Instant, Plain, Word
from flowapp.rota.homes import CareHome
from flowapp.rota.shifts import Shift
from flowapp.rota.staff import Staff

LONGEST_BREAK_MINUTES = 240


class TimesheetStatus(StrEnum):
    """Where a timesheet stands."""

    DRAFT = "draft"  # begun by clocking in, not handed in yet
    SUBMITTED = "submitted"  # handed in, waits for a decision
    APPROVED = "approved"  # to be paid
    QUERIED = "queried"  # given back with a question

    @property
    def label(self) -> str:
        """The words people see."""
        return _LABELS[self]


_LABELS = {
    TimesheetStatus.DRAFT: "Not handed in",
    TimesheetStatus.SUBMITTED: "Waiting for approval",
    TimesheetStatus.APPROVED: "Approved",
    TimesheetStatus.QUERIED: "Queried",
}
CAN_BE_HANDED_IN = frozenset({TimesheetStatus.DRAFT, TimesheetStatus.SUBMITTED, TimesheetStatus.QUERIED})
_WHOLE = "status = 'draft' OR (in_at IS NOT NULL AND out_at IS NOT NULL AND hours > 0)"


class Timesheet(Base):
    """What somebody worked of a shift: when they came and went, and their break.

    It belongs to the local date of its shift. `hours` are those that really passed, less the break; 0 while somebody
    is still at work. `history` has each thing that was done with it, the first one first.
    """

    __tablename__ = "timesheet"
    __table_args__ = (
        UniqueConstraint("shift_id", "staff_id"),
        CheckConstraint("out_at > in_at", name="out_after_in"),
        CheckConstraint(f"break_minutes BETWEEN 0 AND {LONGEST_BREAK_MINUTES}", name="break"),
        CheckConstraint(_WHOLE, name="whole_when_handed_in"),
        Index("ix_timesheet_home_status_date", "home_id", "status", "local_date"),
        Index("ix_timesheet_staff_date", "staff_id", "local_date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    home_id: Mapped[int] = mapped_column(ForeignKey(CareHome.id))
    shift_id: Mapped[int] = mapped_column(ForeignKey(Shift.id))
    staff_id: Mapped[int] = mapped_column(ForeignKey(Staff.id))
    local_date: Mapped[date]
    in_at: Mapped[datetime | None] = mapped_column(Instant)
    out_at: Mapped[datetime | None] = mapped_column(Instant)
    break_minutes: Mapped[int]
    hours: Mapped[Decimal] = mapped_column(Exact)
    status: Mapped[StrEnum] = mapped_column(Word(TimesheetStatus))
    note: Mapped[str] = mapped_column(Text)  # what the person says of it, such as why they came late
    reason: Mapped[str] = mapped_column(Text)  # why it was queried
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[str] = mapped_column(String(160))  # in words, for people
    decided_by_id: Mapped[int | None]
    history: Mapped[Any] = mapped_column(Plain)
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int]
