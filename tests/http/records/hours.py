"""Hours of Rose House in every state that a page is about, and a handover."""

from __future__ import annotations

from datetime import date, time, timedelta

from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.rota.handovers.changes import HandoverNotes, write_handover
from flowapp.rota.handovers.reading import visible_handover
from flowapp.rota.payroll.exporting import export
from flowapp.rota.timesheets.clocking import clock_in
from flowapp.rota.timesheets.deciding import approve
from flowapp.rota.timesheets.handing_in import Hours, hand_in
from tests.cast import Cast
from tests.factories import a_shift, cause_of

FIRST, TODAY = date(2026, 11, 1), date(2026, 11, 23)
AS_PLANNED = Hours(came=time(8), went=time(20), break_minutes=0)


def hours_and_handovers(flow: Flow, cast: Cast) -> dict[str, str]:
    """Write them, and answer their numbers by the names in addresses.

    `shift_of_today` is Dan's of this morning, `shift_under_way` that of Sorcha, who clocked in; one approved timesheet
    is exported, another is not yet.
    """
    shifts = [_shift(flow, cast, TODAY - timedelta(days=days), cast.dan) for days in (0, 2, 3, 4)]
    under_way = _shift(flow, cast, TODAY, cast.sorcha)

    def write(session: Session) -> dict[str, str]:
        dan, maya, now = cast.dan, cast.maya, flow.clock.now()
        by_dan, by_maya = (cause_of(who, now) for who in (dan, maya))
        by_sorcha = cause_of(cast.sorcha, now - timedelta(minutes=50))
        waits, taken, free = (hand_in(session, by_dan, dan, each, AS_PLANNED).id for each in shifts[1:])
        approve(session, by_maya, maya, taken)
        exported = export(session, by_maya, maya, home_id=cast.rose, first=FIRST, last=TODAY)
        approve(session, by_maya, maya, free)
        clock_in(session, by_sorcha, cast.sorcha, under_way)
        notes = HandoverNotes(unit_id=None, change_at=now, text="A quiet night.", items=("Call the doctor",))
        handover = write_handover(session, by_dan, dan, home_id=cast.rose, notes=notes)
        (item,) = visible_handover(session, dan, handover).items
        return {
            "home_id": str(cast.rose),
            "shift_of_today": str(shifts[0]),
            "shift_under_way": str(under_way),
            "timesheet_id": str(waits),
            "export_id": str(exported),
            "handover_id": str(handover),
            "item_id": str(item.id),
        }

    return flow.database.write(write)


def _shift(flow: Flow, cast: Cast, day: date, staff: Person) -> int:
    return a_shift(flow, cast.maya, cast.rose, day=day, staff=staff, published=True)
