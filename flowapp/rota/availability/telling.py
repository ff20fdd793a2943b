"""What a change of when somebody can work tells workflows."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from flowapp.events.availability import AvailabilityChanged, AvailabilityContext
from flowapp.events.cause import Cause
from flowapp.events.event import StaffFacts, UserFacts
from flowapp.events.outbox import record
from flowapp.rota.availability.reading import said_by
from flowapp.rota.eligibility.candidate import Presence
from flowapp.rota.own_shifts import own_shifts
from flowapp.rota.shifts import ShiftStatus
from flowapp.rota.staff import JobRole, Staff
from flowapp.rota.wall_time import Interval, overlap

LOOKED_AHEAD = timedelta(days=28)


def tell(
    session: Session, cause: Cause, found: Staff, what: str, change: str, first_day: date, last_day: date | None
) -> None:
    """Record that somebody says anew when they can work, with their own shifts that do not fit it."""
    clashes = clashing_shifts(session, found.id, Interval(cause.at, cause.at + LOOKED_AHEAD))
    actor = cause.actor
    context = AvailabilityContext(
        staff_id=found.id,
        user_id=actor.id,
        care_home_id=found.home_id,
        what=what,
        change=change,
        first_day=first_day,
        last_day=last_day,
        clash_count=len(clashes),
        clash_shifts=clashes,
        staff=StaffFacts(id=found.id, name=found.name, email=found.email, role=JobRole(found.role).label),
        user=UserFacts(id=actor.id, name=actor.name, role=actor.role or ""),
    )
    event = AvailabilityChanged(subject_id=found.id, care_home_id=found.home_id, cause=cause, context=context)
    record(session, event)


def clashing_shifts(session: Session, staff_id: int, span: Interval) -> list[int]:
    """Answer the numbers of somebody's shifts in a span that lie at times they cannot work, the first one first."""
    said = said_by(session, [staff_id], span).get(staff_id, ())
    cannot = [each.interval for each in said if each.presence is Presence.UNAVAILABLE]
    return [
        shift.id
        for shift in own_shifts(session, staff_id, span)
        if shift.status is ShiftStatus.ASSIGNED
        and shift.starts_at >= span.starts_at
        and any(overlap(Interval(shift.starts_at, shift.ends_at), each) for each in cannot)
    ]
