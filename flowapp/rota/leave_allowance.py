"""From which leave years' allowances leave is taken; leave over a year's end is taken from both."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.orm import Session

from flowapp.rota.entitlement import leave_year
from flowapp.rota.leave_balance import balance_on
from flowapp.rota.leave_days import LeaveCount, split
from flowapp.rota.leave_period import LeavePeriod

NOTHING = Decimal(0)


class Share(NamedTuple):
    """What leave takes from one leave year."""

    entitlement_id: int | None  # None: the person has no allowance in that year
    year_end: date
    left: Decimal  # hours, before this leave
    takes: LeaveCount


def shares_of(
    session: Session, staff_id: int, leave_type: str, period: LeavePeriod, counted: LeaveCount, *, year_starts: str
) -> tuple[Share, ...]:
    """Part leave by leave years and answer what each has left; the first is always there."""
    found: list[Share] = []
    day, rest = period.start, counted
    while True:
        year = leave_year(day, year_starts)
        mine, rest = split(rest, after=year.end)
        balance = balance_on(session, staff_id, leave_type, day)
        if mine.hours or not found:
            id_, left = (balance.entitlement_id, balance.hours) if balance else (None, NOTHING)
            found.append(Share(id_, year.end, left, mine))
        if period.end <= year.end:
            return tuple(found)
        day = year.end + timedelta(days=1)
