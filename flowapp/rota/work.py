"""What somebody is due to work: by the rota, else by their pattern, else by their contract."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from flowapp.rota.calendar import MONDAY_TO_FRIDAY, HomeCalendar
from flowapp.rota.leave_period import MIDDAY_SPLIT

NO_HOURS = Decimal(0)
WEEKDAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
A_MONDAY = date(2024, 1, 1)


@dataclass(frozen=True, kw_only=True)
class RosteredShift:
    """A shift somebody is due to work; it belongs to the day on which it starts, in the home's local time."""

    date: date
    start: time
    end: time  # not after the start: on the next day
    paid_hours: Decimal
    shift_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class WorkingPattern:
    """The hours of each day of a cycle that begins on the anchor and repeats; 0 is a day off.

    Rota staff work bank holidays like other days; for people who do not, keeps_bank_holidays makes them free.
    """

    anchor: date
    hours: tuple[Decimal, ...]
    keeps_bank_holidays: bool = False

    @classmethod
    def weekly(cls, hours: Mapping[str, Decimal], *, keeps_bank_holidays: bool = False) -> WorkingPattern:
        """Make the pattern of a plain week from hours by weekday (mon, tue, …); one left out is a day off."""
        week = tuple(hours.get(name, NO_HOURS) for name in WEEKDAY_NAMES)
        return cls(anchor=A_MONDAY, hours=week, keeps_bank_holidays=keeps_bank_holidays)

    def hours_on(self, day: date) -> Decimal:
        """The hours usually worked on a day."""
        return self.hours[(day - self.anchor).days % len(self.hours)]


@dataclass(frozen=True, kw_only=True)
class Work:
    """What somebody is due to work: as rostered, else by their pattern, else by their contract.

    `rota_until` is the last day this person's rota is known for, the last of the shifts unless given; up to
    it a day without a shift is a day off, after it the pattern speaks.
    """

    contracted_hours: Decimal = NO_HOURS  # a week
    weekdays: Collection[int] = MONDAY_TO_FRIDAY  # Monday is 0
    calendar: HomeCalendar | None = None  # None: bank holidays are days like others
    shifts: tuple[RosteredShift, ...] = ()
    pattern: WorkingPattern | None = None
    rota_until: date | None = None
    rota_weeks: frozenset[date] | None = None  # the Mondays of the weeks that are known, instead of `rota_until`
    midday: time = MIDDAY_SPLIT

    def shifts_on(self, day: date) -> tuple[RosteredShift, ...]:
        """The shifts that start on a day."""
        return tuple(shift for shift in self.shifts if shift.date == day)

    def rota_is_known(self, day: date) -> bool:
        """Tell whether the rota says what happens on this day."""
        if self.rota_weeks is not None:
            return day - timedelta(days=day.weekday()) in self.rota_weeks
        until = self.rota_until or max((shift.date for shift in self.shifts), default=None)
        return until is not None and day <= until

    def is_bank_holiday(self, day: date) -> bool:
        """Tell whether the home's calendar, if there is one, keeps the day."""
        return self.calendar is not None and self.calendar.is_bank_holiday(day)
