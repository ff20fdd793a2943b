"""What the demo brought, counted in the database."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from flowapp.engine.execution import Execution, ExecutionStatus
from flowapp.rota.homes import CareHome
from flowapp.rota.leave import LeaveRequest, LeaveStatus
from flowapp.rota.shifts import Shift, ShiftStatus
from flowapp.rota.staff import Staff
from flowapp.rota.training.certificates import Certificate


def summary(session: Session) -> list[str]:
    """Say how many homes, people, leave requests, runs, shifts and certificates there are."""
    homes, people = (session.scalar(select(func.count(number))) for number in (CareHome.id, Staff.id))
    leave, runs, shifts = (
        _counted(session, column) for column in (LeaveRequest.status, Execution.status, Shift.status)
    )
    outcomes = ", ".join(f"{leave[status]:,} {status.label.lower()}" for status in LeaveStatus if leave[status])
    return [
        f"{homes:,} homes, {people:,} people",
        f"{leave.total():,} leave requests: {outcomes}",
        f"{runs.total():,} runs of workflows, {runs[ExecutionStatus.FAILED]:,} of them stopped at a step",
        f"{shifts.total():,} shifts, {shifts[ShiftStatus.OPEN]:,} of them open",
        f"{session.scalar(select(func.count(Certificate.id))) or 0:,} certificates",
    ]


def _counted(session: Session, status: InstrumentedAttribute[StrEnum]) -> Counter[StrEnum]:
    return Counter({found: count for found, count in session.execute(select(status, func.count()).group_by(status))})
