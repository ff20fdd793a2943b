"""E10: whether a week keeps a day without work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from flowapp.rota.eligibility.candidate import Candidate
from flowapp.rota.eligibility.finding import Finding, Mode
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.wall_time import Interval
from flowapp.rota.wording import amount_text, day_text, number_text
from flowapp.rota.working_time.rest import ADVISED_WEEKLY_HOURS, FORTNIGHT_DAYS, WEEK_DAYS, WEEKLY_HOURS, weekly_rest

A_WEEK = timedelta(days=WEEK_DAYS)


def weekly(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E10: each week that the shift touches keeps 24 hours of rest, or its fortnight twice as much.

    Only what this shift takes counts.
    """
    without = [held.interval for held in who.shifts_beside(slot.shift_id)]
    for monday, longest in _short_weeks(slot, without):
        if _fortnight_is_enough([*without, slot.interval], monday, slot.timezone):
            continue
        yield Finding(
            rule="E10",
            mode=Mode.WARN,
            code="REST_WEEKLY",
            text=(
                f"{amount_text(longest, 'hour')} of rest at most in the week of {day_text(monday)} "
                f"(needs {number_text(WEEKLY_HOURS)}, better {number_text(ADVISED_WEEKLY_HOURS)})"
            ),
            evidence={"hours": longest},
        )


def takes_a_week(slot: Slot, who: Candidate) -> bool:
    """Say whether a week would keep too little rest, so that the weeks beside it have to be looked at."""
    return any(_short_weeks(slot, [held.interval for held in who.shifts_beside(slot.shift_id)]))


def _short_weeks(slot: Slot, without: Sequence[Interval]) -> Iterator[tuple[date, Decimal]]:
    for monday in sorted({monday_of(slot.day), monday_of(slot.last_day)}):
        left = weekly_rest([*without, slot.interval], monday, slot.timezone)
        if not left.is_enough and weekly_rest(without, monday, slot.timezone).is_enough:
            yield monday, left.longest


def monday_of(day: date) -> date:
    """Answer the Monday of the week a day lies in."""
    return day - timedelta(days=day.weekday())


def _fortnight_is_enough(shifts: Sequence[Interval], monday: date, zone: str) -> bool:
    begins = (monday - A_WEEK, monday)
    return any(weekly_rest(shifts, first, zone, days=FORTNIGHT_DAYS).is_enough for first in begins)
