"""Who must have which training: the table, and the rule that reads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base, Instant, Word
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.homes import CareHome
from flowapp.rota.staff import JobRole
from flowapp.rota.training.types import TrainingType


class TrainingRequirement(Base):
    """A type of training that people need: those of one role or all, in one home or all.

    Whoever is new has some days to get it; the smallest number counts where several requirements meet.
    """

    __tablename__ = "training_requirement"
    __table_args__ = (
        UniqueConstraint("training_type_id", "home_id", "role"),
        CheckConstraint("grace_days >= 0", name="grace_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    training_type_id: Mapped[int] = mapped_column(ForeignKey(TrainingType.id))
    home_id: Mapped[int | None] = mapped_column(ForeignKey(CareHome.id), index=True)  # None: every home
    role: Mapped[StrEnum | None] = mapped_column(Word(JobRole))  # None: every role the type concerns
    grace_days: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Instant)


class Requirement(NamedTuple):
    """A requirement as rules read it."""

    id: int
    type_id: int
    home_id: int | None
    role: JobRole | None
    grace_days: int


def requirements(session: Session, *, type_id: int | None = None) -> list[Requirement]:
    """Answer every requirement, or those of one type, the first one first."""
    of = TrainingRequirement
    query = select(of.id, of.training_type_id, of.home_id, of.role, of.grace_days).order_by(of.id)
    if type_id is not None:
        query = query.where(of.training_type_id == type_id)
    rows = session.execute(query)
    return [Requirement(n, t, h, None if role is None else JobRole(role), days) for n, t, h, role, days in rows]


def grace_of(
    kind: TrainingType, asked: Iterable[Requirement], *, role: JobRole, home_id: int, nation: Nation
) -> int | None:
    """Answer the days in which somebody new must get a type of training; None where they do not need it."""
    if not kind.is_active or not kind.concerns(role, nation):
        return None
    days: Sequence[int] = [
        each.grace_days
        for each in asked
        if each.type_id == kind.id and each.home_id in (None, home_id) and each.role in (None, role)
    ]
    return min(days, default=None)
