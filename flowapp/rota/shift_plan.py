"""What a shift is to be like, as people say it, and what follows from that: instants, paid hours, its type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum

from flowapp.events.event import Change
from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.leave_period import EARLIEST_YEAR, LATEST_YEAR
from flowapp.rota.shifts import (
    LONGEST_BREAK_MINUTES,
    LONGEST_HOURS,
    LONGEST_SLEEP_IN_HOURS,
    ShiftKind,
    WorkingTime,
)
from flowapp.rota.staff import JobRole
from flowapp.rota.wall_time import ShiftTimes, instants
from flowapp.rota.wording import amount_text

LONGEST_NOTES = 2000
MOST_SKILLS = 20
SKILL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
# Three hours between 23:00 and 06:00 make a night worker's shift: Working Time Regulations 1998, regulation 2.
NIGHT_BEGINS, NIGHT_ENDS, NIGHT_HOURS = 23, 6, 3
LONG_DAY_HOURS = 10
NOON = time(12)


class ShiftType(StrEnum):
    """What people call a shift."""

    EARLY = "early"  # begins before noon
    LATE = "late"  # begins at noon or later
    LONG_DAY = "long_day"  # ten hours or more
    NIGHT = "night"  # three hours or more of it between 23:00 and 06:00
    SLEEP_IN = "sleep_in"  # asleep in the home, woken when needed
    ON_CALL = "on_call"  # reached by telephone
    TRAINING = "training"  # learning, not caring


@dataclass(frozen=True, kw_only=True)
class ShiftPlan:
    """What may be said of a shift, and said anew, before anybody works it."""

    unit_id: int | None
    role: JobRole
    date: date
    start: time
    end: time  # not after the start: on the next day
    unpaid_break_minutes: int = 0
    kind: ShiftKind = ShiftKind.REGULAR
    working_time: WorkingTime = WorkingTime.FULL
    notes: str = ""
    skills: tuple[str, ...] = ()

    @property
    def type(self) -> ShiftType:
        """What people call such a shift; by the clock on the wall, so that a change of clocks alters nothing."""
        if self.working_time is not WorkingTime.FULL:
            return ShiftType(self.working_time.value)
        if self.kind is ShiftKind.TRAINING:
            return ShiftType.TRAINING
        begin, end = _minutes(self.start), _minutes(self.end)
        end += 0 if end > begin else 24 * 60
        if _night_minutes(begin, end) >= NIGHT_HOURS * 60:
            return ShiftType.NIGHT
        if end - begin >= LONG_DAY_HOURS * 60:
            return ShiftType.LONG_DAY
        return ShiftType.EARLY if self.start < NOON else ShiftType.LATE


@dataclass(frozen=True)
class Timed:
    """The instants of a planned shift, and the hours that are paid for it."""

    times: ShiftTimes
    hours: Decimal


def timed(plan: ShiftPlan, zone: str) -> Timed:
    """Work a plan out in a home's time zone; raises Refused, naming each field that makes no sense."""
    problems = [*_wrong_words(plan)]
    if problems:
        raise Refused(problems)
    times = instants(plan.date, plan.start, plan.end, zone)
    if problems := [*_wrong_length(plan, times)]:
        raise Refused(problems)
    return Timed(times, times.paid_hours(plan.unpaid_break_minutes))


def differences(old: ShiftPlan, new: ShiftPlan) -> tuple[Change, ...]:
    """Answer every field whose value is another now."""
    before, after = as_said(old), as_said(new)
    return tuple(
        Change(field=name, old=before[name], new=after[name]) for name in before if before[name] != after[name]
    )


def as_said(plan: ShiftPlan) -> dict[str, object]:
    """Answer a plan as plain data, its times as people write them."""
    clock = {"start": f"{plan.start:%H:%M}", "end": f"{plan.end:%H:%M}", "skills": list(plan.skills)}
    return asdict(plan) | clock


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _night_minutes(begin: int, end: int) -> int:
    # A stretch of at most two days meets the nights that begin the evening before, this evening and the next.
    nights = ((NIGHT_BEGINS * 60 + day, (NIGHT_ENDS + 24) * 60 + day) for day in (-1440, 0, 1440))
    return sum(max(0, min(end, last) - max(begin, first)) for first, last in nights)


def _wrong_words(plan: ShiftPlan) -> Iterator[Problem]:
    if not EARLIEST_YEAR <= plan.date.year <= LATEST_YEAR:
        message = f"The year {plan.date.year} cannot be right; check the date."
        yield Problem(path="date", code="year_out_of_range", message=message)
    if not 0 <= plan.unpaid_break_minutes <= LONGEST_BREAK_MINUTES:
        message = f"The unpaid break is from 0 to {LONGEST_BREAK_MINUTES} minutes."
        yield Problem(path="unpaid_break_minutes", code="out_of_range", message=message)
    if len(plan.notes) > LONGEST_NOTES:
        message = f"The notes have more than {LONGEST_NOTES} characters; shorten them."
        yield Problem(path="notes", code="too_long", message=message)
    if len(plan.skills) > MOST_SKILLS:
        message = f"A shift asks for {MOST_SKILLS} skills at most."
        yield Problem(path="skills", code="too_many", message=message)
    for code in plan.skills:
        if not SKILL.fullmatch(code):
            message = f'"{code}" is not a code of a skill; write letters, digits and hyphens, such as MEDS.'
            yield Problem(path="skills", code="bad_code", message=message)


def _wrong_length(plan: ShiftPlan, times: ShiftTimes) -> Iterator[Problem]:
    sleeps = plan.working_time is WorkingTime.SLEEP_IN
    most = LONGEST_SLEEP_IN_HOURS if sleeps else LONGEST_HOURS
    passing = times.ends_at - times.starts_at
    if passing > timedelta(hours=most):
        what = "A sleep-in" if sleeps else "A shift"
        message = f"{what} lasts {most} hours at most; this one has {amount_text(times.elapsed_hours, 'hour')}."
        yield Problem(path="end", code="too_long", message=message)
    if passing <= timedelta(minutes=plan.unpaid_break_minutes):
        message = "The unpaid break is as long as the shift; make it shorter."
        yield Problem(path="unpaid_break_minutes", code="too_long", message=message)
