"""Gathering what the rules about a leave request look at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from flowapp.rota.demand.leave_cover import shortfalls
from flowapp.rota.embargo import Embargo, Place
from flowapp.rota.employment import Employment
from flowapp.rota.leave import live_periods
from flowapp.rota.leave_allowance import Share, shares_of
from flowapp.rota.leave_basis import basis_of
from flowapp.rota.leave_days import Counting, LeaveCount, LeavePeriod, count
from flowapp.rota.leave_embargo import embargoes_of
from flowapp.rota.leave_facts import CheckResult, CoverShortfall, LeaveFacts, OtherLeave, Outcome, PeopleAway
from flowapp.rota.leave_period import window
from flowapp.rota.leave_policy import Policy
from flowapp.rota.leave_rules import check
from flowapp.rota.leave_types import LeaveType
from flowapp.rota.notice import NoticeKind, NoticeRule
from flowapp.rota.own_shifts import known_work, own_shifts, sharing_time, to_be_worked
from flowapp.rota.people_away import people_away
from flowapp.rota.wall_time import Interval, instant
from flowapp.rota.wording import day_text

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
    person, policy, cover_is_known = basis_of(session, staff_id)
    weeks = _weeks(person, period)
    shifts = own_shifts(session, staff_id, weeks)
    counted = count(period, Counting(leave_type.counting), person.work(known_work(shifts, weeks.starts_at)))
    shares: tuple[Share, ...] = ()
    if leave_type.counts_against_balance:
        year_starts = person.leave_year_start
        shares = shares_of(session, staff_id, leave_type.code, period, counted, year_starts=year_starts)
    found = _Found(
        today=at.astimezone(person.zone).date(),
        others=_others(session, staff_id, period, policy, leave_request_id),
        balance=sum((share.left for share in shares), Decimal(0)) if shares else None,
        embargoes=embargoes_of(session, person.home_id),
        people_away=people_away(session, person.home_id, person.role, period, but=staff_id),
        shortfalls=shortfalls(session, staff_id, to_be_worked(shifts, period.start, period.end)),
        decider_staff_id=decider_staff_id,
    )
    facts = _facts(person, leave_type, policy, period, counted, found)
    return Gathered(
        employment=person,
        type=leave_type,
        facts=facts,
        shares=shares,
        asked=ALWAYS | {COVER} if cover_is_known else ALWAYS,
        clashes=tuple(each.id for each in sharing_time(shifts, window(period, person.timezone))),
    )


class _Found(NamedTuple):
    """What was looked up."""

    today: date
    others: tuple[OtherLeave, ...]
    balance: Decimal | None
    embargoes: tuple[Embargo, ...]
    people_away: tuple[PeopleAway, ...]
    shortfalls: tuple[CoverShortfall, ...]
    decider_staff_id: int | None


def _facts(
    person: Employment, leave_type: LeaveType, policy: Policy, period: LeavePeriod, counted: LeaveCount, found: _Found
) -> LeaveFacts:
    return LeaveFacts(
        period=period,
        count=counted,
        today=found.today,
        others=found.others,
        balance_before=found.balance,
        embargoes=found.embargoes,
        people_away=found.people_away,
        shortfalls=found.shortfalls,
        decider_staff_id=found.decider_staff_id,
        staff_id=person.staff_id,
        employed_from=person.start_date,
        employed_until=person.end_date,
        status_only=leave_type.status_only,
        half_days_allowed=leave_type.allow_half_day,
        evidence_after_days=leave_type.evidence_after_days,
        notice=policy.notice if leave_type.needs_notice else NoticeRule(kind=NoticeKind.NONE),
        may_go_below_by=policy.may_owe_hours,
        calendar=person.calendar,
        place=Place(home_id=person.home_id, unit_id=person.unit_id, role=person.role),
        away_limit=policy.away_limit,
        max_consecutive_days=policy.most_days_in_a_row,
    )


def _weeks(person: Employment, period: LeavePeriod) -> Interval:
    """Answer the whole weeks that leave touches: a week with a shift in it is a week whose rota is known."""
    monday = period.start - timedelta(days=period.start.weekday())
    next_monday = period.end + timedelta(days=7 - period.end.weekday())
    begin, end = (instant(day, time(), person.timezone) for day in (monday, next_monday))
    return Interval(begin, end)


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
        each.append(result._replace(text=f"In the leave year to {day_text(share.year_end)}: {_lower(result.text)}"))
    worst = max(each, key=lambda result: result.outcome is Outcome.BLOCK)
    return worst._replace(text=" ".join(result.text for result in each))


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
