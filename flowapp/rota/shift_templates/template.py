"""The table of shift templates, and those every FlowApp begins with."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base, Instant, Plain, Word
from flowapp.kernel.ids import new_uid
from flowapp.rota.homes import CareHome
from flowapp.rota.shifts import LONGEST_BREAK_MINUTES, ShiftKind, WorkingTime
from flowapp.rota.staff import JobRole

LONGEST_CODE, LONGEST_NAME = 8, 60


class Colour(StrEnum):
    """The colour of a shift's edge on the rota; its times and its name say the same in words."""

    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    VIOLET = "violet"
    TEAL = "teal"
    GREY = "grey"

    @property
    def label(self) -> str:
        """The word people see."""
        return self.value.capitalize()


class ShiftTemplate(Base):
    """A shift as it is planned again and again; without a home it is for all of them.

    One that is not active is offered no more; shifts made from it stay as they are.
    """

    __tablename__ = "shift_template"
    __table_args__ = (
        CheckConstraint(f"unpaid_break_minutes BETWEEN 0 AND {LONGEST_BREAK_MINUTES}", name="unpaid_break"),
        Index("ix_shift_template_home_code", "home_id", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    home_id: Mapped[int | None] = mapped_column(ForeignKey(CareHome.id))
    code: Mapped[str] = mapped_column(String(LONGEST_CODE))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    start_local: Mapped[str] = mapped_column(String(5))  # HH:MM
    end_local: Mapped[str] = mapped_column(String(5))
    unpaid_break_minutes: Mapped[int]
    colour: Mapped[StrEnum] = mapped_column(Word(Colour))
    kind: Mapped[StrEnum] = mapped_column(Word(ShiftKind))
    working_time: Mapped[StrEnum] = mapped_column(Word(WorkingTime))
    role: Mapped[StrEnum | None] = mapped_column(Word(JobRole))
    skills: Mapped[list[str]] = mapped_column(Plain)
    is_active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int]


# Code, name, start, end, unpaid minutes, colour, kind, working time; migration 0005 writes the same.
USUAL = (
    ("LD", "Long day", "08:00", "20:00", 60, Colour.BLUE, ShiftKind.REGULAR, WorkingTime.FULL),
    ("N", "Night", "20:00", "08:00", 60, Colour.VIOLET, ShiftKind.REGULAR, WorkingTime.FULL),
    ("E", "Early", "07:30", "14:30", 30, Colour.AMBER, ShiftKind.REGULAR, WorkingTime.FULL),
    ("L", "Late", "14:00", "21:30", 30, Colour.TEAL, ShiftKind.REGULAR, WorkingTime.FULL),
    ("SI", "Sleep-in", "22:00", "07:00", 0, Colour.GREY, ShiftKind.REGULAR, WorkingTime.SLEEP_IN),
    ("TR", "Training", "09:00", "16:30", 30, Colour.GREEN, ShiftKind.TRAINING, WorkingTime.FULL),
)


def add_usual(session: Session, at: datetime) -> None:
    """Write the templates every FlowApp begins with, for all homes, into a database that has none."""
    names = ("code", "name", "start_local", "end_local", "unpaid_break_minutes", "colour", "kind", "working_time")
    for row in USUAL:
        values = dict(zip(names, row, strict=True))
        session.add(ShiftTemplate(uid=new_uid(at), skills=[], is_active=True, created_at=at, version=1, **values))
    session.flush()
