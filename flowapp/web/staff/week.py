"""Says somebody's usual week in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from flowapp.kernel.calendar_names import WEEKDAYS
from flowapp.rota.wording import amount_text
from flowapp.rota.work import WEEKDAY_NAMES

SHORTEST_RUN = 3  # "Monday and Tuesday", but "Monday to Wednesday"


def week_words(pattern: Mapping[str, Decimal | int]) -> str:
    """Say the usual hours of each weekday: `Monday to Wednesday, 11 hours; Friday, 6 hours`."""
    by_hours: dict[Decimal, list[int]] = {}
    for number, name in enumerate(WEEKDAY_NAMES):
        hours = Decimal(pattern.get(name, 0))
        if hours:
            by_hours.setdefault(hours, []).append(number)
    said = [f"{_days(days)}, {amount_text(hours, 'hour')}" for hours, days in by_hours.items()]
    return "; ".join(said) or "No fixed days"


def _days(days: Sequence[int]) -> str:
    if len(days) == len(WEEKDAYS):
        return "Every day"
    parts = [_run(run) for run in _runs(days)]
    names = [name for part in parts for name in part]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _runs(days: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _run(run: Sequence[int]) -> list[str]:
    if len(run) < SHORTEST_RUN:
        return [WEEKDAYS[day] for day in run]
    return [f"{WEEKDAYS[run[0]]} to {WEEKDAYS[run[-1]]}"]
