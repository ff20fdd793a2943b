"""Deciding on hours that were handed in: they are approved to be paid, or given back with a question."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from flowapp.accounts.can import require
from flowapp.accounts.people import Person
from flowapp.events.cause import ActorKind, Cause
from flowapp.events.timesheet import TimesheetApproved, TimesheetQueried
from flowapp.kernel.errors import Conflict, Problem, Refused
from flowapp.rota.reasons import read_reason
from flowapp.rota.shift_reading import shift_as_it_is
from flowapp.rota.shifts import ShiftStatus
from flowapp.rota.timesheets.following import follow
from flowapp.rota.timesheets.reading import Sheet, matching_the_plan, sheet_as_it_is
from flowapp.rota.timesheets.timesheet import TimesheetStatus
from flowapp.rota.timesheets.writing import change, note, story, tell

MOST_AT_ONCE = 500


def approve(session: Session, cause: Cause, who: Person, timesheet_id: int, *, seen: int | None = None) -> Sheet:
    """Approve hours to be paid, and answer the timesheet.

    Raises NotFound or NotAllowed when `who` may not decide on it, and Conflict when it does not wait for a decision,
    or somebody changed it since the version `seen`.
    """
    return _approve(session, cause, _waiting(session, who, timesheet_id, seen))


def approve_all_that_match(session: Session, cause: Cause, who: Person) -> int:
    """Approve what waits for somebody's decision and is as planned, and answer how many that were."""
    found = matching_the_plan(session, who, MOST_AT_ONCE)
    for sheet in found:
        require(who, "timesheet.decide", sheet.on)
        _approve(session, cause, sheet)
    return len(found)


def query(
    session: Session, cause: Cause, who: Person, timesheet_id: int, *, reason: str, seen: int | None = None
) -> Sheet:
    """Give hours back with a question, which is required, since somebody has to answer it; raises as `approve` does."""
    reason = read_reason(reason)
    if not reason:
        message = "Say what you ask about these hours; the person will read it."
        raise Refused([Problem(path="reason", code="missing", message=message)])
    sheet = _waiting(session, who, timesheet_id, seen)
    told = story(cause, sheet.history, "queried", why=reason)
    state = {"status": TimesheetStatus.QUERIED, "reason": reason, "history": told}
    after = change(session, cause, sheet, **state, **_decided(cause))
    note(session, cause, after, "query", before=sheet, reason=reason)
    tell(session, cause, TimesheetQueried, after, reason=reason, decided_by=after.decided_by)
    return after


def _approve(session: Session, cause: Cause, sheet: Sheet) -> Sheet:
    told = story(cause, sheet.history, "approved")
    state = {"status": TimesheetStatus.APPROVED, "reason": "", "history": told}
    after = change(session, cause, sheet, **state, **_decided(cause))
    shift = shift_as_it_is(session, sheet.shift_id)
    if shift.status is ShiftStatus.NO_SHOW and shift.staff_id == sheet.staff_id:
        follow(session, cause, shift, ShiftStatus.COMPLETED)  # they were there after all
    note(session, cause, after, "approve", before=sheet)
    tell(session, cause, TimesheetApproved, after, decided_by=after.decided_by)
    return after


def _waiting(session: Session, who: Person, timesheet_id: int, seen: int | None) -> Sheet:
    sheet = sheet_as_it_is(session, timesheet_id)
    require(who, "timesheet.decide", sheet.on)
    if seen is not None and seen != sheet.version:
        raise Conflict
    if sheet.status is not TimesheetStatus.SUBMITTED:
        raise Conflict(f"{_stands(sheet)}. Nothing was changed.")
    return sheet


def _stands(sheet: Sheet) -> str:
    if sheet.status is TimesheetStatus.DRAFT:
        return f"{sheet.staff_name} has not handed in these hours yet"
    return f"These hours are already {sheet.status.label.lower()} by {sheet.decided_by}"


def _decided(cause: Cause) -> dict[str, Any]:
    by_workflow = cause.actor.kind is ActorKind.WORKFLOW
    name = f"the workflow “{cause.actor.name}”" if by_workflow else cause.actor.name
    return {"decided_at": cause.at, "decided_by": name[:160], "decided_by_id": cause.actor.id}
