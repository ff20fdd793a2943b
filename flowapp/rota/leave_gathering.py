"""Gathering what the rules about a leave request look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from flowapp.events.event import StaffFacts
from flowapp.rota.homes import CareHome, home
from flowapp.rota.leave import live_periods
from flowapp.rota.leave_balance import balance_on
from flowapp.rota.leave_days import Counting, LeavePeriod, Work, WorkingPattern, count
from flowapp.rota.leave_facts import CheckResult, LeaveFacts, OtherLeave
from flowapp.rota.leave_rules import check
from flowapp.rota.leave_types import LeaveType
from flowapp.rota.staff import JobRole, Staff, member


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """A wish for leave with everything known about it."""

    staff: Staff
    home: CareHome
    type: LeaveType
    facts: LeaveFacts
    entitlement_id: int | None

    @property
    def staff_facts(self) -> StaffFacts:
        """The person as events tell of them."""
        staff = self.staff
        return StaffFacts.model_construct(
            id=staff.id, name=staff.name, email=staff.email, role=JobRole(staff.role).label
        )


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
    staff = member(session, staff_id)
    care_home = home(session, staff.home_id)
    work = Work(
        contracted_hours=staff.contracted_hours,
        calendar=care_home.calendar,
        pattern=WorkingPattern.weekly(staff.pattern) if staff.pattern else None,
    )
    balance = (
        balance_on(session, staff_id, leave_type.code, period.start)
        if leave_type.counts_against_balance
        else None
    )
    others = live_periods(session, staff_id, start=period.start, end=period.end)
    facts = LeaveFacts(
        period=period,
        count=count(period, Counting(leave_type.counting), work),
        today=at.astimezone(care_home.zone).date(),
        staff_id=staff_id,
        employed_from=staff.start_date,
        employed_until=staff.end_date,
        half_days_allowed=leave_type.allow_half_day,
        calendar=care_home.calendar,
        others=tuple(
            OtherLeave(period=each.period, approved=each.approved, leave_request_id=each.id)
            for each in others
            if each.id != leave_request_id
        ),
        balance_before=(balance.hours if balance else leave_type.nothing_left),
        decider_staff_id=decider_staff_id,
    )
    return Gathered(
        staff=staff,
        home=care_home,
        type=leave_type,
        facts=facts,
        entitlement_id=balance.id if balance else None,
    )


# The rules whose facts are looked up above; a rule that was not asked must not be shown as passed.
ASKED = frozenset({"L01", "L02", "L03", "L10"})


def checks_of(gathered: Gathered) -> tuple[CheckResult, ...]:
    """Ask every rule whose facts were gathered."""
    return tuple(result for result in check(gathered.facts) if result.rule in ASKED)


def as_rows(results: tuple[CheckResult, ...]) -> list[dict[str, Any]]:
    """Answer the results of the rules as plain data, to be kept beside a decision."""
    return [
        {"rule": r.rule, "outcome": r.outcome.value, "title": r.title, "text": r.text, "field": r.field}
        for r in results
    ]
