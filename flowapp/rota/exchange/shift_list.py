"""The list of shifts: what is not known is planned, what is known is changed, published, or cancelled.

A shift is known by its uid, which the export gives. A row without one is known by its home, unit, day, times, role and
person; two such rows that say the same are two shifts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.kernel.prepared import Prepared
from flowapp.rota import shift_changes
from flowapp.rota.exchange.listing import Row, Verdict, day_in, whole_in, word_in, wrong, yes_in
from flowapp.rota.exchange.places import Home, Member, home_in, member_in, unit_in
from flowapp.rota.exchange.staff_list import ROLE_LABELS
from flowapp.rota.shift_plan import ShiftPlan
from flowapp.rota.shift_reading import PlannedShift, planned_shifts, shift_as_it_is
from flowapp.rota.shifts import Shift, ShiftKind, ShiftStatus
from flowapp.rota.staff import JobRole
from flowapp.rota.wall_time import read_time

PUBLISHED_ALREADY = (
    "The shift is published, and staff have seen it, so that cannot be taken back. Write 1 or cancel it."
)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A shift as a row has it; what is None stays as it is."""

    home: Home
    unit_id: int | None
    day: date
    start: time
    end: time
    role: JobRole | None
    member: Member | None  # nobody: it is open
    given: Mapping[str, Any]  # the other fields of `ShiftPlan` of which the row says something
    published: bool | None
    cancelled: bool


class ShiftList:
    """Shifts, planned and published."""

    name = "shifts"
    columns: tuple[str, ...] = (
        *("shift_uid", "home_code", "unit", "date", "start", "end", "end_next_day", "tz", "role", "template", "kind"),
        *("employee_no", "employee_name", "unpaid_break_min", "paid_hours", "status", "published", "skills", "notes"),
    )
    needed: tuple[str, ...] = ("date", "start", "end")
    also_called: Mapping[str, str] = MappingProxyType({"uid": "shift_uid", "home": "home_code"})
    permission = "shift.edit"
    fields: Mapping[str, str] = MappingProxyType(
        {"unit_id": "unit", "staff_id": "employee_no", "unpaid_break_minutes": "unpaid_break_min", "reason": "notes"}
    )

    def key(self, row: Row) -> str:
        """Answer the uid; rows without one may say the same."""
        return row.text("shift_uid").upper()

    def group(self, row: Row) -> str:
        """Answer whose shift it is."""
        return row.text("employee_no")

    def words(self, row: Row) -> str:
        """Say what a row is about."""
        return f"{row.text('date')} from {row.text('start')} to {row.text('end')}, {row.text('employee_no') or 'open'}"

    def write(self, session: Session, cause: Cause, who: Person, row: Row) -> Verdict:
        """Plan, change, give, publish or cancel one shift."""
        return carry_out(session, cause, who, row, read_wish(session, who, row))


def read_wish(session: Session, who: Person, row: Row) -> Wish:
    """Read a row; raises Refused."""
    home = home_in(session, who, row, "home_code")
    start, end = (read_time(row.needed(name, "07:30")[:5], field=name) for name in ("start", "end"))
    member = member_in(session, who, row, "employee_no") if row.text("employee_no") else None
    _check_says_the_same(row, home, start, end)
    return Wish(
        home=home,
        unit_id=unit_in(session, row, "unit", home),
        day=day_in(row, "date"),
        start=start,
        end=end,
        role=word_in(row, "role", JobRole, ROLE_LABELS) if row.text("role") else None,
        member=member,
        given=_given(row),
        published=yes_in(row, "published"),
        cancelled=bool(row.text("status")) and word_in(row, "status", ShiftStatus) is ShiftStatus.CANCELLED,
    )


def _check_says_the_same(row: Row, home: Home, start: time, end: time) -> None:
    """Refuse a row of which one cell says otherwise than another."""
    next_day = yes_in(row, "end_next_day")
    if next_day is not None and next_day != (end <= start):
        ends = "on the next day" if end <= start else "on the same day"
        raise wrong("end_next_day", f"From {start:%H:%M} to {end:%H:%M} a shift ends {ends}. Correct one of the cells.")
    if row.text("tz") and row.text("tz") != home.timezone:
        raise wrong("tz", f"{home.code} keeps the time of {home.timezone}. Write that, or leave the cell empty.")


