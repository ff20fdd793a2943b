"""The rules on staffing: enough people by day and at night, and nobody alone at night."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flowapp.rota.compliance.finding import Evidence, Finding
from flowapp.rota.compliance.looking.sentences import clock_text, long_day
from flowapp.rota.compliance.looking.worked import House, Need, Post, Span
from flowapp.rota.compliance.rule import Rule
from flowapp.rota.shifts import WorkingTime
from flowapp.rota.wall_time import Interval, instant, read_time
from flowapp.rota.wording import list_text
from flowapp.rota.work import WEEKDAY_NAMES
from flowapp.rota.working_time.night import BEGINS, ENDS, is_night_work

A_DAY = timedelta(days=1)
DAYS_AHEAD = 3  # beyond them a rota is still being filled


def too_few_by_day(house: House, rule: Rule, span: Span) -> Iterator[Finding]:
    """Find the days on which too few people work by day."""
    yield from _too_few(house, rule, span, at_night=False)


def too_few_at_night(house: House, rule: Rule, span: Span) -> Iterator[Finding]:
    """Find the nights in which too few people work."""
    yield from _too_few(house, rule, span, at_night=True)


def alone_at_night(house: House, rule: Rule, span: Span) -> Iterator[Finding]:
    """Find the nights in which fewer people are awake in the home than there should be.

    A night of which the rota says nothing at all is left out: that is a rota not made yet, or kept elsewhere.
    """
    fewest = rule.parameters["people"]
    for day in days_of(span):
        from_, until = instant(day, BEGINS, house.timezone), instant(day + A_DAY, ENDS, house.timezone)
        posts = [each for each in house.posts if each.starts_at < until and each.ends_at > from_]
        awake = [each for each in posts if each.is_staffed and each.working_time is WorkingTime.FULL]
        moments = {from_, *(moment for each in awake for moment in (each.starts_at, each.ends_at))}
        counted = {
            moment: sum(each.starts_at <= moment < each.ends_at for each in awake)
            for moment in sorted(moments)
            if from_ <= moment < until
        }
        if not posts or min(counted.values()) >= fewest:
            continue
        worst = min(counted, key=lambda moment: (counted[moment], moment))
        words = (
            f"{_people(counted[worst])} awake at {house.name} in the night from {long_day(day)}; {fewest} should be."
        )
        facts = (
            Evidence(label="Fewest awake", value=f"{counted[worst]}, at {clock_text(worst, house.timezone)}"),
            Evidence(label="Should be", value=str(fewest)),
        )
        yield _finding(house, rule, day, words, facts)


def days_of(span: Span) -> Iterator[date]:
    """Go through the days whose staffing is looked at."""
    day = span.first
    while day <= min(span.last, span.today + DAYS_AHEAD * A_DAY):
        yield day
        day += A_DAY


def _too_few(house: House, rule: Rule, span: Span, *, at_night: bool) -> Iterator[Finding]:
    staffed = Counter(_place(each) for each in house.posts if each.is_staffed)
    whole = Counter(_place(each)[:-1] for each in house.posts if each.is_staffed)
    for day in days_of(span):
        facts = []
        for need in house.needs:
            if WEEKDAY_NAMES[day.weekday()] not in need.weekdays or _is_night(need, day, house) is not at_night:
                continue
            place = (day, need.start, need.end, need.role)
            there = whole[place] if need.unit_id is None else staffed[(*place, need.unit_id)]
            if there < need.fewest:
                label = f"{need.name.capitalize()}, {need.unit or 'the whole home'}"
                facts.append(Evidence(label=label, value=f"{there} of {need.fewest} {need.role.label.lower()}s"))
        if facts:
            short = list_text([each.label for each in facts])
            words = f"Too few people at {house.name} on {long_day(day)}: {short}."
            yield _finding(house, rule, day, words, tuple(facts))


def _place(post: Post) -> tuple[Any, ...]:
    return (post.day, post.start, post.end, post.role, post.unit_id)


def _is_night(need: Need, day: date, house: House) -> bool:
    start, end = read_time(need.start, field="start"), read_time(need.end, field="end")
    ends_on = day if end > start else day + A_DAY
    interval = Interval(instant(day, start, house.timezone), instant(ends_on, end, house.timezone))
    return is_night_work(interval, house.timezone)


def _people(count: int) -> str:
    return {0: "Nobody is", 1: "Only one person is"}.get(count, f"Only {count} people are")


def _finding(house: House, rule: Rule, day: date, words: str, facts: tuple[Evidence, ...]) -> Finding:
    return Finding(
        rule=rule.code,
        home_id=house.home_id,
        severity=rule.severity,
        about=day.isoformat(),
        description=words,
        first_day=day,
        last_day=day,
        evidence=facts,
    )
