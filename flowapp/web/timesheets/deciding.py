"""What those who decide on hours see: what waits, and one timesheet with its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import Person
from flowapp.rota.timesheets.reading import Sheet, not_handed_in, waiting_for
from flowapp.rota.timesheets.timesheet import CAN_BE_HANDED_IN, TimesheetStatus
from flowapp.rota.wording import amount_text
from flowapp.web.filters import ended, long_day, short_day, when
from flowapp.web.timesheets.tabs import Tab, tabs
from flowapp.web.timesheets.words import PILLS, break_words, clocks_change, planned_words, worked_words

MOST_ROWS, MOST_MISSING = 200, 20
LATELY = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class WaitingRow:
    """One timesheet that waits for a decision."""

    href: str
    person: str
    day: str
    worked: str
    hours: str
    difference: str
    as_planned: bool


@dataclass(frozen=True, kw_only=True)
class MissingRow:
    """One shift whose hours nobody has handed in."""

    href: str
    person: str
    day: str
    planned: str


@dataclass(frozen=True, kw_only=True)
class WaitingPage:
    """What waits for a decision."""

    tabs: tuple[Tab, ...]
    rows: tuple[WaitingRow, ...]
    as_planned: int
    missing: tuple[MissingRow, ...]
    watch_url: str


@dataclass(frozen=True, kw_only=True)
class TimesheetPage:
    """One timesheet."""

    title: str
    sentence: str
    status: str
    status_word: str
    notice: str
    facts: tuple[tuple[str, str], ...]
    history: tuple[dict[str, Any], ...]
    may_decide: bool
    hand_in_url: str
    hand_in_word: str
    approve_url: str
    query_url: str
    version: int
    reason: str
    errors: Mapping[str, str]
    problems: tuple[tuple[str, str], ...]


def waiting_page(session: Session, person: Person, now: datetime) -> WaitingPage:
    """Put together the page of what waits for a decision."""
    rows = tuple(_waiting(each) for each in waiting_for(session, person, MOST_ROWS))
    late = not_handed_in(session, person, now - LATELY, now, MOST_MISSING)
    return WaitingPage(
        tabs=tabs(session, person, "waiting"),
        rows=rows,
        as_planned=sum(row.as_planned for row in rows),
        missing=tuple(
            MissingRow(
                href=url_for("timesheets.hours", shift_id=each.id),
                person=each.staff_name or "",
                day=short_day(each.local_date),
                planned=planned_words(each.start_local, each.end_local, each.unit_name),
            )
            for each in late
        ),
        watch_url=url_for("watches.index") if can(person, "home.edit") else "",
    )


def _waiting(sheet: Sheet) -> WaitingRow:
    difference = sheet.difference
    return WaitingRow(
        href=url_for("timesheets.show_timesheet", timesheet_id=sheet.id),
        person=sheet.staff_name,
        day=short_day(sheet.local_date),
        worked=worked_words(sheet),
        hours=amount_text(sheet.hours, "hour"),
        difference="" if difference is None else ended(difference.text),
        as_planned=difference is not None and difference.matches,
    )


def timesheet_page(
    person: Person, sheet: Sheet, *, now: datetime, reason: str = "", errors: Mapping[str, str] | None = None
) -> TimesheetPage:
    """Put together the page of one timesheet."""
    own = person.staff_id == sheet.staff_id
    waits = sheet.status is TimesheetStatus.SUBMITTED
    may_hand_in = sheet.status in CAN_BE_HANDED_IN and can(person, "timesheet.submit", sheet.on)
    return TimesheetPage(
        title=f"{'Your' if own else sheet.staff_name + '’s'} hours, {long_day(sheet.local_date)}",
        sentence=_sentence(sheet, own=own),
        status=PILLS[sheet.status],
        status_word=sheet.status.label,
        notice=clocks_change((sheet.starts_at, sheet.start_local, sheet.end_local), sheet.timezone),
        facts=_facts(sheet),
        history=_history(sheet, now),
        may_decide=waits and can(person, "timesheet.decide", sheet.on),
        hand_in_url=url_for("timesheets.hours", shift_id=sheet.shift_id) if may_hand_in else "",
        hand_in_word="Correct these hours" if waits else "Correct and hand in",
        approve_url=url_for("timesheets.approve", timesheet_id=sheet.id),
        query_url=url_for("timesheets.query", timesheet_id=sheet.id),
        version=sheet.version,
        reason=reason,
        errors=errors or {},
        problems=tuple((errors or {}).items()),
    )


def _sentence(sheet: Sheet, *, own: bool) -> str:
    if sheet.status is TimesheetStatus.QUERIED:
        return f"{sheet.decided_by} asks: {ended(sheet.reason)}"
    if sheet.status is TimesheetStatus.APPROVED:
        return f"Approved by {sheet.decided_by}."
    if sheet.status is TimesheetStatus.SUBMITTED:
        return "Handed in; somebody else decides." if own else "Handed in, and nobody has decided yet."
    return "Begun by clocking in, and not handed in yet."


def _facts(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    difference = sheet.difference
    facts = [
        ("Planned", planned_words(sheet.start_local, sheet.end_local, sheet.unit_name)),
        ("Worked", worked_words(sheet) or "Nothing yet"),
        ("Unpaid break", break_words(sheet.break_minutes)),
        ("Hours", amount_text(sheet.hours, "hour")),
    ]
    if difference is not None:
        facts.append(("Compared with the plan", ended(difference.text)))
    if sheet.note:
        facts.append(("Said about it", sheet.note))
    return (*facts, ("Home", sheet.home_name))


def _history(sheet: Sheet, now: datetime) -> tuple[dict[str, Any], ...]:
    zone = ZoneInfo(sheet.timezone)
    return tuple(
        {
            "state": "waiting" if each["what"] == "queried" else "done",
            "word": each["what"].capitalize(),
            "sentence": f"{each['by']} {_DID[each['what']]}" + (f": {each['hours']}" if each.get("hours") else ""),
            "when": when(datetime.fromisoformat(each["at"]), now=now, zone=zone),
            "explanation": each.get("why", ""),
        }
        for each in sheet.history
    )


_DID = {
    "clocked in": "clocked in",
    "clocked out": "clocked out",
    "handed in": "handed in",
    "queried": "queried these hours",
    "approved": "approved these hours",
}
