"""Writing the large data set: ten thousand rows at a time, the same ones every time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import Connection, func, insert, select

from benchmarks.hundred_homes.certificates import certificates_of
from benchmarks.hundred_homes.leave import Away, leave_of_a_home
from benchmarks.hundred_homes.shifts import ZONE, shifts_of
from benchmarks.hundred_homes.team import HOMES, roles
from benchmarks.hundred_homes.years import FIRST
from flowapp.kernel.columns import Base
from flowapp.kernel.ids import new_uid, seeded_ids
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.homes import LEAVE_YEAR_START, CareHome
from flowapp.rota.leave import GRANTED, LeaveRequest
from flowapp.rota.leave_days import DayPart
from flowapp.rota.shifts import Shift
from flowapp.rota.staff import Contract, Staff, StaffStatus
from flowapp.rota.training.certificates import Certificate
from flowapp.rota.training.types import TrainingType
from flowapp.rota.units import Unit, UnitKind

SEED = 20260101
IN_ONE_GO = 10_000
UNITS = (("Garden", UnitKind.STANDARD), ("Burn", UnitKind.DEMENTIA))
BANK_EVERY = 10  # one in ten has no fixed hours
HOURS = Decimal(24)
BEGAN = datetime.combine(FIRST, time(9), UTC)


def write(connection: Connection) -> None:
    """Write all homes with their people, leave and shifts."""
    with seeded_ids(SEED):
        for number in range(1, HOMES + 1):
            _home(connection, number, Random(SEED + number))


def counted(connection: Connection) -> tuple[Mapping[str, int], str]:
    """Answer how many rows each table has, and a digest of that and of what the shifts add up to."""
    tables = (CareHome, Unit, Staff, LeaveRequest, Shift, Certificate)
    found = {each.__tablename__: connection.scalar(select(func.count()).select_from(each)) or 0 for each in tables}
    sums = [connection.scalar(select(each)) for each in (func.sum(Shift.staff_id), func.max(Shift.uid))]
    return found, hashlib.sha256(repr((sorted(found.items()), *sums)).encode()).hexdigest()[:16]


def _home(connection: Connection, number: int, rng: Random) -> None:
    own = {"uid": new_uid(BEGAN), "created_at": BEGAN}
    home = {
        "id": number,
        "code": f"H{number:03}",
        "name": f"Home {number}",
        "nation": Nation.SCOTLAND,
        "timezone": ZONE,
    }
    connection.execute(insert(CareHome), [{**own, **home, "leave_year_start": LEAVE_YEAR_START, "is_active": True}])
    units = [number * 10 + place for place in range(len(UNITS))]
    _insert(connection, Unit, _units(number, units))
    staff = [number * 1000 + place for place in range(len(roles()))]
    _insert(connection, Staff, _staff(number, units, staff))
    away = list(leave_of_a_home(rng))
    _insert(connection, LeaveRequest, (_leave(number, staff, each) for each in away))
    _insert(connection, Shift, shifts_of(number, units, staff, away, rng))
    types = {code: type_id for code, type_id in connection.execute(select(TrainingType.code, TrainingType.id))}
    _insert(connection, Certificate, certificates_of(staff, types, rng))


def _insert(connection: Connection, table: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    left = iter(rows)
    while some := list(islice(left, IN_ONE_GO)):
        connection.execute(insert(table), some)


def _units(home_id: int, units: list[int]) -> Iterable[dict[str, Any]]:
    for unit_id, (name, kind) in zip(units, UNITS, strict=True):
        yield {
            "id": unit_id,
            "uid": new_uid(BEGAN),
            "home_id": home_id,
            "name": name,
            "kind": kind,
            "beds": 16,
            "created_at": BEGAN,
        }


def _staff(home_id: int, units: list[int], staff: list[int]) -> Iterable[dict[str, Any]]:
    for place, (staff_id, role) in enumerate(zip(staff, roles(), strict=True)):
        bank = place % BANK_EVERY == BANK_EVERY - 1
        yield {
            "id": staff_id,
            "uid": new_uid(BEGAN),
            "employee_no": f"E{staff_id}",
            "name": f"Person {staff_id}",
            "email": f"p{staff_id}@example.org",
            "home_id": home_id,
            "unit_id": units[place % len(units)],
            "role": role,
            "contract": Contract.BANK if bank else Contract.PERMANENT,
            "contracted_hours": Decimal(0) if bank else HOURS,
            "pattern": {},
            "start_date": FIRST - timedelta(days=365 + place * 30),
            "end_date": None,
            "status": StaffStatus.ACTIVE,
            "created_at": BEGAN,
            "version": 1,
        }


def _leave(home_id: int, staff: list[int], away: Away) -> dict[str, Any]:
    asked = datetime.combine(away.start - timedelta(days=45), time(10), UTC)
    decided = away.status in GRANTED
    return {
        "uid": new_uid(asked),
        "staff_id": staff[away.person],
        "home_id": home_id,
        "type": "ANNUAL",
        "start_date": away.start,
        "start_part": DayPart.ALL,
        "end_date": away.end,
        "end_part": DayPart.ALL,
        "days": Decimal(away.length),
        "hours": Decimal(away.length) * 11,
        "calendar_days": away.length,
        "status": away.status,
        "reason": "",
        "requested_at": asked,
        "decided_by": "the manager" if decided else None,
        "decided_at": asked if decided else None,
        "version": 1,
    }
