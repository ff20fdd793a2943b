"""The rules on averages: 48 hours a week, and 8 hours in 24 for those who work nights."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from flowapp.rota.compliance.finding import Evidence, Finding
from flowapp.rota.compliance.looking.sentences import long_day
from flowapp.rota.compliance.looking.worked import NOTHING, Span, Worker
from flowapp.rota.compliance.rule import Rule
from flowapp.rota.wording import amount_text, number_text
from flowapp.rota.working_time import average, night

A_WEEK = timedelta(days=7)
Worst = tuple[Decimal, average.Reference]


def over_48_hours(worker: Worker, rule: Rule, home_id: int, span: Span) -> Iterator[Finding]:
    """Find out whether somebody works more than 48 hours a week on average, in the worst of the periods looked at."""
    if worker.opted_out:
        return
    worst = worst_average(worker, span, weeks=rule.parameters["weeks"])
    if worst is None or average.is_lawful(worst[0], opted_out=False):
        return
    hours, period = worst
    most = number_text(average.MOST_HOURS)
    yield Finding(
        rule=rule.code,
        home_id=home_id,
        severity=rule.severity,
        staff_id=worker.staff_id,
        description=f"{worker.name} works {amount_text(hours, 'hour')} a week on average; the most is {most}.",
        evidence=(
            Evidence(label="Average", value=f"{amount_text(hours, 'hour')} a week"),
            Evidence(label="Over", value=_over(period)),
            Evidence(label="Hours in all", value=amount_text(hours * period.weeks, "hour")),
            Evidence(label="Agreed in writing to more", value="No"),
        ),
    )


def long_nights(worker: Worker, rule: Rule, home_id: int, span: Span) -> Iterator[Finding]:
    """Find out whether somebody who mostly works nights works more than 8 hours in 24 on average."""
    worst = worst_average(worker, span, weeks=rule.parameters["weeks"])
    if worst is None:
        return
    week, period = worst
    hours = night.average_day(week, weeks=period.weeks)
    if night.is_lawful(hours) or not works_nights(worker, period):
        return
    yield Finding(
        rule=rule.code,
        home_id=home_id,
        severity=rule.severity,
        staff_id=worker.staff_id,
        description=f"{worker.name} works nights, and {amount_text(hours, 'hour')} in 24 on average; the most is 8.",
        evidence=(
            Evidence(label="Average", value=f"{amount_text(hours, 'hour')} in 24 hours"),
            Evidence(label="Over", value=_over(period)),
        ),
    )


def worst_average(worker: Worker, span: Span, *, weeks: int) -> Worst | None:
    """Answer the highest average of the periods that end with a week looked at, and its period."""
    if not worker.hours_by_day:
        return None
    found = [
        (average.average_week(worker.hours_by_day, period, excluded=worker.excluded), period)
        for period in _periods(worker, span, weeks)
    ]
    return max(found, key=lambda each: (each[0], each[1].last), default=None)


def works_nights(worker: Worker, period: average.Reference) -> bool:
    """Say whether somebody works nights as a normal course: half of their shifts or more."""
    stints = [each for each in worker.work if period.first <= each.day <= period.last]
    nights = sum(night.is_night_work(each.interval, worker.timezone) for each in stints)
    return nights > 0 and 2 * nights >= len(stints)


def _periods(worker: Worker, span: Span, weeks: int) -> Iterator[average.Reference]:
    """Go through the periods; somebody's first weeks are few, so that an average of a part of one says nothing."""
    day = span.first
    while day <= span.last:
        period = average.Reference.ending(day, weeks=weeks, started=worker.started)
        if period.last >= worker.started and _hours(worker, period) > average.MOST_HOURS * period.weeks:
            yield period
        day += A_WEEK


def _hours(worker: Worker, period: average.Reference) -> Decimal:
    """Answer the most that an average could be made of: the hours of the period, and of all days after it."""
    first: date = period.first
    return sum((hours for day, hours in worker.hours_by_day.items() if day >= first), NOTHING)


def _over(period: average.Reference) -> str:
    return f"{amount_text(period.weeks, 'week')}, {long_day(period.first)} to {long_day(period.last)}"
