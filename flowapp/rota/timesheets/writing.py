"""Writing timesheets down: one that is new, another state of one that is there, and what its event tells."""

from __future__ import annotations

import builtins
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.events.cause import Cause
from flowapp.events.event import Event, UserFacts
from flowapp.events.outbox import record
from flowapp.kernel.errors import Conflict
from flowapp.kernel.ids import new_uid
from flowapp.kernel.prepared import Prepared
from flowapp.rota.shift_reading import PlannedShift
from flowapp.rota.timesheets.reading import Sheet, sheet_as_it_is
from flowapp.rota.timesheets.timesheet import Timesheet, TimesheetStatus

_STATE = (
    *("in_at", "out_at", "break_minutes", "hours", "status", "note", "reason", "submitted_at"),
    *("decided_at", "decided_by", "decided_by_id", "history", "updated_at", "version"),
)
_ADD: Prepared[Any] = Prepared(
    insert(Timesheet).returning(Timesheet.id),
    columns=("uid", "home_id", "shift_id", "staff_id", "local_date", "created_at", *_STATE),
)
_CHANGE: Prepared[Any] = Prepared(
    update(Timesheet).where(Timesheet.id == bindparam("timesheet_id"), Timesheet.version == bindparam("seen")),
    columns=_STATE,
)


def begin(session: Session, cause: Cause, shift: PlannedShift, **state: Any) -> Sheet:
    """Write the timesheet of whoever has a shift, and answer it; `state` is what is known of it already."""
    row = {
        "uid": new_uid(cause.at),
        "home_id": shift.home_id,
        "shift_id": shift.id,
        "staff_id": shift.staff_id,
        "local_date": shift.local_date,
        "created_at": cause.at,
        **_new(shift),
        **state,
        "updated_at": cause.at,
        "version": 1,
    }
    timesheet_id: int = _ADD.value(session, **row)
    return sheet_as_it_is(session, timesheet_id)


def change(session: Session, cause: Cause, sheet: Sheet, **state: Any) -> Sheet:
    """Write another state of a timesheet, and answer it; raises Conflict when somebody changed it meanwhile."""
    row = {**_as_it_stands(sheet), **state, "updated_at": cause.at, "version": sheet.version + 1}
    if _CHANGE.run(session, timesheet_id=sheet.id, seen=sheet.version, **row) != 1:
        raise Conflict
    return sheet_as_it_is(session, sheet.id)


def story(cause: Cause, before: list[dict[str, Any]], what: str, **told: Any) -> list[dict[str, Any]]:
    """Answer the history of a timesheet with one more thing that was done with it."""
    return [*before, {"at": cause.at.isoformat(), "by": cause.actor.name, "what": what, **told}]


def note(session: Session, cause: Cause, sheet: Sheet, action: str, *, before: Sheet | None, reason: str = "") -> None:
    """Note in the audit what became of a timesheet."""
    audit.write(
        session,
        cause,
        action=f"timesheet.{action}",
        entity="timesheet",
        entity_id=sheet.id,
        home_id=sheet.home_id,
        before=None if before is None else _said(before),
        after=_said(sheet),
        reason=reason,
    )


def tell(session: Session, cause: Cause, event: builtins.type[Event], sheet: Sheet, **own: Any) -> None:
    """Record an event of a timesheet that was handed in; `own` is what only this kind of event brings."""
    context = event.Context(**_facts(sheet, cause), **own)
    record(session, event(subject_id=sheet.id, care_home_id=sheet.home_id, cause=cause, context=context))


def _facts(sheet: Sheet, cause: Cause) -> dict[str, Any]:
    difference = sheet.difference
    assert difference is not None
    return {
        "timesheet_id": sheet.id,
        "staff_id": sheet.staff_id,
        "user_id": cause.actor.id,
        "care_home_id": sheet.home_id,
        "shift_id": sheet.shift_id,
        "shift_date": sheet.local_date,
        "in_at": sheet.in_at,
        "out_at": sheet.out_at,
        "break_minutes": sheet.break_minutes,
        "hours": sheet.hours,
        "planned_hours": sheet.planned_hours,
        "difference_hours": difference.hours,
        "as_planned": difference.matches,
        "difference": difference.text,
        "note": sheet.note,
        "staff": sheet.staff_facts,
        "user": UserFacts(id=cause.actor.id, name=cause.actor.name, role=cause.actor.role or ""),
    }


def _new(shift: PlannedShift) -> dict[str, Any]:
    return {
        "in_at": None,
        "out_at": None,
        "break_minutes": shift.unpaid_break_minutes,
        "hours": 0,
        "status": TimesheetStatus.DRAFT,
        "note": "",
        "reason": "",
        "submitted_at": None,
        "decided_at": None,
        "decided_by": "",
        "decided_by_id": None,
        "history": [],
    }


_KEPT = ("in_at", "out_at", "break_minutes", "hours", "status", "note", "reason", "submitted_at", "history")


def _as_it_stands(sheet: Sheet) -> dict[str, Any]:
    """Answer what stays as it is; who decided is said anew with each decision."""
    kept = sheet._asdict()
    return {name: kept[name] for name in _KEPT} | {"decided_at": None, "decided_by": "", "decided_by_id": None}


def _said(sheet: Sheet) -> dict[str, Any]:
    return {
        "status": sheet.status,
        "in_at": sheet.in_at,
        "out_at": sheet.out_at,
        "break_minutes": sheet.break_minutes,
        "hours": sheet.hours,
    }
