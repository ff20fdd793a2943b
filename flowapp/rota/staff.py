"""Members of staff."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base, Exact, Instant, Plain, Word
from flowapp.kernel.errors import NotFound
from flowapp.kernel.ids import new_uid
from flowapp.rota.units import Unit
from flowapp.rota.working_time.runs import MOST_DAYS


class JobRole(StrEnum):
    """What somebody is employed to do."""

    MANAGER = "MGR"  # runs the home
    DEPUTY = "DEP"  # stands in for the manager
    SENIOR_CARER = "SSCW"  # leads a shift
    CARER = "SCW"  # social care worker
    CARE_ASSISTANT = "SCA"  # social care assistant
    NURSE = "RN"  # registered nurse
    OFFICE = "HR"  # people and pay
    DOMESTIC = "DOM"  # keeps the home clean
    COOK = "COOK"  # cooks

    @property
    def label(self) -> str:
        """The words people use for it."""
        return _JOB_LABELS[self]


_JOB_LABELS = {
    JobRole.MANAGER: "Manager",
    JobRole.DEPUTY: "Deputy manager",
    JobRole.SENIOR_CARER: "Senior carer",
    JobRole.CARER: "Carer",
    JobRole.CARE_ASSISTANT: "Care assistant",
    JobRole.NURSE: "Nurse",
    JobRole.OFFICE: "HR adviser",
    JobRole.DOMESTIC: "Domestic assistant",
    JobRole.COOK: "Cook",
}


class Contract(StrEnum):
    """On what terms somebody works."""

    PERMANENT = "permanent"  # without an end
    FIXED_TERM = "fixed_term"  # until a date
    BANK = "bank"  # when asked, without fixed hours
    AGENCY = "agency"  # sent by an agency


class StaffStatus(StrEnum):
    """Whether somebody may be planned for."""

    PRE_START = "pre_start"  # appointed, not here yet
    ACTIVE = "active"  # at work
    SUSPENDED = "suspended"  # not to be planned for
    LONG_TERM_ABSENT = "long_term_absent"  # ill or on parental leave for long; not to be planned for
    LEAVER = "leaver"  # has left

    @property
    def why_not(self) -> str | None:
        """Why somebody of this status is not planned for, in words that follow their name; None where they are."""
        return _WHY_NOT.get(self)


_WHY_NOT = {
    StaffStatus.PRE_START: "has not started work here yet",
    StaffStatus.SUSPENDED: "is suspended",
    StaffStatus.LONG_TERM_ABSENT: "is away for a long time",
    StaffStatus.LEAVER: "has left",
}


class Staff(Base):
    """Somebody who works in a care home.

    `pattern` gives the usual hours of each weekday (`{"mon": 7.5, …}`); weekdays that are absent are days off.
    """

    __tablename__ = "staff"
    __table_args__ = (Index("ix_staff_home_role", "home_id", "role", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    employee_no: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    home_id: Mapped[int] = mapped_column(ForeignKey("care_home.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id), index=True)
    role: Mapped[StrEnum] = mapped_column(Word(JobRole))
    contract: Mapped[StrEnum] = mapped_column(Word(Contract))
    contracted_hours: Mapped[Decimal] = mapped_column(Exact)
    pattern: Mapped[dict[str, Decimal]] = mapped_column(Plain)
    start_date: Mapped[date]
    end_date: Mapped[date | None]
    status: Mapped[StrEnum] = mapped_column(Word(StaffStatus))
    # What the rules of working time ask about; `flowapp.rota.work_limits` reads and changes it.
    born: Mapped[date | None]
    opted_out_on: Mapped[date | None]  # of the average of 48 hours, in writing
    opt_out_notice_days: Mapped[int | None]
    night_assessed_on: Mapped[date | None]
    most_days_in_a_row: Mapped[int] = mapped_column(default=MOST_DAYS)
    most_week_hours: Mapped[Decimal | None] = mapped_column(Exact)
    wants_extra: Mapped[bool] = mapped_column(default=False)
    restrictions: Mapped[list[str]] = mapped_column(Plain, default=list)  # codes, by occupational health
    restriction_note: Mapped[str] = mapped_column(Text, default="")  # what it wrote; for HR only
    created_at: Mapped[datetime] = mapped_column(Instant)
    anonymised_at: Mapped[datetime | None] = mapped_column(Instant)  # when it stopped telling who this was
    version: Mapped[int] = mapped_column(default=1)


def add_staff(
    session: Session,
    *,
    employee_no: str,
    name: str,
    email: str,
    home_id: int,
    role: JobRole,
    pattern: dict[str, Decimal],
    start_date: date,
    at: datetime,
    unit_id: int | None = None,
    contract: Contract = Contract.PERMANENT,
    contracted_hours: Decimal | None = None,
    end_date: date | None = None,
    status: StaffStatus = StaffStatus.ACTIVE,
) -> Staff:
    """Add a member of staff who works the given hours on each weekday, and is contracted for them unless told."""
    person = Staff(
        uid=new_uid(at),
        employee_no=employee_no,
        name=name,
        email=email.lower(),
        home_id=home_id,
        unit_id=unit_id,
        role=role,
        contract=contract,
        contracted_hours=sum(pattern.values(), Decimal(0)) if contracted_hours is None else contracted_hours,
        pattern=pattern,
        start_date=start_date,
        end_date=end_date,
        status=status,
        created_at=at,
        version=1,
    )
    session.add(person)
    session.flush()
    return person


def member(session: Session, staff_id: int) -> Staff:
    """Answer the member of staff with this number; raises NotFound."""
    found = session.get(Staff, staff_id)
    if found is None:
        raise NotFound("There is no such member of staff.")
    return found


def staff_of(session: Session, home_ids: frozenset[int]) -> list[Staff]:
    """Answer everybody in these homes by name."""
    return list(session.scalars(select(Staff).where(Staff.home_id.in_(home_ids)).order_by(Staff.name, Staff.id)))
