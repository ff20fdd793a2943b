"""The handovers of the demo: what each shift of the last two days told the next, in each unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from flowapp.cli.demo.accounts import Written, as_somebody
from flowapp.cli.demo.days import Days
from flowapp.cli.demo.history import Deed, Requests, Step
from flowapp.cli.demo.people import Colleague
from flowapp.rota.handovers import changes
from flowapp.rota.handovers.changes import HandoverNotes
from flowapp.rota.handovers.reading import visible_handover
from flowapp.rota.staff import JobRole

BEFORE, AFTER = timedelta(minutes=10), timedelta(minutes=15)  # the change of shifts
NOON = time(12)
CHANGES = tuple((days_ago, at) for days_ago in (2, 1) for at in (time(8), time(20)))
_WRITERS = (JobRole.SENIOR_CARER, JobRole.CARER)
# What the night tells the day, and the day the night.
_BY_NIGHT = (
    ("A quiet night. Everybody slept, and Mrs Bain was up once for tea.", ("Weigh Mr Kerr before breakfast",)),
    ("Mrs Sneddon was unsettled until two, then slept. We sat with her.", ("Let Mrs Sneddon sleep in",)),
)
_BY_DAY = (
    (
        "Mr Kerr did not want his lunch and drank little. His daughter knows.\nThe new hoist is in the bathroom.",
        ("Offer Mr Kerr drinks every hour", "Leave word for the surgery about his tablets"),
    ),
    (
        "All well. The choir came in the afternoon, and most people sang along.",
        ("Put the chairs back in the lounge", "Close the windows on the landing"),
    ),
)


def handovers_of(people: Sequence[Colleague], written: Written, days: Days) -> Iterator[Step]:
    """Go through the homes, their units and the changes of shifts; the last ones nobody has read yet."""
    for place, units in enumerate(written.units):
        writers = [who for who in people if who.home == place and who.role in _WRITERS]
        for number, (days_ago, at) in enumerate(CHANGES):
            moment = days.at(days.ago(days_ago), at)
            for unit, unit_id in enumerate(units):
                told = _BY_NIGHT if at < NOON else _BY_DAY
                text, items = told[(number // 2 + unit + place) % len(told)]
                notes = HandoverNotes(unit_id=unit_id, change_at=moment, text=text, items=items)
                pair = [writers[(2 * number + unit + turn) % len(writers)] for turn in (0, 1)]
                both = tuple(written.accounts[who.email] for who in pair)
                is_last = number == len(CHANGES) - 1
                yield Step(at=moment - BEFORE, do=_telling(written.homes[place], notes, both, read=not is_last))


def _telling(home_id: int, notes: HandoverNotes, both: Sequence[int], *, read: bool) -> Deed:
    def tell(session: Session, at: datetime, _requests: Requests) -> None:
        writer, cause = as_somebody(session, both[0], at)
        made = changes.write_handover(session, cause, writer, home_id=home_id, notes=notes)
        if read:
            reader, later = as_somebody(session, both[1], notes.change_at + AFTER)
            changes.acknowledge(session, later, reader, made)
            first = visible_handover(session, reader, made).items[0]
            changes.tick(session, replace(later, at=later.at + AFTER), reader, made, first.id, done=True)

    return tell
