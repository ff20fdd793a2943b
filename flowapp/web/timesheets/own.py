"""What the page of one's own hours shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.rota.shift_reading import PlannedShift
from flowapp.rota.shifts import ShiftStatus
from flowapp.rota.timesheets.reading import Sheet, own_sheets, own_work
from flowapp.rota.timesheets.timesheet import TimesheetStatus
from flowapp.rota.wording import amount_text
from flowapp.web.filters import short_day
from flowapp.web.leave.calendar_month import Month
from flowapp.web.timesheets.clock import Clock, clock_of
from flowapp.web.timesheets.tabs import Tab, tabs
from flowapp.web.timesheets.words import PILLS, planned_words, worked_words


@dataclass(frozen=True, kw_only=True)
class OwnRow:
    """One shift and its hours in a list."""

    href: str
    day: str
    planned: str
    worked: str
    hours: str
    status: str
    status_word: str
    does: str  # what is to be done; empty where nothing is


@dataclass(frozen=True, kw_only=True)
class OwnPage:
    """One's own hours of a month."""

    title: str
    sentence: str
    tabs: tuple[Tab, ...]
    works: bool  # whether the account belongs to somebody who works shifts
    clock: Clock | None
    month: str
    error: str
    before: tuple[str, str] | None
    after: tuple[str, str] | None
    rows: tuple[OwnRow, ...]


def own_page(session: Session, person: Person, month: Month, *, now: datetime, error: str = "") -> OwnPage:
    """Put together the page of one's own hours."""
    staff_id = person.staff_id
    shifts = own_work(session, staff_id, month.first, month.last, now) if staff_id else []
    sheets = own_sheets(session, staff_id, month.first, month.last) if staff_id else []
    return OwnPage(
        title=f"Your hours, {month.words}",
        sentence=_sentence(sheets) if staff_id else "",
        tabs=tabs(session, person, "own"),
        works=staff_id is not None,
        clock=clock_of(session, person, now),
        month=month.text,
        error=error,
        before=_link(month.before),
        after=_link(month.after if month.last < now.date() else None),
        rows=_rows(shifts, sheets),
    )


def _sentence(sheets: Sequence[Sheet]) -> str:
    approved = sum((each.hours for each in sheets if each.status is TimesheetStatus.APPROVED), Decimal(0))
    waiting = sum((each.hours for each in sheets if each.status is TimesheetStatus.SUBMITTED), Decimal(0))
    return f"{amount_text(approved, 'hour')} approved, {amount_text(waiting, 'hour')} waiting for approval."


def _link(month: Month | None) -> tuple[str, str] | None:
    return None if month is None else (month.words, url_for("timesheets.index", month=month.text))


def _rows(shifts: Sequence[PlannedShift], sheets: Sequence[Sheet]) -> tuple[OwnRow, ...]:
    by_shift = {each.shift_id: each for each in sheets}
    rows = [_row(shift, by_shift.pop(shift.id, None)) for shift in shifts]
    # Hours of a shift that was given to somebody else afterwards are still one's own.
    return (*rows, *(_written(each) for each in by_shift.values()))


def _row(shift: PlannedShift, sheet: Sheet | None) -> OwnRow:
    if sheet is not None:
        return _written(sheet)
    missed = shift.status is ShiftStatus.NO_SHOW
    return OwnRow(
        href=url_for("timesheets.hours", shift_id=shift.id),
        day=short_day(shift.local_date),
        planned=planned_words(shift.start_local, shift.end_local, shift.unit_name),
        worked="",
        hours="",
        status="no_show" if missed else "draft",
        status_word="Did not come" if missed else "Not handed in",
        does="Hand in",
    )


def _written(sheet: Sheet) -> OwnRow:
    begun = sheet.status is TimesheetStatus.DRAFT
    at_work = begun and sheet.out_at is None
    page = url_for("timesheets.hours", shift_id=sheet.shift_id) if begun else _page_of(sheet)
    return OwnRow(
        href=page,
        day=short_day(sheet.local_date),
        planned=planned_words(sheet.start_local, sheet.end_local, sheet.unit_name),
        worked=worked_words(sheet),
        hours="" if at_work else amount_text(sheet.hours, "hour"),
        status=PILLS[sheet.status],
        status_word=sheet.status.label,
        does={TimesheetStatus.DRAFT: "Hand in", TimesheetStatus.QUERIED: "Answer"}.get(sheet.status, ""),
    )


def _page_of(sheet: Sheet) -> str:
    return url_for("timesheets.show_timesheet", timesheet_id=sheet.id)
