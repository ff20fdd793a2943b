"""The average week (regulation 4): 48 hours at most over 17 weeks, unless somebody has agreed in writing to more."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

MOST_HOURS = Decimal(48)
REFERENCE_WEEKS = 17  # 26 where regulation 21 applies, 52 by an agreement
WEEK_DAYS = 7
NO_HOURS = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class WeekHours:
    """How the hours of somebody's week are made up."""

    active: Decimal = NO_HOURS
    sleep_in: Decimal = NO_HOURS  # asleep in the home: working time all the same
    on_call: Decimal = NO_HOURS  # at home, reached by telephone: none
    called_out: Decimal = NO_HOURS  # of being on call, worked
    awake: Decimal = NO_HOURS  # of sleeping in, worked

    @property
    def working_time(self) -> Decimal:
        """The hours that count towards the average."""
        return self.active + self.sleep_in + self.called_out

    @property
    def paid_at_least(self) -> Decimal:
        """The hours for which the minimum wage is due (Royal Mencap Society v Tomlinson-Blake [2021] UKSC 8)."""
        return self.active + self.awake + self.called_out


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A reference period: the weeks, Monday to Sunday, that end with the week of a day."""

    first: date
    last: date

    @classmethod
    def ending(cls, day: date, *, weeks: int = REFERENCE_WEEKS, started: date | None = None) -> Reference:
        """Answer the period that ends with the week of a day; who started later is measured since then."""
        last = day + timedelta(days=WEEK_DAYS - 1 - day.weekday())
        first = last - timedelta(days=WEEK_DAYS * weeks - 1)
        if started is not None and started > first:
            first = min(started - timedelta(days=started.weekday()), last - timedelta(days=WEEK_DAYS - 1))
        return cls(first=first, last=last)

    @property
    def weeks(self) -> int:
        """The number of weeks."""
        return ((self.last - self.first).days + 1) // WEEK_DAYS


def average_week(hours: Mapping[date, Decimal], reference: Reference, *, excluded: Collection[date] = ()) -> Decimal:
    """Answer the average hours of a week: (A + B) / C of regulation 4(6).

    `hours` are those of working time by the day on which they begin, beyond the period too; `excluded` are days of
    leave and sickness. Each of those in the period is made up for by the next day that was worked after it.
    """
    first, last = reference.first, reference.last
    within = sum((worked for day, worked in hours.items() if first <= day <= last and day not in excluded), NO_HOURS)
    missing = sum(first <= day <= last for day in excluded)
    after = sorted(day for day, worked in hours.items() if day > last and worked and day not in excluded)
    return (within + sum((hours[day] for day in after[:missing]), NO_HOURS)) / reference.weeks


def is_lawful(average: Decimal, *, opted_out: bool) -> bool:
    """Say whether somebody may work this much on average; the limit itself is allowed."""
    return opted_out or average <= MOST_HOURS
