"""The tabs of those who decide on hours."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flowapp.accounts.can import homes_of
from flowapp.accounts.people import Person
from flowapp.rota.timesheets.reading import decided_by
from flowapp.rota.timesheets.timesheet import Timesheet, TimesheetStatus


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One of the pages about hours."""

    text: str
    href: str
    current: bool
    count: int | None = None


def tabs(session: Session, person: Person, current: str) -> tuple[Tab, ...]:
    """Answer the tabs of somebody; none for those who only have their own hours."""
    if homes_of(person, "timesheet.decide") == frozenset():
        return ()
    return (
        Tab(text="Your hours", href=url_for("timesheets.index"), current=current == "own"),
        Tab(
            text="To approve",
            href=url_for("timesheets.waiting"),
            current=current == "waiting",
            count=count_waiting(session, person),
        ),
        Tab(text="Payroll", href=url_for("payroll.index"), current=current == "payroll"),
    )


def count_waiting(session: Session, person: Person) -> int:
    """Count the timesheets that wait for somebody's decision."""
    wanted = (Timesheet.status == TimesheetStatus.SUBMITTED, decided_by(person))
    return session.scalar(select(func.count()).select_from(Timesheet).where(*wanted)) or 0
