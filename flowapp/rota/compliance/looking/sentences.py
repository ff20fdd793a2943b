"""How findings are said: a person or a home, how often, the worst, and each case as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flowapp.kernel.calendar_names import MONTHS, WEEKDAYS
from flowapp.rota.compliance.finding import Evidence

MOST_SHOWN = 20


class Case(NamedTuple):
    """One time a rule was broken."""

    day: date
    value: str  # `9.5 hours of rest`
    label: str = ""  # the day, unless told otherwise


def long_day(day: date) -> str:
    """Say a day with its weekday: Monday 23 November 2026."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def clock_text(moment: datetime, zone: str) -> str:
    """Say a moment by the clock of the home: Monday 23 November 2026, 20:00."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{long_day(local.date())}, {local:%H:%M}"


def shown(cases: Sequence[Case]) -> tuple[Evidence, ...]:
    """Answer cases as evidence; of very many the first, and how many are left."""
    found = [Evidence(label=each.label or long_day(each.day), value=each.value) for each in cases[:MOST_SHOWN]]
    if len(cases) > MOST_SHOWN:
        found.append(Evidence(label="And more", value=f"{len(cases) - MOST_SHOWN} further times"))
    return tuple(found)


def times_text(count: int) -> str:
    """Say how often: once, twice, 3 times."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
