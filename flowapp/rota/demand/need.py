"""What a home needs: how many people of a role for a shift, on which weekdays and from when to when.

No ratio is prescribed for care homes in Scotland (Health and Care (Staffing) (Scotland) Act 2019, section 7: "such
numbers as are appropriate"), so the numbers are each home's own.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from flowapp.kernel.columns import Base, Plain, Word
from flowapp.rota.staff import JobRole
from flowapp.rota.units import Unit

LONGEST_NAME = 40


class Demand(Base):
    """The fewest people of a role a home needs for a shift; without a unit in the whole home.

    A shift is known by its hours on the wall; `weekdays` is a list such as `mon,tue,wed`. `skills` are codes of what
    each of them must be trained in.
    """

    __tablename__ = "demand"
    __table_args__ = (Index("ix_demand_home_role", "home_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    home_id: Mapped[int] = mapped_column(ForeignKey("care_home.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))  # what people call the shift, such as `night`
    role: Mapped[StrEnum] = mapped_column(Word(JobRole))
    weekdays: Mapped[str] = mapped_column(String(27))
    start_local: Mapped[str] = mapped_column(String(5))
    end_local: Mapped[str] = mapped_column(String(5))
    fewest: Mapped[int]
    ideal: Mapped[int | None]  # how many there would be on a good day
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    skills: Mapped[list[str]] = mapped_column(Plain, default=list)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
