"""Gathering what the rules about a leave request look at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from flowapp.rota.demand import held_between, is_known, shortfalls
from flowapp.rota.embargo import Place
from flowapp.rota.employment import Employment, employment
from flowapp.rota.leave import live_periods
from flowapp.rota.leave_allowance import Share, shares_of
from flowapp.rota.leave_days import Counting, LeaveCount, LeavePeriod, count
from flowapp.rota.leave_embargo import embargoes_of
from flowapp.rota.leave_facts import CheckResult, LeaveFacts, OtherLeave, Outcome
from flowapp.rota.leave_period import window
from flowapp.rota.leave_policy import Policy, policy_of
from flowapp.rota.leave_rules import check
from flowapp.rota.leave_types import LeaveType
from flowapp.rota.notice import NoticeKind, NoticeRule
from flowapp.rota.people_away import people_away
from flowapp.rota.shift_reading import held_during, rostered_since
from flowapp.rota.wall_time import instant
from flowapp.rota.wording import day_text
from flowapp.rota.work import RosteredShift

# The rules whose facts are always looked up; a rule that was not asked must not be shown as passed.
ALWAYS = frozenset({"L01", "L02", "L03", "L04", "L05", "L06", "L08", "L09", "L10"})
COVER = "L07"  # only where the home has said how many people it needs
ALLOWANCE = "L03"
USUAL_RUN = 14  # days on either side in which leave may adjoin, where a home sets no limit of its own


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """A wish for leave with everything known about it; `shares` is empty for leave that is not counted."""

    employment: Employment
    type: LeaveType
    facts: LeaveFacts
    shares: tuple[Share, ...]
    asked: frozenset[str]  # the rules whose facts are known
    clashes: tuple[int, ...]  # the person's own shifts that share time with the leave, the night before too


def gather(
    session: Session,
    staff_id: int,
    leave_type: LeaveType,
    period: LeavePeriod,
    at: datetime,
    *,
    leave_request_id: int | None = None,
    decider_staff_id: int | None = None,
) -> Gathered:
    """Look up what the rules need; a request that exists already is not held against itself."""
    person = employment(session, staff_id)
    policy = policy_of(session, person.home_id)
    held = held_between(session, staff_id, period.start, period.end)
    counted = count(period, Counting(leave_type.counting), person.work(_rostered(session, person, period)))
    shares: tuple[Share, ...] = ()
    if leave_type.counts_against_balance:
        year_starts = person.leave_year_start
        shares = shares_of(session, staff_id, leave_type.code, period, counted, year_starts=year_starts)
    facts = replace(
        _known(person, leave_type, policy, period, counted),
        today=at.astimezone(person.zone).date(),
        others=_others(session, staff_id, period, policy, leave_request_id),
        balance_before=sum((share.left for share in shares), Decimal(0)) if shares else None,
        embargoes=embargoes_of(session, person.home_id),
        people_away=people_away(session, person.home_id, person.role, period, but=staff_id),
        shortfalls=shortfalls(session, staff_id, held),
        decider_staff_id=decider_staff_id,
    )
    return Gathered(
        employment=person,
        type=leave_type,
        facts=facts,
        shares=shares,
        asked=ALWAYS | {COVER} if is_known(session, person.home_id) else ALWAYS,
        clashes=tuple(each.id for each in held_during(session, staff_id, window(period, person.timezone))),
    )


def _known(
    person: Employment, leave_type: LeaveType, policy: Policy, period: LeavePeriod, counted: LeaveCount
) -> LeaveFacts:
    """Put together what needs no looking up any more."""
    return LeaveFacts(
        period=period,
        count=counted,
        today=period.start,
        staff_id=person.staff_id,
        employed_from=person.start_date,
        employed_until=person.end_date,
        status_only=leave_type.status_only,
        half_days_allowed=leave_type.allow_half_day,
        evidence_after_days=leave_type.evidence_after_days,
        notice=policy.notice if leave_type.needs_notice else NoticeRule(kind=NoticeKind.NONE),
        may_go_below_by=policy.may_owe_hours,
        calendar=person.calendar,
        place=Place(home_id=person.home_id, role=person.role),
        away_limit=policy.away_limit,
        max_consecutive_days=policy.most_days_in_a_row,
    )


def _rostered(session: Session, person: Employment, period: LeavePeriod) -> list[RosteredShift]:
    """Answer the published shifts from the week of the first day on, so that its rota is known as a whole."""
    monday = period.start - timedelta(days=period.start.weekday())
    return rostered_since(session, person.staff_id, instant(monday, time(), person.timezone))


def _others(
    session: Session, staff_id: int, period: LeavePeriod, policy: Policy, but: int | None
) -> tuple[OtherLeave, ...]:
    near = timedelta(days=policy.most_days_in_a_row or USUAL_RUN)
    return tuple(
        OtherLeave(period=each.period, approved=each.approved, leave_request_id=each.id)
        for each in live_periods(session, staff_id, start=period.start - near, end=period.end + near)
        if each.id != but
    )


def checks_of(gathered: Gathered) -> tuple[CheckResult, ...]:
    """Ask every rule whose facts were gathered."""
    results = check(gathered.facts, gathered.asked)
    if len(gathered.shares) < 2:
        return results
    return tuple(_allowance(gathered) if result.rule == ALLOWANCE else result for result in results)


def _allowance(gathered: Gathered) -> CheckResult:
    """Ask the rule about the allowance for each leave year; hours of one year cannot make up for another's."""
    each = []
    for share in gathered.shares:
        facts = replace(gathered.facts, count=share.takes, balance_before=share.left)
        (result,) = check(facts, {ALLOWANCE})
        each.append(replace(result, text=f"In the leave year to {day_text(share.year_end)}: {_lower(result.text)}"))
    worst = max(each, key=lambda result: result.outcome is Outcome.BLOCK)
    return replace(worst, text=" ".join(result.text for result in each))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def as_rows(results: tuple[CheckResult, ...]) -> list[dict[str, Any]]:
    """Answer the results of the rules as plain data, to be kept beside a decision."""
    return [
        {"rule": r.rule, "outcome": r.outcome.value, "title": r.title, "text": r.text, "field": r.field}
        for r in results
    ]


def days_as_rows(count: LeaveCount) -> list[dict[str, Any]]:
    """Answer what each day takes as plain data."""
    return [
        {"date": day.date, "part": day.part.value, "days": day.days, "hours": day.hours, "charge": day.charge.value}
        for day in count.per_day
    ]
