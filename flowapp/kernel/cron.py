"""When a schedule is due: croniter finds times on the wall, and here they become moments as Debian's cron has them.

croniter is never shown a time zone: when the clocks go back it starts what has a fixed time twice. Here a fixed time
that is skipped is due right after the gap, one that comes twice is due the first time, and what has a star for its
minute or hour is due whenever the clock really shows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from heapq import merge
from itertools import product
from zoneinfo import ZoneInfo

from flowapp.kernel.cron_reading import LAST_DAY, LAST_WEEKDAY, Cron, CronError, CronField, read_cron

MINUTE = timedelta(minutes=1)
_LONG_AGO = datetime(2000, 1, 1)  # noqa: DTZ001 - a time on the wall, of no zone
_NEVER = "No day fits the day of the month, the month and the day of the week. Choose a day that the month has."
_NO_MORE = "The calendar has no such time after that. Ask from a day nearer to today."
_LAST_DAYS = "26-31"  # among them is the last day from Monday to Friday of any month
_WORKING_DAYS = range(1, 6)
_MOST_PASSED_OVER = 100  # days of one pattern in a row; twelve Februaries are the most that help


def check_cron(expression: str) -> Cron:
    """Read an expression that comes due some day; raises CronError."""
    cron = read_cron(expression)
    if not _patterns(expression):
        raise CronError(_NEVER)
    return cron


def next_after(expression: str, zone: ZoneInfo, moment: datetime) -> datetime:
    """Answer the first moment later than this one at which the expression is due, in UTC; raises CronError."""
    fixed = check_cron(expression).fixed
    try:
        found = (_next_fixed if fixed else _next_real)(expression, zone, moment.astimezone(UTC))
    except OverflowError:
        found = None
    if found is None:
        raise CronError(_NO_MORE)
    return found


def _next_fixed(expression: str, zone: ZoneInfo, after: datetime) -> datetime | None:
    for wall in _walls(expression, _wall(zone, after)):
        while _offset(zone, wall, 0) < _offset(zone, wall, 1):  # the clocks skip it
            wall += MINUTE
        if (due := _moment(zone, wall, 0)) > after:
            return due
    return None


def _next_real(expression: str, zone: ZoneInfo, after: datetime) -> datetime | None:
    wall = _wall(zone, after)
    found = _later(expression, zone, wall, after)
    if _twice(zone, wall) and after.astimezone(zone).fold == 0:
        while _twice(zone, wall - MINUTE):  # the hour is about to come again, from its beginning
            wall -= MINUTE
        again = next(_walls(expression, wall - MINUTE), None)
        if again is not None and _twice(zone, again) and (found is None or _moment(zone, again, 1) < found):
            return _moment(zone, again, 1)
    return found


def _later(expression: str, zone: ZoneInfo, wall: datetime, after: datetime) -> datetime | None:
    for each in _walls(expression, wall):
        before, behind = _offset(zone, each, 0), _offset(zone, each, 1)
        if before < behind:
            continue  # the clock never shows it
        for fold in (0, 1):
            if (due := _moment(zone, each, fold)) > after:
                return due
    return None


def _wall(zone: ZoneInfo, moment: datetime) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0, second=0, microsecond=0)


def _moment(zone: ZoneInfo, wall: datetime, fold: int) -> datetime:
    return wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _offset(zone: ZoneInfo, wall: datetime, fold: int) -> timedelta:
    return wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta()


def _twice(zone: ZoneInfo, wall: datetime) -> bool:
    return _offset(zone, wall, 0) > _offset(zone, wall, 1)


def _walls(expression: str, after: datetime) -> Iterator[datetime]:
    """Go through the times on the wall that are later, in order."""
    return merge(*(_of_pattern(pattern, only, after) for pattern, only in _patterns(expression)))


def _of_pattern(pattern: str, last_weekday: bool, after: datetime) -> Iterator[datetime]:
    from croniter import CroniterBadDateError, croniter  # loaded by the first schedule, not by the start

    times = croniter(pattern, after, ret_type=datetime, day_or=False)
    passed_over = 0
    while passed_over < _MOST_PASSED_OVER:
        try:
            found: datetime = times.get_next()
        except (CroniterBadDateError, OverflowError, ValueError):  # the last two at the end of the calendar
            return
        if last_weekday and not _is_last_weekday(found):
            passed_over += 1
            times.set_current(found.replace(hour=23, minute=59), force=True)  # the rest of that day is no better
        else:
            passed_over = 0
            yield found


def _is_last_weekday(day: datetime) -> bool:
    rest = [day + timedelta(days=n) for n in range(1, 4)]
    later = any(each.month == day.month and each.isoweekday() in _WORKING_DAYS for each in rest)
    return day.isoweekday() in _WORKING_DAYS and not later


@lru_cache(maxsize=512)
def _patterns(expression: str) -> tuple[tuple[str, bool], ...]:
    """Take an expression apart into patterns that croniter reads as we mean them, and leave out those never due.

    In each, a day must fit both fields. The second value says that only last days from Monday to Friday count.
    """
    cron = read_cron(expression)
    times = " ".join((_list(cron.minute), _list(cron.hour)))
    by_month, by_week = _days(cron.day), _weekdays(cron.weekday)
    either = [(day, "*") for day in by_month] + [("*", weekday) for weekday in by_week]
    days = product(by_month, by_week) if cron.both_days else either
    made = [
        (f"{times} {_LAST_DAYS if day == LAST_WEEKDAY else day} {_list(cron.month)} {weekday}", day == LAST_WEEKDAY)
        for day, weekday in days
    ]
    return tuple(each for each in made if next(_of_pattern(*each, _LONG_AGO), None) is not None)


def _list(field: CronField) -> str:
    return "*" if field.everything else ",".join(map(str, field.numbers))


def _days(field: CronField) -> list[str]:
    plain = [_list(field)] if field.numbers else []
    return plain + [end for end in (LAST_DAY, LAST_WEEKDAY) if end in field.ends]


def _weekdays(field: CronField) -> list[str]:
    plain = [_list(field)] if field.numbers else []
    counted = [f"{day}#{nth}" for day, nth in field.nth] + [f"L{day}" for day in field.last]
    return plain + ([",".join(counted)] if counted else [])
