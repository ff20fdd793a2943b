"""Checks: the table of what was looked through, when, and what was found."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from flowapp.kernel.columns import Base, Instant, Word
from flowapp.rota.homes import CareHome


class CheckStatus(StrEnum):
    """Where a check stands."""

    WAITING = "waiting"  # it was asked for
    DONE = "done"
    FAILED = "failed"  # something went wrong; it can be asked for again

    @property
    def label(self) -> str:
        """The word people see."""
        return {CheckStatus.WAITING: "Waiting", CheckStatus.DONE: "Done"}.get(self, "Failed")


class ComplianceCheck(Base):
    """One look through one home, from a day to a day, for every rule that a check can see."""

    __tablename__ = "compliance_check"
    __table_args__ = (
        Index("ix_compliance_check_home", "home_id", "status", "asked_at"),
        Index("ix_compliance_check_status", "status", "id"),  # what the scheduler asks: does one wait?
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    home_id: Mapped[int] = mapped_column(ForeignKey(CareHome.id))
    first_day: Mapped[date]
    last_day: Mapped[date]
    status: Mapped[StrEnum] = mapped_column(Word(CheckStatus))
    asked_by: Mapped[str] = mapped_column(String(160))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    people: Mapped[int]  # looked through
    shifts: Mapped[int]
    found: Mapped[int]  # broken rules, new or known
    raised: Mapped[int]  # of these, written anew
    resolved: Mapped[int]  # found no more
    trouble: Mapped[str] = mapped_column(Text)  # why it failed
