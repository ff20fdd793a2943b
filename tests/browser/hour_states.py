"""Hours and handovers in every state in which a manager can meet them."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.rota.handovers.changes import HandoverNotes, acknowledge, write_handover
from flowapp.rota.timesheets.clocking import clock_in
from flowapp.rota.timesheets.deciding import approve, query
from flowapp.rota.timesheets.handing_in import Hours, hand_in
from tests.cast import Cast
from tests.factories import a_shift, cause_of

# What is found on the page of each state: words, and what can be pressed.
HOURS = [
    ("hours_waiting", "Came 60 minutes early: 1 hour more than planned.",
     ["Approve hours", "Query", "Correct these hours"]),
    ("hours_queried", "Maya asks: Why so early?", ["Correct and hand in"]),
    ("hours_approved", "Approved by Maya.", []),
    ("hours_begun", "Begun by clocking in, and not handed in yet.", ["Correct and hand in"]),
    ("handover_waiting", "Nobody has taken over yet", ["Done", "I have read this and take over"]),
    ("handover_read", "Taken over by Sorcha", ["Done"]),
]  # fmt: skip
EARLY = Hours(came=time(7), went=time(20), break_minutes=0)


def hour_states(flow: Flow, cast: Cast) -> dict[str, str]:
    """Write them at Rose House, and answer the address of each."""
    days = [date(2026, 11, day) for day in (18, 19, 20)]
    shifts = [a_shift(flow, cast.maya, cast.rose, day=day, staff=cast.dan, published=True) for day in days]
    begun = a_shift(flow, cast.maya, cast.rose, day=date(2026, 11, 23), staff=cast.dan, published=True)
    dan, maya, sorcha, now = cast.dan, cast.maya, cast.sorcha, flow.clock.now()
    by_dan, by_maya, by_sorcha = (cause_of(who, now) for who in (dan, maya, sorcha))

    def write(session: Session) -> dict[str, str]:
        waiting, queried, approved = (hand_in(session, by_dan, dan, shift, EARLY).id for shift in shifts)
        query(session, by_maya, maya, queried, reason="Why so early?")
        approve(session, by_maya, maya, approved)
        sheets = {"waiting": waiting, "queried": queried, "approved": approved}
        sheets["begun"] = clock_in(session, by_dan, dan, begun).id
        notes = HandoverNotes(unit_id=None, change_at=now, text="A quiet night.", items=("Call the doctor",))
        told = [write_handover(session, by_dan, dan, home_id=cast.rose, notes=notes) for _ in range(2)]
        acknowledge(session, by_sorcha, sorcha, told[1])
        found = {f"hours_{name}": f"/timesheets/{number}/" for name, number in sheets.items()}
        return found | {"handover_waiting": f"/handovers/{told[0]}/", "handover_read": f"/handovers/{told[1]}/"}

    return flow.database.write(write)
