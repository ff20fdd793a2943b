"""Days to ask for: weeks to come in which nothing makes a day of leave special."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from flowapp.kernel.clock import SystemClock
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.calendar import HomeCalendar
from flowapp.rota.entitlement import leave_year

WEEK = timedelta(days=7)
CALENDAR = HomeCalendar(Nation.SCOTLAND)


def today() -> date:
    """Answer the day on which the tests run."""
    return SystemClock().now().date()


def mondays() -> Iterator[date]:
    """Answer Mondays from two weeks on whose week has no bank holiday and lies in one leave year."""
    monday = today() + timedelta(days=14 + -today().weekday() % 7)
    while True:
        week = [monday + timedelta(days=n) for n in range(7)]
        ordinary = not any(CALENDAR.is_bank_holiday(day) for day in week)
        if ordinary and leave_year(week[0]) == leave_year(week[-1]):
            yield monday
        monday += WEEK


def some_mondays(count: int) -> list[date]:
    """Answer the first so many of them."""
    return list(islice(mondays(), count))
