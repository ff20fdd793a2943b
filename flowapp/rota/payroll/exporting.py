"""Handing approved hours over to be paid: what is new, or a whole period again on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, exists, insert, select
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import ALL, homes_of, require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.kernel.errors import NotFound, Problem, Refused
from flowapp.kernel.ids import new_uid
from flowapp.rota.homes import place_of
from flowapp.rota.payroll.export import PayrollExport, PayrollLine
from flowapp.rota.timesheets.reading import Sheet, sheets
from flowapp.rota.timesheets.timesheet import Timesheet, TimesheetStatus

MOST_DAYS = 366
_EXPORTED = exists().where(PayrollLine.timesheet_id == Timesheet.id)


class _Line(NamedTuple):
    id: int
    hours: Decimal
    exported: bool


def export(
    session: Session, cause: Cause, who: Person, *, home_id: int, first: date, last: date, again: bool = False
) -> int:
    """Take the approved hours of a home and some days that no export has yet, and answer the export's number.

    With `again` those that were exported before are taken as well. Raises NotFound or NotAllowed when `who` may not,
    and Refused when the days make no sense, or there is nothing to take.
    """
    require(who, "timesheet.decide", On(home_id=home_id))
    if place_of(session, home_id) is None:
        raise NotFound
    if problems := [*_wrong_days(first, last)]:
        raise Refused(problems)
    wanted = _approved(home_id, first, last)
    query = select(Timesheet.id, Timesheet.hours, _EXPORTED).where(*wanted if again else (*wanted, ~_EXPORTED))
    lines = [_Line(*row) for row in session.execute(query)]
    if not lines:
        raise Refused([_nothing(session, wanted)])
    made = PayrollExport(
        uid=new_uid(cause.at),
        home_id=home_id,
        first_day=first,
        last_day=last,
        again=again,
        lines=len(lines),
        new_lines=sum(not line.exported for line in lines),
        hours=sum((line.hours for line in lines), Decimal(0)),
        made_at=cause.at,
        made_by=cause.actor.name[:160],
        made_by_id=cause.actor.id,
    )
    session.add(made)
    session.flush()
    session.execute(insert(PayrollLine), [{"export_id": made.id, "timesheet_id": line.id} for line in lines])
    _note(session, cause, made)
    return made.id


def exports_seen_by(who: Person) -> Select[PayrollExport]:
    """Select the exports that somebody may see, the latest first."""
    home_ids = homes_of(who, "timesheet.decide")
    query = select(PayrollExport).order_by(PayrollExport.id.desc())
    return query if home_ids is ALL else query.where(PayrollExport.home_id.in_(home_ids))


def visible_export(session: Session, who: Person, export_id: int) -> PayrollExport:
    """Answer an export that somebody may see; raises NotFound, whether it does not exist or is not for them."""
    found = session.scalar(exports_seen_by(who).where(PayrollExport.id == export_id))
    if found is None:
        raise NotFound
    return found


def lines_of(session: Session, export_id: int) -> list[Sheet]:
    """Answer the hours in an export, by day and person."""
    query = sheets().join(PayrollLine, PayrollLine.timesheet_id == Timesheet.id)
    query = query.where(PayrollLine.export_id == export_id).order_by(Timesheet.local_date, Timesheet.staff_id)
    return [Sheet(*row) for row in session.execute(query)]


def _approved(home_id: int, first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Timesheet.home_id == home_id,
        Timesheet.status == TimesheetStatus.APPROVED,
        Timesheet.local_date >= first,
        Timesheet.local_date <= last,
    )


def _wrong_days(first: date, last: date) -> Iterator[Problem]:
    if last < first:
        yield Problem(path="last_day", code="before_first", message="The last day is before the first. Check both.")
    elif (last - first).days >= MOST_DAYS:
        yield Problem(path="last_day", code="too_long", message="Take a year at most.")


def _nothing(session: Session, wanted: tuple[ColumnElement[bool], ...]) -> Problem:
    if session.scalar(select(Timesheet.id).where(*wanted).limit(1)) is None:
        message = "No hours of these days are approved yet. Approve them first, or choose other days."
        return Problem(path="first_day", code="nothing_approved", message=message)
    message = "All approved hours of these days were exported before. To have them once more, take the period again."
    return Problem(path="again", code="nothing_new", message=message)


def _note(session: Session, cause: Cause, made: PayrollExport) -> None:
    after = {"from": made.first_day, "to": made.last_day, "again": made.again, "lines": made.lines}
    audit.write(
        session,
        cause,
        action="payroll.export",
        entity="payroll_export",
        entity_id=made.id,
        home_id=made.home_id,
        after=after,
    )
