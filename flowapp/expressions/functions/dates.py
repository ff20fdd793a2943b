"""The functions for dates and times; moment, time zone and bank holidays are the environment's."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from flowapp.expressions.errors import Fault
from flowapp.expressions.frame import Frame
from flowapp.expressions.functions import pattern
from flowapp.expressions.functions.function import function
from flowapp.expressions.functions.parameter import Parameter
from flowapp.expressions.limits import NUMBER
from flowapp.expressions.moments import (
    is_working_day as works_on,
)
from flowapp.expressions.moments import (
    move_days,
    move_seconds,
    move_working_days,
    start_of_day,
)
from flowapp.expressions.values import CONTEXT, decimal, moment
from flowapp.kernel.calendar_names import WEEKDAYS

_DAY: Final = Parameter("d", "day")
_MOMENT: Final = Parameter("d", "moment")
_MOST_HOURS: Final = NUMBER // 3600
_MICROSECOND: Final = timedelta(microseconds=1)
_HOUR: Final = Decimal(3_600_000_000)  # microseconds


@function("dates", gives="date", says="today", needs="moment", examples=(("today()", 'date("2026-11-23")'),))
def today(frame: Frame) -> date:
    """The date on which the step began, in the home's time zone."""
    return frame.environment.today()


@function(
    "dates",
    gives="datetime",
    says="now",
    needs="moment",
    examples=(("now()", 'datetime("2026-11-23T09:30")'),),
)
def now(frame: Frame) -> datetime:
    """The moment at which the step began; a retry sees the same one."""
    return moment(frame.environment.now)


@function(
    "dates",
    Parameter("text", "day"),
    gives="date",
    says="the date {0}",
    needs="zone",
    examples=(('date("2026-11-23") < date("2026-12-01")', "true"),),
)
def date_(frame: Frame, value: date) -> date:
    """The date that a text such as 2026-11-23 says, or the date of a date-time in the home."""
    return value


@function(
    "dates",
    Parameter("text", "moment"),
    gives="datetime",
    says="the time {0}",
    needs="zone",
    examples=(('datetime("2026-11-23T07:30") < now()', "true"),),
)
def datetime_(frame: Frame, value: date) -> datetime:
    """The date-time that a text such as 2026-11-23T07:30 says, in the home's zone unless it names one."""
    return value if isinstance(value, datetime) else start_of_day(value, frame)


@function(
    "dates",
    Parameter("a", "day"),
    Parameter("b", "day"),
    gives="number",
    says="the days from {0} to {1}",
    needs="zone",
    examples=(('days_between("2026-11-23", "2026-12-01")', "8"),),
)
def days_between(frame: Frame, first: date, second: date) -> int:
    """How many days there are from the first date to the second; less than 0 when the second is earlier."""
    return (second - first).days


@function(
    "dates",
    Parameter("a", "time"),
    Parameter("b", "time"),
    gives="number",
    says="the hours from {0} to {1}",
    needs="zone",
    examples=(('hours_between("2026-11-23T07:00", "2026-11-23T14:30")', "7.5"),),
)
def hours_between(frame: Frame, first: datetime, second: datetime) -> Decimal:
    """How many hours pass from the first date-time to the second, also when the clocks change in between."""
    microseconds: int = (second - first) // _MICROSECOND
    return decimal(CONTEXT.divide(Decimal(microseconds), _HOUR))


@function(
    "dates",
    _MOMENT,
    Parameter("n", "whole"),
    gives="same",
    says="{1} days after {0}",
    needs="zone",
    examples=(('add_days(date("2026-11-23"), 7)', 'date("2026-11-30")'),),
)
def add_days(frame: Frame, value: date, days: int) -> date:
    """The date, or the date-time at the same time of day, so many days later; below 0 earlier."""
    return move_days(value, days, frame)


@function(
    "dates",
    Parameter("t", "time"),
    Parameter("n", "number"),
    gives="datetime",
    says="{1} hours after {0}",
    needs="zone",
    examples=(('add_hours("2026-11-23T07:00", 7.5)', 'datetime("2026-11-23T14:30")'),),
)
def add_hours(frame: Frame, value: datetime, hours: int | Decimal) -> datetime:
    """The date-time so many hours later; below 0 earlier."""
    if not -_MOST_HOURS <= hours <= _MOST_HOURS:
        raise Fault("out_of_range", "These are too many hours.")
    return move_seconds(value, hours * 3600 if isinstance(hours, int) else CONTEXT.multiply(hours, 3600))


@function(
    "dates",
    _MOMENT,
    Parameter("n", "whole"),
    gives="same",
    says="{1} working days after {0}",
    needs="moment",
    examples=(('add_working_days(date("2026-11-27"), 1)', 'date("2026-11-30")'),),
)
def add_working_days(frame: Frame, value: date, days: int) -> date:
    """So many days later, not counting Saturdays, Sundays and the bank holidays of the home's nation."""
    return move_working_days(value, days, frame)


@function(
    "dates",
    _DAY,
    gives="text",
    says="the weekday of {0}",
    needs="zone",
    examples=(('weekday("2026-11-23")', '"Monday"'),),
)
def weekday(frame: Frame, day: date) -> str:
    """The day of the week, such as Monday."""
    return WEEKDAYS[day.weekday()]


@function(
    "dates",
    _DAY,
    gives="boolean",
    says="{0} is at a weekend",
    denies="{0} is not at a weekend",
    needs="zone",
    examples=(('is_weekend("2026-11-28")', "true"),),
)
def is_weekend(frame: Frame, day: date) -> bool:
    """Whether the date is a Saturday or a Sunday."""
    return day.weekday() >= 5


@function(
    "dates",
    _DAY,
    gives="boolean",
    says="{0} is a bank holiday",
    denies="{0} is not a bank holiday",
    needs="moment",
    examples=(('is_bank_holiday("2026-11-23")', "false"),),
)
def is_bank_holiday(frame: Frame, day: date) -> bool:
    """Whether the date is a bank holiday of the home's nation."""
    return frame.environment.calendar.is_bank_holiday(day)


@function(
    "dates",
    _DAY,
    gives="boolean",
    says="{0} is a working day",
    denies="{0} is not a working day",
    needs="moment",
    examples=(('is_working_day("2026-11-23")', "true"),),
)
def is_working_day(frame: Frame, day: date) -> bool:
    """Whether the date is neither at a weekend nor a bank holiday."""
    return works_on(day, frame)


@function(
    "dates",
    _MOMENT,
    Parameter("pattern", "text"),
    gives="text",
    says="{0} written out",
    needs="zone",
    examples=(
        ('format_date("2026-11-23", "d MMMM yyyy")', '"23 November 2026"'),
        ('format_date("2026-11-23T19:05", "EEE d MMM, HH:mm")', '"Mon 23 Nov, 19:05"'),
    ),
)
def format_date(frame: Frame, value: date, written: str) -> str:
    """The date as the pattern shows it: d MMMM yyyy; EEEE is the weekday, HH:mm the time in the home."""
    return pattern.written(value, written, frame)
