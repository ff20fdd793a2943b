"""Shifts as the rules look at them, with whoever works beside each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Date, bindparam, select
from sqlalchemy.orm import Session

from flowapp.kernel.prepared import Prepared
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.eligibility.company import CARE, LEADS
from flowapp.rota.eligibility.gathering.elsewhere import registers_of, training_names
from flowapp.rota.eligibility.gathering.work import IS_WORK
from flowapp.rota.eligibility.slot import Company, Slot
from flowapp.rota.homes import CareHome
from flowapp.rota.shift_plan import ShiftPlan, timed
from flowapp.rota.shift_reading import LONGEST, PlannedShift, planned_shifts
from flowapp.rota.shifts import Shift, WorkingTime
from flowapp.rota.staff import Contract, JobRole, Staff
from flowapp.rota.wall_time import Interval


def slots_of(session: Session, shifts: Collection[PlannedShift]) -> list[Slot]:
    """Answer shifts that are written as the rules look at them, in the same order."""
    nations = _nations(session, {each.home_id for each in shifts})
    slots = [_slot(nations, each.home_id, each.plan, each.timezone, each.interval, each.id) for each in shifts]
    return [*_complete(session, slots)]


def slot_of_plan(session: Session, home_id: int, plan: ShiftPlan, zone: str, *, shift_id: int | None = None) -> Slot:
    """Answer a shift that is only planned, or is to be planned otherwise."""
    nations = _nations(session, {home_id})
    slot = _slot(nations, home_id, plan, zone, timed(plan, zone).times, shift_id)
    return next(iter(_complete(session, [slot])))


def these_shifts(session: Session, shift_ids: Collection[int]) -> list[PlannedShift]:
    """Answer the shifts of these numbers in the order of their starts; one that does not exist is left out."""
    query = planned_shifts().where(Shift.id.in_(shift_ids)).order_by(Shift.starts_at, Shift.id)
    return [PlannedShift(*row) for row in session.execute(query)]


def _slot(
    nations: Mapping[int, Nation], home_id: int, plan: ShiftPlan, zone: str, interval: Interval, shift_id: int | None
) -> Slot:
    on_call = plan.working_time is WorkingTime.ON_CALL
    return Slot(
        home_id=home_id,
        nation=nations[home_id],
        timezone=zone,
        day=plan.date,
        interval=interval,
        role=JobRole(plan.role),
        hours=Decimal(0) if on_call else interval.elapsed_hours - Decimal(plan.unpaid_break_minutes) / 60,
        unit_id=plan.unit_id,
        shift_id=shift_id,
        skills=dict.fromkeys(plan.skills, ""),
        working_time=plan.working_time,
    )


def _complete(session: Session, slots: list[Slot]) -> Iterable[Slot]:
    """Add the names of what must have been learnt, the registrations that are kept, and who else is there."""
    codes = {code for slot in slots for code in slot.skills}
    names = training_names(session, codes) if codes else {}
    registers = {home_id: registers_of(session, home_id) for home_id in {slot.home_id for slot in slots}}
    companies = _companies(session, slots)
    return (
        replace(
            slot,
            skills={code: names[code] for code in slot.skills},
            registers=registers[slot.home_id],
            company=found,
        )
        for slot, found in zip(slots, companies, strict=True)
    )


def _nations(session: Session, home_ids: Collection[int]) -> dict[int, Nation]:
    found = session.execute(select(CareHome.id, CareHome.nation).where(CareHome.id.in_(home_ids)))
    return {home_id: Nation(nation) for home_id, nation in found}


def _companies(session: Session, slots: list[Slot]) -> list[Company]:
    there: dict[int, list[_Colleague]] = {}
    for home_id in {slot.home_id for slot in slots}:
        days = [day for slot in slots if slot.home_id == home_id for day in (slot.day, slot.last_day)]
        first, last = min(days) - LONGEST, max(days)
        there[home_id] = _COLLEAGUES.rows(session, home_id=home_id, first=first, last=last)
    return [_company(slot, there[slot.home_id]) for slot in slots]


def _company(slot: Slot, colleagues: list[_Colleague]) -> Company:
    starts_at, ends_at = slot.interval.starts_at, slot.interval.ends_at
    care = [
        each
        for each in colleagues
        if each.starts_at < ends_at
        and each.ends_at > starts_at
        and each.shift_id != slot.shift_id
        and each.role in CARE
    ]
    return Company(
        people=len(care),
        leading=sum(each.role in LEADS for each in care),
        awake=sum(each.working_time is WorkingTime.FULL for each in care),
        from_agency=sum(each.contract is Contract.AGENCY for each in care),
    )


class _Colleague(NamedTuple):
    shift_id: int
    starts_at: datetime
    ends_at: datetime
    working_time: WorkingTime
    role: JobRole
    contract: Contract


_COLLEAGUES = Prepared(
    select(*(Shift.id, Shift.starts_at, Shift.ends_at, Shift.working_time), Staff.role, Staff.contract)
    .join(Staff, Staff.id == Shift.staff_id)
    .where(
        Shift.home_id == bindparam("home_id"),
        *IS_WORK,
        Shift.local_date >= bindparam("first", type_=Date),
        Shift.local_date <= bindparam("last", type_=Date),
    ),
    _Colleague,
)
