"""The layout in which Deputy takes and gives schedules, read as a list of shifts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.events.cause import Cause
from flowapp.rota.exchange.listing import Row, Verdict, day_in, whole_in, wrong, yes_in
from flowapp.rota.exchange.places import home_in, member_by_email, unit_in
from flowapp.rota.exchange.shift_list import Wish, carry_out
from flowapp.rota.leave_period import ONE_DAY
from flowapp.rota.staff import JobRole
from flowapp.rota.wall_time import read_time

BREAK = "meal break (mins)"


class DeputySchedule:
    """Shifts by people's email addresses; those of nobody are open, and for a carer, since Deputy names no role."""

    name = "shifts"
    columns: tuple[str, ...] = (
        *("first name", "last name", "email", "start date", "start time", "end date", "end time", "location", "area"),
        *(BREAK, "meal break start date", "meal break start time", "meal break end date", "meal break end time"),
        *("rest break start date", "rest break start time", "rest break end date", "rest break end time"),
        *("comment", "published", "open"),
    )
    needed: tuple[str, ...] = ("email", "start date", "start time", "end date", "end time", "open")
    also_called: Mapping[str, str] = MappingProxyType({})
    permission = "shift.edit"
    fields: Mapping[str, str] = MappingProxyType(
        {"unit_id": "area", "staff_id": "email", "unpaid_break_minutes": BREAK, "start": "start time"}
        | {"end": "end time", "date": "start date", "notes": "comment", "home_code": "location", "role": "email"}
    )

    def key(self, row: Row) -> str:
        """Answer nothing: two rows may say the same."""
        return ""

    def group(self, row: Row) -> str:
        """Answer whose shift it is."""
        return row.text("email").lower()

    def words(self, row: Row) -> str:
        """Say what a row is about."""
        day, start, end = (row.text(name) for name in ("start date", "start time", "end time"))
        return f"{day} from {start} to {end}, {row.text('email') or 'open'}"

    def write(self, session: Session, cause: Cause, who: Person, row: Row) -> Verdict:
        """Plan or change one shift."""
        return carry_out(session, cause, who, row, _wish(session, who, row))


def _wish(session: Session, who: Person, row: Row) -> Wish:
    home = home_in(session, who, row, "location")
    start, end = (read_time(row.needed(name, "09:00:00")[:5], field=name) for name in ("start time", "end time"))
    day = day_in(row, "start date")
    _check_last_day(row, day, start, end)
    member = member_by_email(session, who, row, "email") if row.text("email") else None
    if member is not None and yes_in(row, "open"):
        raise wrong("open", "An open shift is nobody’s. Take the email address out, or write No.")
    given: dict[str, Any] = {"notes": row.text("comment")} if "comment" in row.cells else {}
    if row.text(BREAK):
        given["unpaid_break_minutes"] = whole_in(row, BREAK)
    return Wish(
        home=home,
        unit_id=unit_in(session, row, "area", home),
        day=day,
        start=start,
        end=end,
        role=member.role if member else JobRole.CARER,
        member=member,
        given=given,
        published=yes_in(row, "published"),
        cancelled=False,
    )


def _check_last_day(row: Row, day: date, start: time, end: time) -> None:
    last = day_in(row, "end date")
    if last != (day + ONE_DAY if end <= start else day):
        message = f"A shift from {start:%H:%M} to {end:%H:%M} cannot end on {last}. Correct the day or the times."
        raise wrong("end date", message)
