"""What publishing a week would show to staff, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from flowapp.rota.demand.gaps import Gap, gaps
from flowapp.rota.demand.reading import needs_of
from flowapp.rota.publishing.breaches import Breach, breaches, employed_in
from flowapp.rota.shift_reading import PlannedShift
from flowapp.rota.shifts import PLANNED, ShiftStatus
from flowapp.rota.week.reading import away_in_week, shifts_of_week
from flowapp.rota.week.week import Week


@dataclass(frozen=True, kw_only=True)
class Preview:
    """One week of one home before it is published."""

    week: Week
    to_publish: tuple[PlannedShift, ...]
    published: int  # shifts that staff can see already
    gaps: tuple[Gap, ...]
    breaches: tuple[Breach, ...]

    @property
    def open(self) -> int:
        """How many of the shifts to be published nobody has."""
        return sum(shift.status is ShiftStatus.OPEN for shift in self.to_publish)

    @property
    def people(self) -> dict[int, int]:
        """How many shifts to be published each person has, by their number."""
        found: dict[int, int] = {}
        for shift in self.to_publish:
            if shift.staff_id is not None:
                found[shift.staff_id] = found.get(shift.staff_id, 0) + 1
        return found


def preview(session: Session, home_id: int, week: Week) -> Preview:
    """Look at a week as it is at this moment: five questions, however many shifts there are."""
    shifts = shifts_of_week(session, home_id, week)
    away, employed = away_in_week(session, home_id, week), employed_in(session, home_id, week)
    return Preview(
        week=week,
        to_publish=tuple(each for each in shifts if each.published_at is None and each.status in PLANNED),
        published=sum(each.published_at is not None for each in shifts),
        gaps=tuple(gaps(needs_of(session, home_id), shifts, week.days)),
        breaches=breaches(shifts, away, employed),
    )
