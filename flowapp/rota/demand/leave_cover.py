"""Where leave would leave too few people for a shift."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Date, bindparam, func, or_, select
from sqlalchemy.orm import Session

from flowapp.kernel.prepared import Prepared
from flowapp.rota.demand.need import Demand
from flowapp.rota.leave_facts import CoverShortfall
from flowapp.rota.own_shifts import OwnShift
from flowapp.rota.shifts import Shift, ShiftStatus
from flowapp.rota.units import Unit
from flowapp.rota.work import WEEKDAY_NAMES


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
        or_(Demand.valid_from.is_(None), Demand.valid_from <= bindparam("day", type_=Date)),
        or_(Demand.valid_to.is_(None), Demand.valid_to >= bindparam("day", type_=Date)),
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
    times = {"start": held.start, "end": held.end, "day": held.day}
    found = _NEEDS.rows(session, home_id=held.home_id, role=held.role, **times)
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
