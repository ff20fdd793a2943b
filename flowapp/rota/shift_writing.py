"""Writing shifts down: one that is new, and another state of one that is there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict
from flowapp.kernel.ids import new_uid
from flowapp.kernel.prepared import Prepared
from flowapp.rota.shift_plan import ShiftPlan, Timed
from flowapp.rota.shift_reading import PlannedShift, shift_as_it_is
from flowapp.rota.shifts import Shift, ShiftStatus

_PLAN = (
    *("unit_id", "role", "local_date", "start_local", "end_local", "timezone", "starts_at", "ends_at"),
    *("unpaid_break_minutes", "hours", "kind", "working_time", "notes", "skills"),
)
_STATE = ("status", "staff_id", "published_at", "acknowledged_at", "open_since", "cancel_reason")
_ADD: Prepared[Any] = Prepared(
    insert(Shift).returning(Shift.id),
    columns=("uid", "home_id", *_PLAN, *_STATE, "created_at", "updated_at", "version"),
)
_OF_VERSION = (Shift.id == bindparam("shift_id"), Shift.version == bindparam("seen"))
_REPLAN: Prepared[Any] = Prepared(
    update(Shift).where(*_OF_VERSION), columns=(*_PLAN, "acknowledged_at", "updated_at", "version")
)
_MOVE: Prepared[Any] = Prepared(update(Shift).where(*_OF_VERSION), columns=(*_STATE, "updated_at", "version"))


def add(
    session: Session, cause: Cause, home_id: int, plan: ShiftPlan, work: Timed, zone: str, staff_id: int | None
) -> PlannedShift:
    """Write a new shift, open unless somebody has it, and answer it."""
    row = {
        "uid": new_uid(cause.at),
        "home_id": home_id,
        **columns_of(plan, work, zone),
        "status": ShiftStatus.OPEN if staff_id is None else ShiftStatus.ASSIGNED,
        "staff_id": staff_id,
        "published_at": None,
        "acknowledged_at": None,
        "open_since": cause.at if staff_id is None else None,
        "cancel_reason": "",
        "created_at": cause.at,
        "updated_at": cause.at,
        "version": 1,
    }
    shift_id: int = _ADD.value(session, **row)
    return shift_as_it_is(session, shift_id)


def replan(session: Session, cause: Cause, shift: PlannedShift, plan: ShiftPlan, work: Timed) -> PlannedShift:
    """Write another plan of a shift, and answer the shift; raises Conflict when somebody changed it meanwhile.

    Whoever has it has not seen it so, so that they are asked again to acknowledge it.
    """
    row = {**columns_of(plan, work, shift.timezone), "updated_at": cause.at, "version": shift.version + 1}
    row["acknowledged_at"] = None
    return _only_if_unchanged(session, shift, _REPLAN, row)


def move(
    session: Session,
    cause: Cause,
    shift: PlannedShift,
    *,
    status: ShiftStatus,
    staff_id: int | None,
    published_at: datetime | None = None,
    acknowledged_at: datetime | None = None,
    cancel_reason: str = "",
) -> PlannedShift:
    """Write another state of a shift, and answer the shift; raises Conflict when somebody changed it meanwhile."""
    same_person = staff_id == shift.staff_id
    row = {
        "status": status,
        "staff_id": staff_id,
        "published_at": published_at or shift.published_at,
        "acknowledged_at": acknowledged_at or (shift.acknowledged_at if same_person else None),
        "open_since": (shift.open_since or cause.at) if status is ShiftStatus.OPEN else None,
        "cancel_reason": cancel_reason,
        "updated_at": cause.at,
        "version": shift.version + 1,
    }
    return _only_if_unchanged(session, shift, _MOVE, row)


def note(
    session: Session, cause: Cause, shift: PlannedShift, action: str, *, before: Any, after: Any, reason: str = ""
) -> None:
    """Note in the audit what became of a shift."""
    audit.write(
        session,
        cause,
        action=f"shift.{action}",
        entity="shift",
        entity_id=shift.id,
        home_id=shift.home_id,
        before=before,
        after=after,
        reason=reason,
    )


def _only_if_unchanged(
    session: Session, shift: PlannedShift, statement: Prepared[Any], row: dict[str, Any]
) -> PlannedShift:
    if statement.run(session, shift_id=shift.id, seen=shift.version, **row) != 1:
        raise Conflict
    return shift_as_it_is(session, shift.id)


def columns_of(plan: ShiftPlan, work: Timed, zone: str) -> dict[str, Any]:
    """Answer what a shift's row holds of its plan."""
    return {
        "unit_id": plan.unit_id,
        "role": plan.role,
        "local_date": plan.date,
        "start_local": f"{plan.start:%H:%M}",
        "end_local": f"{plan.end:%H:%M}",
        "timezone": zone,
        "starts_at": work.times.starts_at,
        "ends_at": work.times.ends_at,
        "unpaid_break_minutes": plan.unpaid_break_minutes,
        "hours": work.hours,
        "kind": plan.kind,
        "working_time": plan.working_time,
        "notes": plan.notes,
        "skills": list(plan.skills),
    }
