"""What an absence tells workflows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.events.absence import AbsenceEnded, AbsenceEndedContext, AbsenceReported, AbsenceReportedContext
from flowapp.events.cause import Cause
from flowapp.events.event import StaffFacts, UserFacts
from flowapp.events.outbox import record
from flowapp.rota.absence.absence import Absence, AbsenceKind
from flowapp.rota.absence.year import Illness, YearOfAbsence, worked_weekdays, year_of_absence
from flowapp.rota.own_shifts import OwnShift, own_shifts
from flowapp.rota.shifts import ShiftStatus
from flowapp.rota.staff import JobRole, Staff
from flowapp.rota.wall_time import Interval

LOOKED_AHEAD = timedelta(hours=72)
TALK_WITHIN = timedelta(days=3)


def tell_reported(session: Session, cause: Cause, found: Staff, row: Absence) -> None:
    """Record that somebody is reported as not there, with their own shifts of the next 72 hours."""
    affected = [shift.id for shift in affected_shifts(session, cause, row)]
    context = AbsenceReportedContext(
        **_shared(cause, found, row), affected_count=len(affected), affected_shifts=affected
    )
    record(session, AbsenceReported(subject_id=row.id, care_home_id=row.home_id, cause=cause, context=context))


def tell_ended(session: Session, cause: Cause, found: Staff, row: Absence) -> None:
    """Record that somebody is back, with what is counted of their sickness."""
    last_day = row.last_day or row.first_day
    year = figures_on(session, found, last_day)
    context = AbsenceEndedContext(
        **_shared(cause, found, row),
        days=(last_day - row.first_day).days + 1,
        episodes_12m=year.episodes,
        pct_12m=year.percentage,
        bradford=year.bradford,
        needs_review=year.needs_review,
        talk_due_on=last_day + TALK_WITHIN,
    )
    record(session, AbsenceEnded(subject_id=row.id, care_home_id=row.home_id, cause=cause, context=context))


def affected_shifts(session: Session, cause: Cause, row: Absence) -> list[OwnShift]:
    """Answer the shifts of the next 72 hours that somebody who is ill cannot work, the next one first.

    A shift that has begun already is among them: whoever goes home ill leaves the rest of it.
    """
    now = cause.at
    return [
        shift
        for shift in own_shifts(session, row.staff_id, Interval(now, now + LOOKED_AHEAD))
        if shift.status in (ShiftStatus.ASSIGNED, ShiftStatus.IN_PROGRESS)
        and shift.ends_at > now
        and _is_missed(row, shift.day)
    ]


def _is_missed(row: Absence, day: date) -> bool:
    if row.last_day is not None:
        return row.first_day <= day <= row.last_day
    return row.first_day <= day and (row.expected_return is None or day < row.expected_return)


def figures_on(session: Session, found: Staff, day: date) -> YearOfAbsence:
    """Answer what is counted of somebody's sickness in the twelve months up to a day."""
    query = select(Absence.first_day, Absence.last_day).where(
        Absence.staff_id == found.id, Absence.kind == AbsenceKind.SICKNESS
    )
    illnesses = [Illness(first_day=first, last_day=last) for first, last in session.execute(query)]
    return year_of_absence(
        illnesses, today=day, weekdays=worked_weekdays(found.pattern), employed_since=found.start_date
    )


def _shared(cause: Cause, found: Staff, row: Absence) -> dict[str, Any]:
    actor = cause.actor
    return {
        "absence_id": row.id,
        "staff_id": found.id,
        "user_id": actor.id,
        "care_home_id": row.home_id,
        "kind": AbsenceKind(row.kind).value,
        "first_day": row.first_day,
        "expected_return": row.expected_return,
        "last_day": row.last_day,
        "staff": StaffFacts(id=found.id, name=found.name, email=found.email, role=JobRole(found.role).label),
        "user": UserFacts(id=actor.id, name=actor.name, role=actor.role or ""),
    }
