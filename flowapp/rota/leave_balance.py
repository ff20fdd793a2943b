"""How many hours of leave somebody has: entitlements, and the ledger every change is written to.

Balances are kept in hours; days would be unfair where shifts last twelve hours and seven and a half.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint, bindparam, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base, Exact, Instant, Word
from flowapp.kernel.prepared import Prepared


class LedgerKind(StrEnum):
    """Why a balance changed."""

    GRANT = "grant"  # the year's entitlement
    ADJUST = "adjust"  # by hand, with a reason
    CARRY_IN = "carry_in"  # from the year before
    EXPIRE = "expire"  # carried in and not used in time
    TAKE = "take"  # leave approved
    REFUND = "refund"  # approved leave given back


class LeaveEntitlement(Base):
    """One person's leave of one type in one leave year."""

    __tablename__ = "leave_entitlement"
    __table_args__ = (UniqueConstraint("staff_id", "leave_type", "year_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    leave_type: Mapped[str] = mapped_column(String(20))
    year_start: Mapped[date]
    year_end: Mapped[date]


class LedgerEntry(Base):
    """One change of a balance, never altered; the balance after it stands beside it."""

    __tablename__ = "leave_ledger"

    id: Mapped[int] = mapped_column(primary_key=True)
    entitlement_id: Mapped[int] = mapped_column(ForeignKey("leave_entitlement.id"), index=True)
    kind: Mapped[StrEnum] = mapped_column(Word(LedgerKind))
    hours: Mapped[Decimal] = mapped_column(Exact)  # signed: leave taken is negative
    balance_after: Mapped[Decimal] = mapped_column(Exact)
    leave_request_id: Mapped[int | None] = mapped_column(ForeignKey("leave_request.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(String(120))


def grant(
    session: Session,
    *,
    staff_id: int,
    leave_type: str,
    year: tuple[date, date],
    hours: Decimal,
    at: datetime,
    by: str,
) -> int:
    """Give somebody their leave for a year, and answer the entitlement's number."""
    entitlement = LeaveEntitlement(staff_id=staff_id, leave_type=leave_type, year_start=year[0], year_end=year[1])
    session.add(entitlement)
    session.flush()
    add_entry(session, entitlement.id, LedgerKind.GRANT, hours, at=at, by=by)
    return entitlement.id


class Balance(NamedTuple):
    """What is left of an entitlement."""

    entitlement_id: int
    hours: Decimal


_LAST = (
    select(LedgerEntry.balance_after)
    .where(LedgerEntry.entitlement_id == LeaveEntitlement.id)
    .order_by(LedgerEntry.id.desc())
    .limit(1)
    .scalar_subquery()
)
_BALANCE = Prepared(
    select(LeaveEntitlement.id, func.coalesce(_LAST, 0, type_=Exact())).where(
        LeaveEntitlement.staff_id == bindparam("staff_id"),
        LeaveEntitlement.leave_type == bindparam("leave_type"),
        LeaveEntitlement.year_start <= bindparam("day", type_=Date),
        LeaveEntitlement.year_end >= bindparam("day", type_=Date),
    ),
    Balance,
)
_LAST_BALANCE: Prepared[Any] = Prepared(
    select(LedgerEntry.balance_after)
    .where(LedgerEntry.entitlement_id == bindparam("entitlement_id"))
    .order_by(LedgerEntry.id.desc())
    .limit(1)
)
_ADD: Prepared[Any] = Prepared(
    insert(LedgerEntry),
    columns=("entitlement_id", "kind", "hours", "balance_after", "leave_request_id", "at", "by"),
)


_TAKEN: Prepared[Any] = Prepared(
    select(LedgerEntry.entitlement_id, func.sum(LedgerEntry.hours, type_=Exact()))
    .where(LedgerEntry.leave_request_id == bindparam("leave_request_id"))
    .group_by(LedgerEntry.entitlement_id)
    .order_by(LedgerEntry.entitlement_id)
)


def taken_by(session: Session, leave_request_id: int) -> list[tuple[int, Decimal]]:
    """Answer what a leave request has taken from each entitlement, as negative hours; nothing once given back."""
    return [(id_, hours) for id_, hours in _TAKEN.rows(session, leave_request_id=leave_request_id) if hours]


def balance_on(session: Session, staff_id: int, leave_type: str, day: date) -> Balance | None:
    """Answer what is left of the entitlement that covers a day, or None when there is none."""
    return _BALANCE.first(session, staff_id=staff_id, leave_type=leave_type, day=day)


def add_entry(
    session: Session,
    entitlement_id: int,
    kind: LedgerKind,
    hours: Decimal,
    *,
    at: datetime,
    by: str,
    leave_request_id: int | None = None,
) -> Decimal:
    """Write one change of a balance, and answer the balance after it."""
    before: Decimal = _LAST_BALANCE.value(session, entitlement_id=entitlement_id) or Decimal(0)
    after = before + hours
    _ADD.run(
        session,
        entitlement_id=entitlement_id,
        kind=kind,
        hours=hours,
        balance_after=after,
        leave_request_id=leave_request_id,
        at=at,
        by=by,
    )
    return after
