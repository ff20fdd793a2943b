"""Violations: the table of where a rule is broken, and the words for where one stands."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from flowapp.accounts.users import User
from flowapp.kernel.columns import Base, Instant, Plain, Word
from flowapp.rota.compliance.check import ComplianceCheck
from flowapp.rota.compliance.rule import LONGEST_CODE, Severity
from flowapp.rota.homes import CareHome
from flowapp.rota.shifts import Shift
from flowapp.rota.staff import Staff

LONGEST_KEY = 160
LONGEST_DESCRIPTION = 2000


class ViolationStatus(StrEnum):
    """Where a violation stands."""

    OPEN = "open"  # nobody has looked
    ACKNOWLEDGED = "acknowledged"  # somebody has seen it
    IN_PROGRESS = "in_progress"  # somebody is putting it right
    RESOLVED = "resolved"  # it was put right
    ACCEPTED_RISK = "accepted_risk"  # it stays so, until a day
    FALSE_POSITIVE = "false_positive"  # the rule was not broken after all

    @property
    def label(self) -> str:
        """The words people see."""
        return _LABELS[self]


_LABELS = {
    ViolationStatus.OPEN: "Open",
    ViolationStatus.ACKNOWLEDGED: "Seen",
    ViolationStatus.IN_PROGRESS: "Being put right",
    ViolationStatus.RESOLVED: "Put right",
    ViolationStatus.ACCEPTED_RISK: "Risk accepted",
    ViolationStatus.FALSE_POSITIVE: "Not broken after all",
}
LIVE = frozenset({ViolationStatus.OPEN, ViolationStatus.ACKNOWLEDGED, ViolationStatus.IN_PROGRESS})


class ComplianceViolation(Base):
    """A rule that is broken, by the state of things or on certain days.

    `open_key` is what keeps it from being written a second time: that of the rule and of whom or what it is about. It
    is empty once the violation is over, and stays while a risk is accepted. `evidence` is a list of facts in words.
    """

    __tablename__ = "compliance_violation"
    __table_args__ = (
        Index("ix_compliance_violation_home", "home_id", "status", "severity"),
        Index("ix_compliance_violation_key", "dedupe_key"),
        Index("ix_compliance_violation_staff", "staff_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    rule: Mapped[str] = mapped_column(String(LONGEST_CODE))  # its code
    home_id: Mapped[int | None] = mapped_column(ForeignKey(CareHome.id))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    shift_id: Mapped[int | None] = mapped_column(ForeignKey(Shift.id))
    certificate_id: Mapped[int | None]
    check_id: Mapped[int | None] = mapped_column(ForeignKey(ComplianceCheck.id))  # what found it
    execution_id: Mapped[int | None]  # the run that told of it
    dedupe_key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    open_key: Mapped[str | None] = mapped_column(String(LONGEST_KEY), unique=True)
    severity: Mapped[StrEnum] = mapped_column(Word(Severity))
    description: Mapped[str] = mapped_column(Text)
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(Plain)
    first_day: Mapped[date | None]  # of the days it is about; none for a state that lasts
    last_day: Mapped[date | None]
    status: Mapped[StrEnum] = mapped_column(Word(ViolationStatus))
    due_on: Mapped[date | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    raised_by: Mapped[str] = mapped_column(String(160))  # in words, for people
    detected_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)  # when it was found the last time
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_by: Mapped[str | None] = mapped_column(String(160))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[str | None] = mapped_column(String(160))
    resolution: Mapped[str] = mapped_column(Text)
    accepted_until: Mapped[date | None]
    version: Mapped[int]
