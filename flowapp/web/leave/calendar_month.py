"""A month as the team calendar goes through it."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from flowapp.kernel.calendar_names import MONTHS
from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.leave_period import EARLIEST_YEAR, LATEST_YEAR

DECEMBER = 12
WRITTEN = re.compile(r"(?P<year>\d{4})-(?P<number>\d{2})", re.ASCII)


@dataclass(frozen=True)
class Month:
    """One month of one year."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of it."""
        return tuple(self.first + timedelta(days=number) for number in range(self.last.day))

    @property
    def words(self) -> str:
        """Its name: `December 2026`."""
        return f"{MONTHS[self.number - 1]} {self.year}"

    @property
    def text(self) -> str:
        """As it stands in an address: `2026-12`."""
        return f"{self.year:04}-{self.number:02}"

    @property
    def before(self) -> Month | None:
        """The month before; None where the calendar begins."""
        number = self.number - 1 or DECEMBER
        return _within(Month(self.year - (number == DECEMBER), number))

    @property
    def after(self) -> Month | None:
        """The month after; None where the calendar ends."""
        number = self.number % DECEMBER + 1
        return _within(Month(self.year + (number == 1), number))


def month_of(day: date) -> Month:
    """Answer the month a day lies in."""
    return Month(day.year, day.month)


def read_month(text: str) -> Month:
    """Read a month as an address has it; raises Refused in words."""
    found = WRITTEN.fullmatch(text)
    if found and 1 <= int(found["number"]) <= DECEMBER:
        month = _within(Month(int(found["year"]), int(found["number"])))
        if month is not None:
            return month
    words = f"Write the month as year and month, such as 2026-12, between {EARLIEST_YEAR} and {LATEST_YEAR}."
    raise Refused([Problem(path="month", code="bad_month", message=words)])


def _within(month: Month) -> Month | None:
    return month if EARLIEST_YEAR <= month.year <= LATEST_YEAR else None
