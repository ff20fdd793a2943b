"""How much leave somebody is entitled to in a leave year, and what is left of it.

The formulas are those of the GOV.UK holiday calculator (alphagov/smart-answers, holiday_entitlement.rb).
Amounts are exact; round them with `rounded_up` before they are granted.
"""

from __future__ import annotations

import calendar
import math
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from flowapp.kernel.errors import BadSetting, Problem, Refused

STATUTORY_WEEKS = Decimal("5.6")
MOST_DAYS = Decimal(28)
IRREGULAR_RATE = Decimal("0.1207")  # 5.6 weeks of the 46.4 that are worked
MONTHS = 12
TENTH = Decimal("0.1")
WHOLE_YEAR = Fraction(1)
NONE = Decimal(0)


@dataclass(frozen=True)
class LeaveYear:
    """One leave year, its first and its last day."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """Its length: 366 when 29 February lies in it."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, kw_only=True)
class CompressedHours:
    """Leave of somebody who works full hours on fewer days."""

    hours: Decimal  # in a year
    daily_average: Decimal  # what one day of leave takes


@dataclass(frozen=True, kw_only=True)
class LeaveBalance:
    """What became of a year's leave; pending requests are shown beside it and not taken off."""

    total: Decimal
    expired: Decimal
    taken: Decimal
    pending: Decimal
    remaining: Decimal


@dataclass(frozen=True, kw_only=True)
class CarriedForward:
    """Leave taken along into a new year."""

    carried: Decimal
    lost: Decimal
    total: Decimal


@lru_cache(maxsize=4096)
def leave_year(day: date, starts: str = "04-01") -> LeaveYear:
    """Find the leave year a day lies in; years start on a month and day such as 04-01.

    Raises BadSetting for a start that is not a day of every year.
    """
    try:
        month, number = (int(part) for part in starts.split("-"))
        first = date(day.year, month, number)
        next_first = date(day.year + 1, month, number)
        if first > day:
            first, next_first = date(day.year - 1, month, number), first
    except ValueError:
        message = f'A leave year cannot start on "{starts}"; write a month and a day, such as 04-01.'
        raise BadSetting(message) from None
    return LeaveYear(first, next_first - timedelta(days=1))


def fraction_of_year(year: LeaveYear, *, started: date | None = None, leaving: date | None = None) -> Fraction:
    """Answer the part of a leave year somebody is employed for, first and last day included."""
    first = max(year.start, started or year.start)
    last = min(year.end, leaving or year.end)
    return Fraction(max((last - first).days + 1, 0), year.days)


def entitled_days(*, days_per_week: Decimal, fraction: Fraction = WHOLE_YEAR) -> Decimal:
    """Statutory leave in days: 5.6 weeks, at most 28 days, for the part of the year that is worked."""
    return _exact(min(STATUTORY_WEEKS * days_per_week, MOST_DAYS), fraction)


def entitled_hours(*, hours_per_week: Decimal, days_per_week: Decimal, fraction: Fraction = WHOLE_YEAR) -> Decimal:
    """Statutory leave in hours: 5.6 weeks, at most 28 days of average length."""
    days = _positive(days_per_week, "days_per_week")
    most = Fraction(MOST_DAYS) * Fraction(hours_per_week) / days
    return _exact(min(Fraction(STATUTORY_WEEKS * hours_per_week), most), fraction)


def compressed_hours(*, hours_per_week: Decimal, days_per_week: Decimal) -> CompressedHours:
    """Statutory leave of somebody who works full hours on fewer days, and what one day of it takes."""
    average = Fraction(hours_per_week) / _positive(days_per_week, "days_per_week")
    return CompressedHours(hours=STATUTORY_WEEKS * hours_per_week, daily_average=_exact(average, WHOLE_YEAR))


