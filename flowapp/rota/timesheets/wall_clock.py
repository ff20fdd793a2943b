"""From what somebody read off the clock when they came and went to instants, also when the clocks change."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.wall_time import Interval, instant, zone_of
from flowapp.rota.wording import day_text

ONE_DAY, ONE_MINUTE = timedelta(days=1), timedelta(minutes=1)
# How long before its planned start somebody may come, and after its planned end go.
SLACK = timedelta(hours=6)


class Which(StrEnum):
    """Which of the two, where the clock showed a time twice."""

    FIRST = "first"  # before the clocks went back
    SECOND = "second"  # after it


class _Reading(NamedTuple):
    """What the clock means by a time on one day: one moment, two, or none."""

    day: date
    moments: tuple[datetime, ...]


def came_at(at: time, plan: Interval, zone: str, which: Which | None = None) -> datetime:
    """Say when somebody came who wrote down this time; raises Refused when no moment near the plan fits."""
    window = Interval(plan.starts_at - SLACK, plan.ends_at - ONE_MINUTE)
    return _moment(at, plan.starts_at, window, zone, which, "start")


def went_at(at: time, came: datetime, plan: Interval, zone: str, which: Which | None = None) -> datetime:
    """Say when somebody went who wrote down this time; raises Refused as `came_at` does."""
    window = Interval(min(came, plan.ends_at), plan.ends_at + SLACK)
    return _moment(at, plan.ends_at, window, zone, which, "end")


def as_written(moment: datetime, zone: str) -> tuple[str, str]:
    """Answer what the clock showed at a moment, and which of the two it was where it showed that twice."""
    local = moment.astimezone(zone_of(zone))
    moments = _reading(local.date(), local.time().replace(fold=0), zone).moments
    which = "" if len(moments) < 2 else (Which.SECOND if local.fold else Which.FIRST).value
    return f"{local:%H:%M}", which


def _moment(at: time, near: datetime, window: Interval, zone: str, which: Which | None, field: str) -> datetime:
    today = near.astimezone(zone_of(zone)).date()
    readings = [_reading(day, at, zone) for day in (today - ONE_DAY, today, today + ONE_DAY)]
    fitting = [
        _Reading(each.day, found)
        for each in readings
        if (found := tuple(m for m in each.moments if window.starts_at <= m <= window.ends_at))
    ]
    if not fitting:
        raise Refused([_no_moment(at, readings, window, zone, field)])
    best = min(fitting, key=lambda each: min(abs(m - near) for m in each.moments))
    if len(best.moments) == 1:
        return best.moments[0]
    if which is None:
        raise Refused([_twice(at, best.day, field)])
    return best.moments[0 if which is Which.FIRST else 1]


def _reading(day: date, at: time, zone: str) -> _Reading:
    first, second = instant(day, at, zone, fold=0), instant(day, at, zone, fold=1)
    if first == second:
        return _Reading(day, (first,))
    return _Reading(day, (first, second) if first < second else ())  # a time that is skipped has no moment


def _twice(at: time, day: date, field: str) -> Problem:
    message = (
        f"The clocks went back on {day_text(day)}, so it was {at:%H:%M} twice. "
        "Say whether you mean the first time or the second."
    )
    return Problem(path=f"{field}_which", code="ambiguous", message=message)


def _no_moment(at: time, readings: list[_Reading], window: Interval, zone: str, field: str) -> Problem:
    days = {edge.astimezone(zone_of(zone)).date() for edge in (window.starts_at, window.ends_at)}
    for each in readings:
        if not each.moments and each.day in days:
            message = (
                f"It was never {at:%H:%M} on {day_text(each.day)}, since the clocks went forward. "
                "Write the time the clock showed."
            )
            return Problem(path=field, code="skipped", message=message)
    message = f"{at:%H:%M} is too far from the planned {field} of this shift. Check the time."
    return Problem(path=field, code="too_far", message=message)
