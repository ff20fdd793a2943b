"""Shifts: the table. One row is one stretch of work for one person; two carers needed are two rows."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import cast

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, String, Table, Text, case, column, event, extract
from sqlalchemy.orm import Mapped, mapped_column

from flowapp.kernel.columns import Base, Exact, Instant, Plain, Word
from flowapp.rota.homes import CareHome
from flowapp.rota.shift_overlap import NO_OVERLAP
from flowapp.rota.staff import JobRole, Staff
from flowapp.rota.units import Unit

LONGEST_HOURS, LONGEST_SLEEP_IN_HOURS = 16, 24
LONGEST_BREAK_MINUTES = 120


class ShiftStatus(StrEnum):
    """Where a shift stands; whether it is published is kept beside it."""

    OPEN = "open"  # nobody has it
    ASSIGNED = "assigned"  # somebody has it
    IN_PROGRESS = "in_progress"  # it is being worked
    COMPLETED = "completed"  # it was worked
    NO_SHOW = "no_show"  # whoever had it did not come
    CANCELLED = "cancelled"  # it is not needed any more

    @property
    def label(self) -> str:
        """The words people see."""
        return self.value.replace("_", " ").capitalize()


PLANNED = frozenset({ShiftStatus.OPEN, ShiftStatus.ASSIGNED})  # can still be changed


class ShiftKind(StrEnum):
    """Why somebody works a shift, and who pays for it."""

    REGULAR = "regular"  # within the contract
    OVERTIME = "overtime"  # beyond it
    BANK = "bank"  # by somebody who works when asked
    AGENCY = "agency"  # by somebody an agency sends
    TRAINING = "training"  # learning, not caring
    SUPERNUMERARY = "supernumerary"  # beside those who are needed, to learn the work


class WorkingTime(StrEnum):
    """How much of a shift is work."""

    FULL = "full"  # all of it
    SLEEP_IN = "sleep_in"  # asleep in the home, woken when needed
    ON_CALL = "on_call"  # reached by telephone


_SECONDS = extract("epoch", column("ends_at")) - extract("epoch", column("starts_at"))
_MOST_SECONDS = case(
    (column("working_time") == WorkingTime.SLEEP_IN.value, LONGEST_SLEEP_IN_HOURS * 3600), else_=LONGEST_HOURS * 3600
)
_IN_STEP = "status = 'cancelled' OR (status = 'open') = (staff_id IS NULL)"


class Shift(Base):
    """A stretch of work in a home, by the clock on its wall and as instants.

    It belongs to the local date on which it starts; an end that is not after the start is on the next day. `hours`
    are the paid ones: those that really pass, less the unpaid break. Without `staff_id` it is open.
    """

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint(_SECONDS <= _MOST_SECONDS, name="not_too_long"),
        CheckConstraint(_IN_STEP, name="open_or_somebodys"),
        CheckConstraint(f"unpaid_break_minutes BETWEEN 0 AND {LONGEST_BREAK_MINUTES}", name="unpaid_break"),
        CheckConstraint("hours > 0", name="hours"),
        Index("ix_shift_home_date", "home_id", "local_date", "status"),
        # More than the first two, so that adding up months of many people need not look the shifts themselves up.
        Index(
            *("ix_shift_staff_starts", "staff_id", "starts_at", "ends_at", "status", "hours", "working_time", "kind"),
            *("local_date", "home_id", "unit_id", "start_local", "end_local"),
        ),
        Index("ix_shift_status_starts", "status", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    home_id: Mapped[int] = mapped_column(ForeignKey(CareHome.id))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id), index=True)
    role: Mapped[StrEnum] = mapped_column(Word(JobRole))
    local_date: Mapped[date]
    start_local: Mapped[str] = mapped_column(String(5))  # HH:MM
    end_local: Mapped[str] = mapped_column(String(5))
    timezone: Mapped[str] = mapped_column(String(40))  # the home's when the shift was planned
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    unpaid_break_minutes: Mapped[int]
    hours: Mapped[Decimal] = mapped_column(Exact)
    kind: Mapped[StrEnum] = mapped_column(Word(ShiftKind))
    working_time: Mapped[StrEnum] = mapped_column(Word(WorkingTime))
    status: Mapped[StrEnum] = mapped_column(Word(ShiftStatus))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)  # when whoever has it said they have seen it
    open_since: Mapped[datetime | None] = mapped_column(Instant)  # while nobody has it
    unfilled_told: Mapped[int | None]  # the last mark, in hours before the start, at which it was told to be open
    cancel_reason: Mapped[str] = mapped_column(Text)
    notes: Mapped[str] = mapped_column(Text)
    skills: Mapped[list[str]] = mapped_column(Plain)  # codes of what whoever works it must be trained in
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int]


for _backend, _statements in NO_OVERLAP.items():
    for _statement in _statements:
        _guard = DDL(_statement).execute_if(dialect=_backend)  # type: ignore[no-untyped-call]
        event.listen(cast(Table, Shift.__table__), "after_create", _guard)
