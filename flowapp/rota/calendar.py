"""Bank holidays and working days of a care home's nation and place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Self

from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.bank_holidays import Nation, bank_holidays

MONDAY_TO_FRIDAY = frozenset(range(5))
MOST_WORKING_DAYS = 10_000


@dataclass(frozen=True)
class HomeCalendar:
    """The days a care home counts as bank holidays: its nation's, and local days such as a town's fair."""

    nation: Nation
    local_days: Mapping[date, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "local_days", MappingProxyType(dict(self.local_days)))

    @classmethod
    def of(cls, nation: Nation, local_days: Mapping[str, str]) -> Self:
        """Answer the calendar of a home that keeps local days, given by the text of their dates."""
        if not local_days:
            return cls(nation)
        return cls(nation, {date.fromisoformat(text): name for text, name in local_days.items()})

    def name(self, day: date) -> str | None:
        """Name the bank holiday or local day, if it is one."""
        return self.local_days.get(day) or bank_holidays(self.nation, day.year).get(day)

    def is_bank_holiday(self, day: date) -> bool:
        """Tell whether the nation or the home keeps this day."""
        return day in self.local_days or day in bank_holidays(self.nation, day.year)

    def is_working_day(self, day: date, weekdays: Collection[int] = MONDAY_TO_FRIDAY) -> bool:
        """Tell whether the day is one of the weekdays (Monday is 0) and no bank holiday."""
        return day.weekday() in weekdays and not self.is_bank_holiday(day)

    def add_working_days(self, day: date, n: int, *, weekdays: Collection[int] = MONDAY_TO_FRIDAY) -> date:
        """Go n working days on, or back when n is negative; 0 answers the day itself, working or not.

        Raises Refused for a count or a week that leads to no date.
        """
        if abs(n) > MOST_WORKING_DAYS or not weekdays:
            raise _no_such_day()
        step = timedelta(days=1 if n > 0 else -1)
        left = abs(n)
        try:
            while left:
                day += step
                left -= self.is_working_day(day, weekdays)
        except OverflowError:
            raise _no_such_day() from None
        return day


def _no_such_day() -> Refused:
    message = f"Count at most {MOST_WORKING_DAYS:,} working days, in a week that has at least one."
    return Refused([Problem(path="n", code="out_of_range", message=message)])
