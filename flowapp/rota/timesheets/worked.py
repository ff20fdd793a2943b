"""What somebody worked: the hours, what cannot be, and how it differs from the plan, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from flowapp.kernel.errors import Problem
from flowapp.rota.timesheets.timesheet import LONGEST_BREAK_MINUTES
from flowapp.rota.wall_time import Interval, elapsed_hours
from flowapp.rota.wording import HUNDREDTH, amount_text

LONGEST_HOURS = 24
TOLERANCE_MINUTES = 5  # who comes or goes so close to the plan came and went as planned
MINUTES_IN_HOUR = 60


@dataclass(frozen=True, kw_only=True)
class Worked:
    """When somebody came and went, and their unpaid break."""

    in_at: datetime
    out_at: datetime
    break_minutes: int

    @property
    def hours(self) -> Decimal:
        """The hours that really passed, less the break."""
        break_hours = Decimal(self.break_minutes) / MINUTES_IN_HOUR
        return (elapsed_hours(self.in_at, self.out_at) - break_hours).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How what was worked differs from the plan."""

    words: tuple[str, ...]
    hours: Decimal  # more than planned; below 0 when fewer

    @property
    def matches(self) -> bool:
        """Whether it is as planned, but for a few minutes."""
        return not self.words

    @property
    def text(self) -> str:
        """The whole of it in one sentence without its full stop."""
        if self.matches:
            return "As planned"
        said = ", ".join(self.words)
        return f"{said[0].upper()}{said[1:]}: {self._hours_text}"

    @property
    def _hours_text(self) -> str:
        if not self.hours:
            return "as many hours as planned"
        return f"{amount_text(abs(self.hours), 'hour')} {'more' if self.hours > 0 else 'fewer'} than planned"


def difference(plan: Interval, planned_break: int, planned_hours: Decimal, worked: Worked) -> Difference:
    """Compare what was worked with the plan."""
    words = (*_differing(plan, planned_break, worked),)
    return Difference(words=words, hours=worked.hours - planned_hours)


def wrong(worked: Worked, now: datetime) -> Iterator[Problem]:
    """Answer what cannot be about hours that somebody hands in."""
    if worked.out_at <= worked.in_at:
        yield Problem(path="end", code="before_start", message="The end is not after the start. Check both times.")
        return
    if elapsed_hours(worked.in_at, worked.out_at) > LONGEST_HOURS:
        message = f"Nobody works more than {LONGEST_HOURS} hours without going home. Check both times."
        yield Problem(path="end", code="too_long", message=message)
    if worked.out_at > now:
        message = "This time has not come yet. Hand in your hours when you have gone."
        yield Problem(path="end", code="in_future", message=message)
    yield from _wrong_break(worked)


def _wrong_break(worked: Worked) -> Iterator[Problem]:
    if not 0 <= worked.break_minutes <= LONGEST_BREAK_MINUTES:
        message = f"The unpaid break is from 0 to {LONGEST_BREAK_MINUTES} minutes."
        yield Problem(path="break_minutes", code="out_of_range", message=message)
    elif worked.hours <= 0:
        message = "The break is as long as the time you were there; make it shorter."
        yield Problem(path="break_minutes", code="too_long", message=message)


def _differing(plan: Interval, planned_break: int, worked: Worked) -> Iterator[str]:
    came, went = _minutes(plan.starts_at, worked.in_at), _minutes(plan.ends_at, worked.out_at)
    if abs(came) > TOLERANCE_MINUTES:
        yield f"came {amount_text(abs(came), 'minute')} {'late' if came > 0 else 'early'}"
    if abs(went) > TOLERANCE_MINUTES:
        minutes = amount_text(abs(went), "minute")
        yield f"stayed {minutes} longer" if went > 0 else f"went {minutes} early"
    if worked.break_minutes != planned_break:
        yield f"{amount_text(worked.break_minutes, 'minute')} of break instead of {planned_break}"


def _minutes(planned: datetime, real: datetime) -> int:
    return round((real - planned).total_seconds() / MINUTES_IN_HOUR)
