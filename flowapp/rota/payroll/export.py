"""Payroll exports: the tables. One row is one file that was made; what stands in it are rows of their own."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from flowapp.kernel.columns import Base, Exact, Instant
from flowapp.rota.homes import CareHome
from flowapp.rota.timesheets.timesheet import Timesheet


class PayrollExport(Base):
    """Approved hours of a home and some days, as they were handed over to be paid.

    A period that is taken again on purpose holds hours that an earlier export has as well; `new_lines` counts those
    that none had.
    """

    __tablename__ = "payroll_export"
    __table_args__ = (Index("ix_payroll_export_home", "home_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    home_id: Mapped[int] = mapped_column(ForeignKey(CareHome.id))
    first_day: Mapped[date]
    last_day: Mapped[date]
    again: Mapped[bool]
    lines: Mapped[int]
    new_lines: Mapped[int]
    hours: Mapped[Decimal] = mapped_column(Exact)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[str] = mapped_column(String(160))  # in words, for people
    made_by_id: Mapped[int | None]


class PayrollLine(Base):
    """A timesheet in an export."""

    __tablename__ = "payroll_line"
    __table_args__ = (Index("ix_payroll_line_timesheet", "timesheet_id"),)

    export_id: Mapped[int] = mapped_column(ForeignKey(PayrollExport.id), primary_key=True)
    timesheet_id: Mapped[int] = mapped_column(ForeignKey(Timesheet.id), primary_key=True)