def _given(row: Row) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if row.text("unpaid_break_min"):
        given["unpaid_break_minutes"] = whole_in(row, "unpaid_break_min")
    if row.text("kind"):
        given["kind"] = word_in(row, "kind", ShiftKind)
    if "notes" in row.cells:
        given["notes"] = row.text("notes")
    if "skills" in row.cells:
        codes = (code.strip() for code in row.text("skills").split(";"))
        given["skills"] = tuple(dict.fromkeys(filter(None, codes)))
    return given


def carry_out(session: Session, cause: Cause, who: Person, row: Row, wish: Wish) -> Verdict:
    """Make a shift what a row wants of it."""
    found = _known(session, who, row, wish)
    if found is None:
        return Verdict.SAME if wish.cancelled else _add(session, cause, who, wish)
    if wish.cancelled:
        if found.status is ShiftStatus.CANCELLED:
            return Verdict.SAME
        shift_changes.cancel(session, cause, who, found.id, reason=row.text("notes"))
        return Verdict.CHANGED
    _change(session, cause, who, found, wish)
    return Verdict.SAME if shift_as_it_is(session, found.id).version == found.version else Verdict.CHANGED


def _add(session: Session, cause: Cause, who: Person, wish: Wish) -> Verdict:
    role = wish.role or (wish.member.role if wish.member else None)
    if role is None:
        raise wrong("role", "The cell is empty, and nobody has the shift. Write the role it needs, such as SCW.")
    plan = ShiftPlan(unit_id=wish.unit_id, role=role, date=wish.day, start=wish.start, end=wish.end, **wish.given)
    staff_id = wish.member.id if wish.member else None
    made = shift_changes.create(session, cause, who, home_id=wish.home.id, plan=plan, staff_id=staff_id)
    if wish.published:
        shift_changes.publish(session, cause, who, made)
    return Verdict.ADDED


def _change(session: Session, cause: Cause, who: Person, found: PlannedShift, wish: Wish) -> None:
    if found.home_id != wish.home.id:
        raise wrong(
            "home_code", "This shift is in another home. Correct the cell, or leave out the uid to add a shift."
        )
    if wish.published is False and found.published_at is not None:
        raise wrong("published", PUBLISHED_ALREADY)
    wanted = wish.member.id if wish.member else None
    if found.staff_id is not None and found.staff_id != wanted:
        shift_changes.unassign(session, cause, who, found.id)
    role = {"role": wish.role} if wish.role else {}
    said = {"unit_id": wish.unit_id, "date": wish.day, "start": wish.start, "end": wish.end, **role, **wish.given}
    shift_changes.update(session, cause, who, found.id, **said)
    if wanted is not None and found.staff_id != wanted:
        shift_changes.assign(session, cause, who, found.id, staff_id=wanted)
    if wish.published and found.published_at is None:
        shift_changes.publish(session, cause, who, found.id)


def _known(session: Session, who: Person, row: Row, wish: Wish) -> PlannedShift | None:
    if uid := row.text("shift_uid"):
        found = _BY_UID.first(session, uid=uid.upper())
        if found is None or not can(who, "rota.view_all", On(home_id=found.home_id)):
            message = f"No shift of your homes has the uid “{uid[:40]}”. Leave the cell empty to add a new shift."
            raise wrong("shift_uid", message)
        return found
    if wish.member:
        near = _HELD.rows(session, day=wish.day, staff_id=wish.member.id)
    else:
        near = _OPEN.rows(session, day=wish.day, home_id=wish.home.id)
    alike = [each for each in near if _is_meant(wish, each)]
    return alike[row.before] if row.before < len(alike) else None


def _is_meant(wish: Wish, shift: PlannedShift) -> bool:
    same = (shift.home_id, shift.unit_id, shift.start_local, shift.end_local) == (
        wish.home.id, wish.unit_id, f"{wish.start:%H:%M}", f"{wish.end:%H:%M}"
    )  # fmt: skip
    return same and wish.role in (None, shift.role)


_BY_UID = Prepared(planned_shifts().where(Shift.uid == bindparam("uid")), PlannedShift)
_OF_DAY = (Shift.local_date == bindparam("day", type_=Shift.local_date.type), Shift.status != ShiftStatus.CANCELLED)
_HELD = Prepared(
    planned_shifts().where(*_OF_DAY, Shift.staff_id == bindparam("staff_id")).order_by(Shift.id), PlannedShift
)
_OPEN = Prepared(
    planned_shifts()
    .where(*_OF_DAY, Shift.home_id == bindparam("home_id"), Shift.staff_id.is_(None))
    .order_by(Shift.id),
    PlannedShift,
)
