"""The list of leave: what is not known is asked for, and approved where the list says so.

FlowApp counts the days and hours itself, so what the list says of them is not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.rota.exchange.listing import Row, Verdict, day_in, word_in, wrong
from flowapp.rota.exchange.places import Member, member_in
from flowapp.rota.leave import GRANTED, LIVE, LeaveRequest, LeaveStatus
from flowapp.rota.leave_asking import request_leave
from flowapp.rota.leave_days import DayPart, LeavePeriod
from flowapp.rota.leave_decisions import approve
from flowapp.rota.leave_types import LEAVE_TYPES, leave_type


class LeaveList:
    """Leave that people asked for; the person, the type and the days say which it is."""

    name = "leave"
    columns: tuple[str, ...] = (
        *("employee_no", "type", "start", "start_part", "end", "end_part", "days", "hours"),
        *("status", "decided_by", "decided_at", "reason"),
    )
    needed: tuple[str, ...] = ("employee_no", "type", "start", "end")
    also_called: Mapping[str, str] = MappingProxyType(
        {"employee number": "employee_no", "start date": "start", "start_date": "start", "end date": "end"}
        | {"end_date": "end"}
    )
    permission = "leave.decide"
    fields: Mapping[str, str] = MappingProxyType({"start_date": "start", "end_date": "end", "hours": "end"})

    def key(self, row: Row) -> str:
        """Answer who is away on which days."""
        names = ("employee_no", "type", "start", "start_part", "end", "end_part")
        return "|".join(row.text(name).lower() for name in names)

    def group(self, row: Row) -> str:
        """Answer whose leave it is."""
        return row.text("employee_no")

    def words(self, row: Row) -> str:
        """Say what a row is about."""
        return f"{row.text('employee_no')}: {row.text('type')} from {row.text('start')} to {row.text('end')}"

    def write(self, session: Session, cause: Cause, who: Person, row: Row) -> Verdict:
        """Ask for leave, and approve it where the row says so."""
        person, period = member_in(session, who, row, "employee_no"), _period(row)
        code = leave_type(_type(row)).code
        wanted = word_in(row, "status", LeaveStatus) if row.text("status") else LeaveStatus.REQUESTED
        found = _known(session, person, code, period, wanted)
        if found is not None:
            return _carry_on(session, cause, who, found, wanted)
        if wanted not in LIVE:
            return Verdict.SAME  # it came to nothing elsewhere
        require(who, "leave.request", On(home_id=person.home_id, staff_id=person.id))
        request_id = request_leave(
            session, cause, staff_id=person.id, type_code=code, period=period, reason=row.text("reason")
        )
        if wanted in GRANTED:
            approve(session, cause, who, request_id)
        return Verdict.ADDED


def _type(row: Row) -> str:
    text = row.needed("type", "ANNUAL").upper()
    by_name = {each.name.upper(): each.code for each in LEAVE_TYPES.values()}
    return by_name.get(text, text)


def _period(row: Row) -> LeavePeriod:
    start, end = day_in(row, "start"), day_in(row, "end")
    first, last = (
        word_in(row, column, DayPart) if row.text(column) else DayPart.ALL for column in ("start_part", "end_part")
    )
    return LeavePeriod.of(start=start, end=end, start_part=first, end_part=last)


def _known(
    session: Session, person: Member, code: str, period: LeavePeriod, wanted: LeaveStatus
) -> LeaveRequest | None:
    query = select(LeaveRequest).where(
        LeaveRequest.staff_id == person.id,
        LeaveRequest.type == code,
        LeaveRequest.start_date == period.start,
        LeaveRequest.start_part == period.start_part,
        LeaveRequest.end_date == period.end,
        LeaveRequest.end_part == period.end_part,
        LeaveRequest.status.in_({*LIVE, wanted}),
    )
    return session.scalars(query.order_by(LeaveRequest.id.desc()).limit(1)).one_or_none()


def _carry_on(session: Session, cause: Cause, who: Person, found: LeaveRequest, wanted: LeaveStatus) -> Verdict:
    status = LeaveStatus(found.status)
    if status is wanted or (status in GRANTED and wanted in LIVE):
        return Verdict.SAME
    if status is LeaveStatus.REQUESTED and wanted in GRANTED:
        approve(session, cause, who, found.id)
        return Verdict.CHANGED
    message = f"FlowApp has this leave as “{status.label.lower()}”. Decide on it or take it back on its own page."
    raise wrong("status", message)
