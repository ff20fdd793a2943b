"""Leave requests: the table, and the questions pages ask of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Date, ForeignKey, Index, Select, String, Text, bindparam, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base, Exact, Instant, Plain, Word
from flowapp.kernel.errors import NotFound
from flowapp.kernel.prepared import Prepared
from flowapp.rota.leave_days import DayPart, LeavePeriod
from flowapp.rota.staff import Staff


class LeaveStatus(StrEnum):
    """Where a leave request stands."""

    REQUESTED = "requested"  # waits for a decision
    APPROVED = "approved"  # granted, the hours are taken
    CANCEL_REQUESTED = "cancel_requested"  # granted, and the person asks to give it back
    TAKEN = "taken"  # granted, and over
    REJECTED = "rejected"  # turned down, with a reason
    WITHDRAWN = "withdrawn"  # taken back before it was decided
    CANCELLED = "cancelled"  # granted, then given back
    EXPIRED = "expired"  # its first day came before a decision

    @property
    def label(self) -> str:
        """The word people see."""
        return _LABELS[self]


_LABELS = {
    LeaveStatus.REQUESTED: "Waiting for a decision",
    LeaveStatus.APPROVED: "Approved",
    LeaveStatus.CANCEL_REQUESTED: "Approved, asked to be cancelled",
    LeaveStatus.TAKEN: "Taken",
    LeaveStatus.REJECTED: "Turned down",
    LeaveStatus.WITHDRAWN: "Withdrawn",
    LeaveStatus.CANCELLED: "Cancelled",
    LeaveStatus.EXPIRED: "Ran out undecided",
}
GRANTED = (LeaveStatus.APPROVED, LeaveStatus.CANCEL_REQUESTED, LeaveStatus.TAKEN)  # the hours are taken
LIVE = (LeaveStatus.REQUESTED, *GRANTED)


class LeaveRequest(Base):
    """Somebody's wish to be away, and what became of it.

    `checks` is the result of every rule as it was when the request was decided.
    """

    __tablename__ = "leave_request"
    __table_args__ = (
        Index("ix_leave_request_staff_dates", "staff_id", "start_date", "end_date", "status"),
        # The last day comes first: who is away is asked of days to come, and a home's leave is mostly past.
        Index("ix_leave_request_home_dates", "home_id", "end_date", "start_date", "status", "staff_id"),
        Index("ix_leave_request_home_length", "home_id", "calendar_days"),  # few are long; see `people_away`
        # What the scheduler asks every second: is there leave whose day has come?
        Index("ix_leave_request_status_dates", "status", "home_id", "start_date", "end_date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    home_id: Mapped[int] = mapped_column(ForeignKey("care_home.id"))
    type: Mapped[str] = mapped_column(String(20))
    start_date: Mapped[date]
    start_part: Mapped[StrEnum] = mapped_column(Word(DayPart))
    end_date: Mapped[date]
    end_part: Mapped[StrEnum] = mapped_column(Word(DayPart))
    days: Mapped[Decimal] = mapped_column(Exact)
    hours: Mapped[Decimal] = mapped_column(Exact)
    calendar_days: Mapped[int]
    status: Mapped[StrEnum] = mapped_column(Word(LeaveStatus))
    reason: Mapped[str] = mapped_column(Text, default="")
    requested_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(160))  # in words, for people
    decided_by_id: Mapped[int | None]
    decision_execution_id: Mapped[int | None]
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decision_reason: Mapped[str | None] = mapped_column(Text)
    checks: Mapped[Any] = mapped_column(Plain, nullable=True)
    per_day: Mapped[Any] = mapped_column(Plain, nullable=True)  # what each day takes, and why
    version: Mapped[int] = mapped_column(default=1)

    @property
    def auto_decided(self) -> bool:
        """Whether a workflow decided."""
        return self.decision_execution_id is not None

    @property
    def period(self) -> LeavePeriod:
        """The days asked for."""
        return LeavePeriod(
            start=self.start_date,
            start_part=DayPart(self.start_part),
            end=self.end_date,
            end_part=DayPart(self.end_part),
        )


def leave_request(session: Session, request_id: int) -> LeaveRequest:
    """Answer the leave request with this number; raises NotFound."""
    found = session.get(LeaveRequest, request_id)
    if found is None:
        raise NotFound
    return found


class LivePeriod(NamedTuple):
    """Leave that is asked for or granted."""

    id: int
    period: LeavePeriod
    approved: bool


def _live_period(id_: int, start: date, a: DayPart, end: date, b: DayPart, status: LeaveStatus) -> LivePeriod:
    return LivePeriod(id_, LeavePeriod(start, a, end, b), status in GRANTED)


_LIVE_PERIODS = Prepared(
    select(
        LeaveRequest.id,
        LeaveRequest.start_date,
        LeaveRequest.start_part,
        LeaveRequest.end_date,
        LeaveRequest.end_part,
        LeaveRequest.status,
    ).where(
        LeaveRequest.staff_id == bindparam("staff_id"),
        LeaveRequest.start_date <= bindparam("end", type_=Date),
        LeaveRequest.end_date >= bindparam("start", type_=Date),
        or_(*(LeaveRequest.status == status for status in LIVE)),
    ),
    _live_period,
)


def live_periods(session: Session, staff_id: int, *, start: date, end: date) -> list[LivePeriod]:
    """Answer the requested and granted leave of one person that touches the days from start to end."""
    return _LIVE_PERIODS.rows(session, staff_id=staff_id, start=start, end=end)


class OpenRequest(NamedTuple):
    """What deciding a leave request looks at."""

    id: int
    staff_id: int
    home_id: int
    type: str
    start_date: date
    start_part: DayPart
    end_date: date
    end_part: DayPart
    hours: Decimal
    status: LeaveStatus
    reason: str
    decided_by: str | None
    version: int
    requested_at: datetime

    @property
    def period(self) -> LeavePeriod:
        """The days asked for."""
        return LeavePeriod(self.start_date, self.start_part, self.end_date, self.end_part)


_OPEN = Prepared(
    select(
        LeaveRequest.id,
        LeaveRequest.staff_id,
        LeaveRequest.home_id,
        LeaveRequest.type,
        LeaveRequest.start_date,
        LeaveRequest.start_part,
        LeaveRequest.end_date,
        LeaveRequest.end_part,
        LeaveRequest.hours,
        LeaveRequest.status,
        LeaveRequest.reason,
        LeaveRequest.decided_by,
        LeaveRequest.version,
        LeaveRequest.requested_at,
    ).where(LeaveRequest.id == bindparam("leave_request_id")),
    OpenRequest,
)


def request_as_it_is(session: Session, request_id: int) -> OpenRequest:
    """Answer a leave request as the database has it at this moment; raises NotFound."""
    found = _OPEN.first(session, leave_request_id=request_id)
    if found is None:
        raise NotFound
    return found


def requests_with_staff() -> Select[LeaveRequest, Staff]:
    """Select leave requests beside the people who made them, the newest first."""
    return (
        select(LeaveRequest, Staff)
        .join(Staff, Staff.id == LeaveRequest.staff_id)
        .order_by(LeaveRequest.requested_at.desc(), LeaveRequest.id.desc())
    )
