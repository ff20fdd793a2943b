"""How many hours of leave somebody has: entitlements, and the ledger every change is written to.

Balances are kept in hours; days would be unfair where shifts last twelve hours and seven and a half.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Row, String, UniqueConstraint, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base, Exact, Instant, Word


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
    entitlement = LeaveEntitlement(
        staff_id=staff_id, leave_type=leave_type, year_start=year[0], year_end=year[1]
    )
    session.add(entitlement)
    session.flush()
    add_entry(session, entitlement.id, LedgerKind.GRANT, hours, at=at, by=by)
    return entitlement.id


_LAST = (
    select(LedgerEntry.balance_after)
    .where(LedgerEntry.entitlement_id == LeaveEntitlement.id)
    .order_by(LedgerEntry.id.desc())
    .limit(1)
    .scalar_subquery()
)


def balance_on(
    session: Session, staff_id: int, leave_type: str, day: date
) -> Row[int, Decimal] | None:
    """Answer the entitlement that covers a day and the hours left in it, or None when there is no entitlement."""
    query = select(LeaveEntitlement.id, func.coalesce(_LAST, 0, type_=Exact()).label("hours")).where(
        LeaveEntitlement.staff_id == staff_id,
        LeaveEntitlement.leave_type == leave_type,
        LeaveEntitlement.year_start <= day,
        LeaveEntitlement.year_end >= day,
    )
    return session.execute(query).one_or_none()


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
    last = select(LedgerEntry.balance_after).where(LedgerEntry.entitlement_id == entitlement_id)
    before = session.scalar(last.order_by(LedgerEntry.id.desc()).limit(1)) or Decimal(0)
    after: Decimal = before + hours
    session.execute(
        insert(LedgerEntry.__table__),  # type: ignore[arg-type]
        {
            "entitlement_id": entitlement_id,
            "kind": kind,
            "hours": hours,
            "balance_after": after,
            "leave_request_id": leave_request_id,
            "at": at,
            "by": by,
        },
    )
    return after
