"""The rules on rest: 11 hours a day, 24 hours a week, breaks, days in a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from flowapp.rota.compliance.finding import Finding
from flowapp.rota.compliance.looking.sentences import Case, clock_text, long_day, shown, times_text
from flowapp.rota.compliance.looking.worked import Span, Stint, Worker
from flowapp.rota.compliance.rule import Rule
from flowapp.rota.wall_time import Interval
from flowapp.rota.wording import amount_text, number_text
from flowapp.rota.working_time.breaks import ADULT, break_needed
from flowapp.rota.working_time.rest import (
    ADULT_HOURS,
    FORTNIGHT_DAYS,
    WEEK_DAYS,
    WeeklyRest,
    short_rests,
    weekly_rest,
)
from flowapp.rota.working_time.runs import runs

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=WEEK_DAYS)
BESIDE = timedelta(days=FORTNIGHT_DAYS)  # what a rule looks at before and after the days themselves
MINUTES = Decimal(60)


def short_daily_rest(worker: Worker, rule: Rule, home_id: int, span: Span) -> Iterator[Finding]:
    """Find the shifts in whose 24 hours there are no 11 hours of rest."""
    near = [each.interval for each in near_to(worker, span)]
    days = {each.starts_at: each.day for each in worker.work}
    found = [each for each in short_rests(near, ADULT_HOURS) if span.holds(days[each.starts_at])]
    if not found:
        return
    cases = [
        Case(
            days[each.starts_at],
            f"{amount_text(each.hours, 'hour')} of rest at most in 24 hours",
            clock_text(each.starts_at, worker.timezone),
        )
        for each in found
    ]
    least = min(found, key=lambda each: each.hours)
    said = f"the least {amount_text(least.hours, 'hour')} on {long_day(days[least.starts_at])}"
    words = f"{worker.name} has less than {number_text(ADULT_HOURS)} hours of rest {times_text(len(found))}, {said}."
    yield _finding(worker, rule, home_id, words, cases)


def short_weekly_rest(worker: Worker, rule: Rule, home_id: int, span: Span) -> Iterator[Finding]:
    """Find the weeks without 24 hours of rest in one piece, unless a fortnight with them makes up for it."""
    near = [each.interval for each in near_to(worker, span)]
    cases = [
        Case(monday, f"{amount_text(rest.longest, 'hour')} in one piece", f"Week from {long_day(monday)}")
        for monday in _weeks(span)
        if not (rest := weekly_rest(near, monday, worker.timezone)).is_enough and not _made_up(near, monday, worker)
    ]
    if cases:
        words = f"{worker.name} has no 24 hours of rest in one piece in {amount_text(len(cases), 'week')}."
        yield _finding(worker, rule, home_id, words, cases)


def missing_breaks(worker: Worker, rule: Rule, home_id: int, span: Span) -> Iterator[Finding]:
    """Find the long shifts whose break is too short."""
    cases = []
    for each in worker.work:
        minutes = int(each.interval.elapsed_hours * MINUTES)
        needed = break_needed(minutes, age=ADULT)
        if span.holds(each.day) and each.break_minutes < needed:
            hours = amount_text(each.interval.elapsed_hours, "hour")
            value = f"{amount_text(each.break_minutes, 'minute')} of break in {hours}, and {needed} are due"
            cases.append(Case(each.day, value))
    if cases:
        words = f"{worker.name} has no break of 20 minutes planned in {amount_text(len(cases), 'long shift')}."
        yield _finding(worker, rule, home_id, words, cases)


def days_in_a_row(worker: Worker, rule: Rule, home_id: int, span: Span) -> Iterator[Finding]:
    """Find the times somebody works more days in a row than they should."""
    most, worked = rule.parameters["days"], {each.day for each in near_to(worker, span)}
    first = span.first - BESIDE
    row = [first + number * A_DAY in worked for number in range((span.last + BESIDE - first).days + 1)]
    cases = []
    for run in runs(row):
        begins, ends = first + run.first * A_DAY, first + (run.first + run.length - 1) * A_DAY
        if run.kind and run.length > most and ends >= span.first and begins <= span.last:
            cases.append(Case(begins, amount_text(run.length, "day"), f"From {long_day(begins)}"))
    if cases:
        words = f"{worker.name} works more than {amount_text(most, 'day')} in a row {times_text(len(cases))}."
        yield _finding(worker, rule, home_id, words, cases)


def near_to(worker: Worker, span: Span) -> Sequence[Stint]:
    """Answer the work of the days looked at, and of a fortnight beside them."""
    return [each for each in worker.work if span.first - BESIDE <= each.day <= span.last + BESIDE]


def _weeks(span: Span) -> Iterator[date]:
    """Go through the Mondays whose whole week is looked at."""
    monday = span.first + timedelta(days=-span.first.weekday() % WEEK_DAYS)
    while monday + A_WEEK - A_DAY <= span.last:
        yield monday
        monday += A_WEEK


def _made_up(near: Sequence[Interval], monday: date, worker: Worker) -> bool:
    fortnights: list[WeeklyRest] = [
        weekly_rest(near, first, worker.timezone, days=FORTNIGHT_DAYS) for first in (monday - A_WEEK, monday)
    ]
    return any(each.is_enough for each in fortnights)


def _finding(worker: Worker, rule: Rule, home_id: int, words: str, cases: Sequence[Case]) -> Finding:
    return Finding(
        rule=rule.code,
        home_id=home_id,
        severity=rule.severity,
        staff_id=worker.staff_id,
        description=words,
        first_day=min(each.day for each in cases),
        last_day=max(each.day for each in cases),
        evidence=shown(cases),
    )
