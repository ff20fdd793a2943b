"""Gathering what the rules about a leave request look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from flowapp.rota.employment import Employment, employment
from flowapp.rota.leave import live_periods
from flowapp.rota.leave_balance import balance_on
from flowapp.rota.leave_days import Counting, LeavePeriod, count
from flowapp.rota.leave_facts import CheckResult, LeaveFacts, OtherLeave
from flowapp.rota.leave_rules import check
from flowapp.rota.leave_types import LeaveType

# The rules whose facts are looked up below; a rule that was not asked must not be shown as passed.
ASKED = frozenset({"L01", "L02", "L03", "L10"})


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """A wish for leave with everything known about it."""

    employment: Employment
    type: LeaveType
    facts: LeaveFacts
    entitlement_id: int | None


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
    counted = leave_type.counts_against_balance
    balance = balance_on(session, staff_id, leave_type.code, period.start) if counted else None
    others = live_periods(session, staff_id, start=period.start, end=period.end)
    facts = LeaveFacts(
        period=period,
        count=count(period, Counting(leave_type.counting), person.work),
        today=at.astimezone(person.zone).date(),
        staff_id=staff_id,
        employed_from=person.start_date,
        employed_until=person.end_date,
        half_days_allowed=leave_type.allow_half_day,
        calendar=person.calendar,
        others=tuple(
            OtherLeave(period=each.period, approved=each.approved, leave_request_id=each.id)
            for each in others
            if each.id != leave_request_id
        ),
        balance_before=balance.hours if balance else leave_type.nothing_left,
        decider_staff_id=decider_staff_id,
    )
    return Gathered(
        employment=person,
        type=leave_type,
        facts=facts,
        entitlement_id=balance.entitlement_id if balance else None,
    )


def checks_of(gathered: Gathered) -> tuple[CheckResult, ...]:
    """Ask every rule whose facts were gathered."""
    return check(gathered.facts, ASKED)


def as_rows(results: tuple[CheckResult, ...]) -> list[dict[str, Any]]:
    """Answer the results of the rules as plain data, to be kept beside a decision."""
    return [
        {"rule": r.rule, "outcome": r.outcome.value, "title": r.title, "text": r.text, "field": r.field}
        for r in results
    ]
