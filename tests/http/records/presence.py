"""When people can work, and when they were away."""

from __future__ import annotations

from datetime import time

from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.rota.absence import changes as absence_changes
from flowapp.rota.absence.absence import AbsenceKind
from flowapp.rota.absence.changes import Report
from flowapp.rota.availability import changes as availability_changes
from flowapp.rota.availability.changes import Stretch
from flowapp.rota.availability.pattern import Pattern, Slot, SlotKind, monday_of
from tests.cast import Cast
from tests.factories import cause_of


def presence(flow: Flow, cast: Cast) -> dict[str, str]:
    """Say when Dan can work, and report Dan and Sorcha off sick; Sorcha is back, and the talk is due."""
    cause, maya, today = cause_of(cast.maya, flow.clock.now()), cast.maya, flow.clock.now().date()
    dan, sorcha = cast.dan.staff_id or 0, cast.sorcha.staff_id or 0
    sunday = Slot(week=1, weekday=6, start=time(), end=time(), kind=SlotKind.UNAVAILABLE)
    pattern = Pattern(valid_from=today, anchor=monday_of(today), slots=(sunday,))
    stretch = Stretch.of(today, time(9), today, time(11), kind=SlotKind.UNAVAILABLE, reason="Dentist")
    ill = Report(kind=AbsenceKind.SICKNESS, first_day=today, reason="A cold")

    def write(session: Session) -> dict[str, int]:
        back = absence_changes.report(session, cause, maya, sorcha, ill)
        absence_changes.end(session, cause, maya, back, last_day=today)
        return {
            "pattern_id": availability_changes.add_pattern(session, cause, maya, dan, pattern),
            "exception_id": availability_changes.add_exception(session, cause, maya, dan, stretch),
            "absence_id": absence_changes.report(session, cause, maya, dan, ill),
            "absence_over": back,
        }

    return {name: str(number) for name, number in flow.database.write(write).items()}
