"""What the rules look at of a member of staff and the home they work in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from flowapp.kernel.errors import NotFound
from flowapp.kernel.prepared import Prepared
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.calendar import HomeCalendar
from flowapp.rota.homes import CareHome
from flowapp.rota.staff import JobRole, Staff
from flowapp.rota.work import RosteredShift, Work, WorkingPattern


class Employment(NamedTuple):
    """A member of staff and their home, as they are now."""

    staff_id: int
    name: str
    email: str
    role: JobRole
    contracted_hours: Decimal
    pattern: dict[str, Decimal | int]
    start_date: date
    end_date: date | None
    home_id: int
    nation: Nation
    timezone: str
    leave_year_start: str
    unit_id: int | None = None
    local_days: Mapping[str, str] = MappingProxyType({})

    @property
    def zone(self) -> ZoneInfo:
        """The home's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def calendar(self) -> HomeCalendar:
        """The home's bank holidays, and the local days it keeps."""
        return HomeCalendar.of(self.nation, self.local_days)

    def work(self, shifts: Sequence[RosteredShift]) -> Work:
        """What the person is due to work: by the rota in weeks in which they have a shift, else by their pattern."""
        pattern = _weekly(tuple(self.pattern.items())) if self.pattern else None
        weeks = frozenset(shift.date - timedelta(days=shift.date.weekday()) for shift in shifts)
        return Work(
            contracted_hours=self.contracted_hours,
            calendar=self.calendar,
            pattern=pattern,
            shifts=tuple(shifts),
            rota_weeks=weeks,
        )

    @property
    def staff_facts(self) -> dict[str, Any]:
        """The person as events tell of them."""
        return {"id": self.staff_id, "name": self.name, "email": self.email, "role": self.role.label}


@lru_cache(maxsize=1024)
def _weekly(hours: tuple[tuple[str, Decimal | int], ...]) -> WorkingPattern:
    return WorkingPattern.weekly(
        {day: Decimal(number) for day, number in hours}
    )  # whole hours are kept as whole numbers


def employments() -> Select[*tuple[Any, ...]]:
    """Select the employment of the member of staff numbered `:staff_id`, in the order of its fields."""
    return (
        select(
            *(Staff.id, Staff.name, Staff.email, Staff.role, Staff.contracted_hours, Staff.pattern),
            *(Staff.start_date, Staff.end_date, Staff.home_id),
            *(CareHome.nation, CareHome.timezone, CareHome.leave_year_start, Staff.unit_id, CareHome.local_days),
        )
        .join(CareHome, CareHome.id == Staff.home_id)
        .where(Staff.id == bindparam("staff_id"))
    )


_EMPLOYMENT = Prepared(employments(), Employment)


def employment(session: Session, staff_id: int) -> Employment:
    """Answer what the rules look at of a member of staff; raises NotFound."""
    found = _EMPLOYMENT.first(session, staff_id=staff_id)
    if found is None:
        raise NotFound("There is no such member of staff.")
    return found
