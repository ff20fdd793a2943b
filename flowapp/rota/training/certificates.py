"""Certificates: the table. How one stands is worked out whenever it is asked, and never kept."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from flowapp.kernel.columns import Base, Instant, Word, only_where
from flowapp.rota.staff import Staff
from flowapp.rota.training.types import TrainingType
from flowapp.rota.training.validity import Competency


class Origin(StrEnum):
    """How a certificate came in."""

    RECORDED = "recorded"  # by somebody who keeps the records: counts at once
    SENT_IN = "sent_in"  # by whose it is: counts when somebody else has checked it


class Certificate(Base):
    """Proof that somebody may do something, until a date.

    `watched_from` is the day from which reminders count; `reminded` the last one that was told, below 0 when it was
    told that the certificate has run out; `next_look_on` the day on which there is something to tell next.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("staff_id", "training_type_id", "issued_on"),
        CheckConstraint("expires_on IS NULL OR expires_on >= issued_on", name="expires"),
        Index("ix_certificate_staff_type", "staff_id", "training_type_id", "expires_on"),
        Index("ix_certificate_expires", "expires_on", "id"),
        Index("ix_certificate_type", "training_type_id", "expires_on"),
        # What the leader asks every second: is there anything to tell today?
        Index("ix_certificate_next_look", "next_look_on", **only_where("next_look_on IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey(Staff.id))
    training_type_id: Mapped[int] = mapped_column(ForeignKey(TrainingType.id))
    issued_on: Mapped[date]
    expires_on: Mapped[date | None]
    competency: Mapped[StrEnum] = mapped_column(Word(Competency))
    evidence_ref: Mapped[str] = mapped_column(String(200))  # where the paper is, or its number
    origin: Mapped[StrEnum] = mapped_column(Word(Origin))
    recorded_by: Mapped[str] = mapped_column(String(160))  # in words, for people
    verified_by: Mapped[str | None] = mapped_column(String(160))
    verified_by_id: Mapped[int | None]
    verified_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_on: Mapped[date | None]
    revoke_reason: Mapped[str] = mapped_column(Text)
    watched_from: Mapped[date]
    reminded: Mapped[int | None]
    next_look_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int]