def entitled_shifts(
    *, shifts_per_pattern: Decimal, days_per_pattern: Decimal, fraction: Fraction = WHOLE_YEAR
) -> Decimal:
    """Statutory leave in shifts of somebody whose pattern repeats after so many days."""
    a_week = Fraction(shifts_per_pattern) * 7 / _positive(days_per_pattern, "days_per_pattern")
    return _exact(Fraction(STATUTORY_WEEKS) * a_week, fraction)


def accrued_from_work(hours_worked: Decimal, *, accrued_before: Decimal = NONE, most: Decimal | None = None) -> Decimal:
    """Leave earned by irregular hours in one pay period: 12.07 % of them (leave years from 1 April 2024).

    `most` is the year's cap in hours, 28 days of average length, of which `accrued_before` is already earned.
    """
    earned = hours_worked * IRREGULAR_RATE
    return earned if most is None else max(min(earned, most - accrued_before), NONE)


def accrued_in_first_year(entitlement: Decimal, *, started: date, on: date) -> Decimal:
    """Leave that may be taken by a day of the first year: a twelfth as each month of employment starts."""
    if on < started:
        return NONE
    months = (on.year - started.year) * MONTHS + on.month - started.month
    # Somebody who started on the 31st begins each month of employment on the last day of a shorter month.
    turns_on = min(started.day, calendar.monthrange(on.year, on.month)[1])
    begun = months + (on.day >= turns_on)
    return _exact(entitlement, Fraction(min(begun, MONTHS), MONTHS))


def balance(
    *,
    granted: Decimal,
    carried_in: Decimal = NONE,
    carry_expired: bool = False,
    taken: Decimal = NONE,
    taken_before_expiry: Decimal | None = None,
    pending: Decimal = NONE,
) -> LeaveBalance:
    """Work out what is left: leave carried in is used first, and what is unused when it expires is lost.

    All that was taken was taken before the expiry unless `taken_before_expiry` says how much.
    """
    used_in_time = taken if taken_before_expiry is None else taken_before_expiry
    expired = max(carried_in - used_in_time, NONE) if carry_expired else NONE
    total = granted + carried_in
    return LeaveBalance(total=total, expired=expired, taken=taken, pending=pending, remaining=total - expired - taken)


def carry_forward(
    *, unused: Decimal, most_carried: Decimal, granted: Decimal, most_total: Decimal | None = None
) -> CarriedForward:
    """Take unused leave into a new year, within the policy's limits on what is carried and on the whole."""
    room = unused if most_total is None else most_total - granted
    carried = max(min(unused, most_carried, room), NONE)
    return CarriedForward(carried=carried, lost=unused - carried, total=granted + carried)


def rounded_up(amount: Decimal) -> Decimal:
    """Round up to one decimal, as GOV.UK does, so that nobody gets less than the law gives."""
    # Ten places first: an amount that is a whole tenth but for its 28th digit must not gain another tenth.
    return amount.quantize(Decimal("1e-10"), rounding=ROUND_HALF_UP).quantize(TENTH, rounding=ROUND_CEILING)


def nearest_hour(hours: Decimal) -> Decimal:
    """Round leave earned by irregular hours at the end of a pay period: 30 minutes and more make an hour."""
    return hours.quantize(Decimal(1), rounding=ROUND_HALF_UP)


def hours_and_minutes(hours: Decimal) -> tuple[int, int]:
    """Say hours as hours and minutes, part minutes rounded up."""
    return divmod(math.ceil(round(Fraction(hours) * 60, 6)), 60)


def _exact(amount: Decimal | Fraction, fraction: Fraction) -> Decimal:
    # Divide once and last: a result with few digits then comes out without a stray 28th digit.
    product = Fraction(amount) * fraction
    return Decimal(product.numerator) / Decimal(product.denominator)


def _positive(number: Decimal, field: str) -> Fraction:
    if number <= 0:
        message = "This must be more than 0; leave of irregular hours is earned from the hours worked."
        raise Refused([Problem(path=field, code="not_positive", message=message)])
    return Fraction(number)
