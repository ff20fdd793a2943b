"""Types of training: what can be learnt, registered or shown, for how long it holds, and whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base, Instant, Plain, Word
from flowapp.kernel.errors import NotFound
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.staff import JobRole

REMINDER_DAYS = (90, 60, 30, 14, 7, 0)  # before the last day on which a certificate holds


class Category(StrEnum):
    """Why somebody has to have it."""

    STATUTORY = "statutory"  # the law asks for it
    MANDATORY = "mandatory"  # the employer asks for it
    CLINICAL = "clinical"  # a task of care needs it
    REGISTRATION = "registration"  # a register of people who may do the work
    IDENTITY = "identity"  # who somebody is, and that they may work

    @property
    def label(self) -> str:
        """The words people see."""
        return _LABELS[self]


_LABELS = {
    Category.STATUTORY: "Required by law",
    Category.MANDATORY: "Required by us",
    Category.CLINICAL: "For care tasks",
    Category.REGISTRATION: "Registration",
    Category.IDENTITY: "Right to work",
}


class TrainingType(Base):
    """A type of training; the same in all homes.

    `code` is what shifts name in their skills. Empty `applies_to_roles` or `nations` mean every role, every nation.
    Types are never deleted, because certificates of them stay; one that is not active is offered to nobody.
    """

    __tablename__ = "training_type"
    __table_args__ = (CheckConstraint("validity_months IS NULL OR validity_months > 0", name="validity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    category: Mapped[StrEnum] = mapped_column(Word(Category))
    validity_months: Mapped[int | None]  # None: for ever, or as the document says
    reminder_days: Mapped[list[int]] = mapped_column(Plain)
    blocks_rostering: Mapped[bool]
    needs_competency: Mapped[bool]
    applies_to_roles: Mapped[list[str]] = mapped_column(Plain)
    nations: Mapped[list[str]] = mapped_column(Plain)
    is_active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int]

    def concerns(self, role: JobRole, nation: Nation) -> bool:
        """Say whether it is meant for people of this role in a home of this nation."""
        return (not self.applies_to_roles or role.value in self.applies_to_roles) and (
            not self.nations or nation.value in self.nations
        )


def training_types(session: Session, *, active_only: bool = False) -> list[TrainingType]:
    """Answer every type of training by name."""
    query = select(TrainingType).order_by(TrainingType.name, TrainingType.id)
    return list(session.scalars(query.where(TrainingType.is_active) if active_only else query))


def training_type(session: Session, type_id: int) -> TrainingType:
    """Answer the type of training with this number; raises NotFound."""
    found = session.get(TrainingType, type_id)
    if found is None:
        raise NotFound("There is no such type of training.")
    return found


def type_with_code(session: Session, code: str) -> TrainingType | None:
    """Answer the type of training with this code, or None."""
    return session.scalar(select(TrainingType).where(TrainingType.code == code.strip().upper()))


def training_names(session: Session) -> Mapping[str, str]:
    """Answer what people call each type of training, by its code."""
    return {code: name for code, name in session.execute(select(TrainingType.code, TrainingType.name))}
