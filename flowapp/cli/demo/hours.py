"""The hours of the demo: weeks that are paid, days that wait for approval, and a few that nobody has handed in.

What is paid already is brought in as rows, like the shifts it belongs to. The last days are handed in by whoever
worked, and decided on by their manager, as on the pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.cli.demo.accounts import Written, as_somebody
from flowapp.cli.demo.days import Days
from flowapp.cli.demo.history import Deed, Requests, Step
from flowapp.cli.demo.people import SEED, Colleague
from flowapp.kernel.ids import new_uid
from flowapp.rota.payroll.exporting import export
from flowapp.rota.shifts import Shift, ShiftStatus
from flowapp.rota.staff import JobRole
from flowapp.rota.timesheets import deciding, handing_in
from flowapp.rota.timesheets.handing_in import Hours
from flowapp.rota.timesheets.timesheet import Timesheet, TimesheetStatus
from flowapp.rota.wall_time import read_time, zone_of

WEEKS_KEPT = timedelta(weeks=5)
HANDED_IN_SINCE, UNDECIDED_SINCE = 6, 3  # days ago
FORGOTTEN, DIFFERENT = 0.06, 0.15  # how often
_DIFFERENCES = (
    (-15, 0, "Came early to help with breakfast"),
    (0, 20, "Handover took longer"),
    (25, 0, "The bus did not come"),
    (0, 45, "Waited for the ambulance with Mr Kerr"),
    (0, -60, "Went home ill"),
)
QUESTION = "The rota says something else. What happened?"


def hours_of(people: Sequence[Colleague], written: Written, days: Days) -> Iterator[Step]:
    """Go through the homes: what is paid, what is handed in, what the manager makes of it."""
    accounts = {written.staff[who.number]: written.accounts[who.email] for who in people}
    for manager in (who for who in people if who.role is JobRole.MANAGER):
        home_id, manager_id = written.homes[manager.home], written.accounts[manager.email]
        yield Step(at=days.end, do=_bringing_in(home_id, manager_id, days))
        yield Step(at=days.end, do=_handing_in(home_id, accounts, days))
        yield Step(at=days.end, do=_deciding(home_id, manager_id, days))


def _bringing_in(home_id: int, manager_id: int, days: Days) -> Deed:
    def bring_in(session: Session, at: datetime, _requests: Requests) -> None:
        who, cause = as_somebody(session, manager_id, at)
        first, last = (days.as_of - WEEKS_KEPT), days.ago(HANDED_IN_SINCE + 1)
        done = Shift.status == ShiftStatus.COMPLETED
        query = select(Shift).where(Shift.home_id == home_id, done, Shift.local_date >= first, Shift.local_date <= last)
        rows = [_row(shift, cause.actor.name, manager_id) for shift in session.scalars(query.order_by(Shift.id))]
        if not rows:
            return
        session.execute(insert(Timesheet), rows)
        audit.write(
            session,
            cause,
            action="timesheet.import",
            entity="care_home",
            entity_id=home_id,
            home_id=home_id,
            after={"timesheets": len(rows)},
        )
        export(session, cause, who, home_id=home_id, first=first, last=last - timedelta(weeks=2))

    return bring_in


def _row(shift: Shift, manager: str, manager_id: int) -> dict[str, Any]:
    handed_in, decided = shift.ends_at + timedelta(minutes=10), shift.ends_at + timedelta(days=2)
    history = [{"at": handed_in.isoformat(), "by": "FlowApp", "what": "handed in"}]
    return {
        "uid": new_uid(handed_in),
        "home_id": shift.home_id,
        "shift_id": shift.id,
        "staff_id": shift.staff_id,
        "local_date": shift.local_date,
        "in_at": shift.starts_at,
        "out_at": shift.ends_at,
        "break_minutes": shift.unpaid_break_minutes,
        "hours": shift.hours,
        "status": TimesheetStatus.APPROVED,
        "note": "",
        "reason": "",
        "submitted_at": handed_in,
        "decided_at": decided,
        "decided_by": manager,
        "decided_by_id": manager_id,
        "history": [*history, {"at": decided.isoformat(), "by": manager, "what": "approved"}],
        "created_at": handed_in,
        "updated_at": decided,
        "version": 2,
    }


def _handing_in(home_id: int, accounts: dict[int, int], days: Days) -> Deed:
    def hand_in(session: Session, at: datetime, _requests: Requests) -> None:
        rng = Random(SEED + 7 + home_id)
        worked = (Shift.staff_id.is_not(None), Shift.published_at.is_not(None), Shift.ends_at < at)
        since = Shift.local_date >= days.ago(HANDED_IN_SINCE)
        query = select(Shift).where(Shift.home_id == home_id, *worked, since).order_by(Shift.starts_at, Shift.id)
        for shift in list(session.scalars(query)):
            if rng.random() < FORGOTTEN or shift.staff_id is None:
                continue
            who, cause = as_somebody(session, accounts[shift.staff_id], at)
            handing_in.hand_in(session, cause, who, shift.id, _hours(shift, rng))

    return hand_in


def _hours(shift: Shift, rng: Random) -> Hours:
    came, went, words = rng.choice(_DIFFERENCES) if rng.random() < DIFFERENT else (0, 0, "")
    zone = zone_of(shift.timezone)
    times = (
        (moment + timedelta(minutes=minutes)).astimezone(zone)
        for moment, minutes in ((shift.starts_at, came), (shift.ends_at, went))
    )
    start, end = (read_time(f"{local:%H:%M}", field="start") for local in times)
    return Hours(came=start, went=end, break_minutes=shift.unpaid_break_minutes, words=words)


def _deciding(home_id: int, manager_id: int, days: Days) -> Deed:
    def decide(session: Session, at: datetime, _requests: Requests) -> None:
        who, cause = as_somebody(session, manager_id, at)
        waits = (Timesheet.status == TimesheetStatus.SUBMITTED, Timesheet.staff_id != (who.staff_id or 0))
        old = (Timesheet.home_id == home_id, Timesheet.local_date < days.ago(UNDECIDED_SINCE))
        query = select(Timesheet.id, Timesheet.note).where(*old, *waits).order_by(Timesheet.local_date, Timesheet.id)
        asked = False
        for timesheet_id, words in session.execute(query).all():
            if words and not asked:
                asked = True
                deciding.query(session, cause, who, timesheet_id, reason=QUESTION)
            else:
                deciding.approve(session, cause, who, timesheet_id)

    return decide
