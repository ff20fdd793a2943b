"""How many people a home needs, and where leave would leave too few.

No ratio is prescribed for care homes in Scotland (Health and Care (Staffing) (Scotland) Act 2019, section 7: "such
numbers as are appropriate"), so the numbers are each home's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, String, bindparam, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base, Word
from flowapp.kernel.prepared import Prepared
from flowapp.rota.leave_facts import CoverShortfall
from flowapp.rota.own_shifts import OwnShift
from flowapp.rota.shifts import Shift, ShiftStatus
from flowapp.rota.staff import JobRole
from flowapp.rota.units import Unit
from flowapp.rota.work import WEEKDAY_NAMES


class Demand(Base):
    """The fewest people of a role a home needs for a shift; without a unit in the whole home.

    A shift is known by its hours on the wall; `weekdays` is a list such as `mon,tue,wed`.
    """

    __tablename__ = "demand"
    __table_args__ = (Index("ix_demand_home_role", "home_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    home_id: Mapped[int] = mapped_column(ForeignKey("care_home.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    name: Mapped[str] = mapped_column(String(40))  # what people call the shift, such as `night`
    role: Mapped[StrEnum] = mapped_column(Word(JobRole))
    weekdays: Mapped[str] = mapped_column(String(27))
    start_local: Mapped[str] = mapped_column(String(5))
    end_local: Mapped[str] = mapped_column(String(5))
    fewest: Mapped[int]


class Need(NamedTuple):
    """What a home needs for a shift."""

    name: str
    unit: str | None
    unit_id: int | None
    weekdays: str
    fewest: int


_NEEDS = Prepared(
    select(Demand.name, Unit.name, Demand.unit_id, Demand.weekdays, Demand.fewest)
    .outerjoin(Unit, Unit.id == Demand.unit_id)
    .where(
        Demand.home_id == bindparam("home_id"),
        Demand.role == bindparam("role"),
        Demand.start_local == bindparam("start"),
        Demand.end_local == bindparam("end"),
    )
    .order_by(Demand.id),
    Need,
)
_OTHERS: Prepared[Any] = Prepared(
    select(func.count()).where(
        Shift.home_id == bindparam("home_id"),
        Shift.local_date == bindparam("day", type_=Shift.local_date.type),
        Shift.role == bindparam("role"),
        Shift.start_local == bindparam("start"),
        Shift.end_local == bindparam("end"),
        Shift.status == ShiftStatus.ASSIGNED,
        Shift.staff_id != bindparam("but"),
        or_(bindparam("unit_id", type_=Shift.unit_id.type).is_(None), Shift.unit_id == bindparam("unit_id")),
    )
)


def shortfalls(session: Session, staff_id: int, shifts: Sequence[OwnShift]) -> tuple[CoverShortfall, ...]:
    """Answer where too few people would be left if somebody did not work these shifts of theirs."""
    return tuple(
        gap for held in shifts for need in _needs(session, held) if (gap := _gap(session, staff_id, held, need))
    )


def _needs(session: Session, held: OwnShift) -> list[Need]:
    found = _NEEDS.rows(session, home_id=held.home_id, role=held.role, start=held.start, end=held.end)
    weekday = WEEKDAY_NAMES[held.day.weekday()]
    return [need for need in found if weekday in need.weekdays.split(",") and need.unit_id in (None, held.unit_id)]


def _gap(session: Session, staff_id: int, held: OwnShift, need: Need) -> CoverShortfall | None:
    others = int(
        _OTHERS.value(
            session,
            home_id=held.home_id,
            day=held.day,
            role=held.role,
            start=held.start,
            end=held.end,
            but=staff_id,
            unit_id=need.unit_id,
        )
    )
    if others >= need.fewest:
        return None
    unit = need.unit or "the whole home"
    return CoverShortfall(date=held.day, unit=unit, shift=need.name, needed=need.fewest, left=others)
