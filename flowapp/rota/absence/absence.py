"""Absences: somebody is ill, late, or did not come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base, Instant, Word, only_where
from flowapp.rota.homes import CareHome
from flowapp.rota.staff import Staff


class AbsenceKind(StrEnum):
    """Why somebody is not there."""

    SICKNESS = "sickness"  # ill, until they are back
    NO_SHOW = "no_show"  # did not come, and did not say so
    LATENESS = "lateness"  # came late

    @property
    def label(self) -> str:
        """The words people use for it."""
        return _LABELS[self]


_LABELS = {
    AbsenceKind.SICKNESS: "Off sick",
    AbsenceKind.NO_SHOW: "Did not come",
    AbsenceKind.LATENESS: "Came late",
}


class AbsenceStatus(StrEnum):
    """How an absence stands; worked out from what is noted of it."""

    AWAY = "away"  # ill at this time
    TALK_DUE = "talk_due"  # back, and nobody has talked with them about it yet
    CLOSED = "closed"  # nothing is left to do

    @property
    def label(self) -> str:
        """The words people see."""
        return {"away": "Off sick", "talk_due": "Back, talk is due", "closed": "Closed"}[self.value]


class Absence(Base):
    """Somebody was not there; what was said of their health is in `reason` and `talk_note`, and nowhere else."""

    __tablename__ = "absence"
    __table_args__ = (
        Index("ix_absence_staff_days", "staff_id", "first_day"),
        Index("ix_absence_home_days", "home_id", "first_day"),
        # Who must not be planned for; few, while most absences are over.
        Index("ix_absence_open", "staff_id", **only_where("talked_at IS NULL AND kind = 'sickness'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey(Staff.id))
    home_id: Mapped[int] = mapped_column(ForeignKey(CareHome.id))
    kind: Mapped[StrEnum] = mapped_column(Word(AbsenceKind))
    first_day: Mapped[date]
    expected_return: Mapped[date | None]
    last_day: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    reported_by: Mapped[str] = mapped_column(String(160))  # in words, for people
    reported_at: Mapped[datetime] = mapped_column(Instant)
    talked_at: Mapped[datetime | None] = mapped_column(Instant)
    talked_by: Mapped[str | None] = mapped_column(String(160))
    talk_note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    @property
    def status(self) -> AbsenceStatus:
        """How it stands."""
        if self.kind != AbsenceKind.SICKNESS or self.talked_at is not None:
            return AbsenceStatus.CLOSED
        return AbsenceStatus.AWAY if self.last_day is None else AbsenceStatus.TALK_DUE


def absent_since(session: Session, staff_ids: Collection[int]) -> Mapping[int, date]:
    """Answer since when each of these people is ill, or back without the talk that is due, by their numbers.

    Whoever may work is not among them. One query for all of them.
    """
    query = (
        select(Absence.staff_id, func.min(Absence.first_day))
        .where(Absence.talked_at.is_(None), Absence.kind == AbsenceKind.SICKNESS, Absence.staff_id.in_(staff_ids))
        .group_by(Absence.staff_id)
    )
    return {staff_id: first for staff_id, first in session.execute(query)}


def absences_of(session: Session, staff_id: int) -> list[Absence]:
    """Answer the absences of one person, the latest first."""
    query = select(Absence).where(Absence.staff_id == staff_id)
    return list(session.scalars(query.order_by(Absence.first_day.desc(), Absence.id.desc())))
