"""A week as the rota goes through it: Monday to Sunday, written `2026-W48` in an address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flowapp.kernel.calendar_names import MONTHS
from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.leave_period import EARLIEST_YEAR, LATEST_YEAR

WRITTEN = re.compile(r"(?P<year>\d{4})-W(?P<number>\d{2})", re.ASCII)
A_WEEK = timedelta(days=7)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Week:
    """One week, known by its Monday."""

    monday: date

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def days(self) -> tuple[date, ...]:
        """Its seven days."""
        return tuple(self.monday + timedelta(days=number) for number in range(7))

    @property
    def text(self) -> str:
        """As it stands in an address: `2026-W48`."""
        year, number, _ = self.monday.isocalendar()
        return f"{year:04}-W{number:02}"

    @property
    def words(self) -> str:
        """As people say it: `23 to 29 November 2026`."""
        first, last = self.monday, self.sunday
        end = f"{last.day} {MONTHS[last.month - 1]} {last.year}"
        if first.month == last.month:
            return f"{first.day} to {end}"
        year = f" {first.year}" if first.year != last.year else ""
        return f"{first.day} {MONTHS[first.month - 1]}{year} to {end}"

    @property
    def before(self) -> Week | None:
        """The week before; None where the rota begins."""
        return _within(self.monday - A_WEEK)

    @property
    def after(self) -> Week | None:
        """The week after; None where the rota ends."""
        return _within(self.monday + A_WEEK)

    def changes_clocks(self, zone: ZoneInfo) -> date | None:
        """Answer the day whose night has an hour more or less than others; None in most weeks."""
        for day in self.days:
            noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone)
            if noon.utcoffset() != (noon + ONE_DAY).utcoffset():
                return day
        return None


def week_of(day: date) -> Week:
    """Answer the week a day lies in."""
    return Week(day - timedelta(days=day.weekday()))


def week_around(text: str) -> Week:
    """Read a day, and answer the week it lies in; raises Refused in words."""
    try:
        week = _within(week_of(date.fromisoformat(text)).monday)
    except ValueError:
        week = None
    if week is None:
        words = f"Enter a day between {EARLIEST_YEAR} and {LATEST_YEAR}, such as 23 November 2026."
        raise Refused([Problem(path="day", code="bad_date", message=words)])
    return week


def read_week(text: str) -> Week:
    """Read a week as an address has it; raises Refused in words."""
    found = WRITTEN.fullmatch(text)
    if found:
        try:
            week = _within(date.fromisocalendar(int(found["year"]), int(found["number"]), 1))
        except ValueError:  # there is no such week
            week = None
        if week is not None:
            return week
    words = f"Write the week as year and number, such as 2026-W48, between {EARLIEST_YEAR} and {LATEST_YEAR}."
    raise Refused([Problem(path="week", code="bad_week", message=words)])


def _within(monday: date) -> Week | None:
    return Week(monday) if EARLIEST_YEAR <= monday.year <= LATEST_YEAR else None
