"""What somebody has of annual leave, this leave year and the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flowapp.rota.entitlement import LeaveYear, leave_year
from flowapp.rota.leave import LeaveRequest, LeaveStatus
from flowapp.rota.leave_balance import LedgerEntry, LedgerKind, balance_on
from flowapp.rota.wording import amount_text, number_text
from flowapp.web.filters import day

ANNUAL = "ANNUAL"
NONE = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """One leave year's annual leave, in words."""

    label: str  # This leave year, to 31 March 2027
    left: str  # 184.8 hours; "None set" without an entitlement
    beside: str  # of 184.8 hours; 22 hours asked for


def allowances(session: Session, staff_id: int, today: date, starts: str) -> tuple[Allowance, ...]:
    """Answer this leave year's and the next one's."""
    this = leave_year(today, starts)
    following = leave_year(this.end + timedelta(days=1), starts)
    return (
        _allowance(session, staff_id, this, f"This leave year, to {day(this.end)}"),
        _allowance(session, staff_id, following, f"Next leave year, from {day(following.start)}"),
    )


def _allowance(session: Session, staff_id: int, year: LeaveYear, label: str) -> Allowance:
    balance = balance_on(session, staff_id, ANNUAL, year.start)
    if balance is None:
        return Allowance(label=label, left="None set", beside="No allowance is set for this year yet.")
    taken = _taken(session, balance.entitlement_id)
    total, asked = balance.hours + taken, _asked(session, staff_id, year)
    parts = [f"of {amount_text(total, 'hour')}"]
    if taken:
        parts.append(f"{number_text(taken)} approved")
    if asked:
        parts.append(f"{number_text(asked)} asked for")
    return Allowance(label=label, left=amount_text(balance.hours, "hour"), beside="; ".join(parts))


def _taken(session: Session, entitlement_id: int) -> Decimal:
    """Add up what approved leave took, less what was given back."""
    query = select(func.sum(LedgerEntry.hours)).where(
        LedgerEntry.entitlement_id == entitlement_id, LedgerEntry.kind.in_((LedgerKind.TAKE, LedgerKind.REFUND))
    )
    return -(session.scalar(query) or NONE)


def _asked(session: Session, staff_id: int, year: LeaveYear) -> Decimal:
    query = select(func.sum(LeaveRequest.hours)).where(
        LeaveRequest.staff_id == staff_id,
        LeaveRequest.type == ANNUAL,
        LeaveRequest.status == LeaveStatus.REQUESTED,
        LeaveRequest.start_date >= year.start,
        LeaveRequest.start_date <= year.end,
    )
    return session.scalar(query) or NONE
