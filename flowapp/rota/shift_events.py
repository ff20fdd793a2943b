"""What a shift tells workflows."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from flowapp.events.cause import Cause
from flowapp.events.event import Change, Event, StaffFacts, UserFacts
from flowapp.events.outbox import record
from flowapp.events.shift import ChangedField, ShiftFacts
from flowapp.rota.shift_reading import PlannedShift
from flowapp.rota.shifts import ShiftStatus
from flowapp.rota.wording import HUNDREDTH

AN_HOUR = timedelta(hours=1)


def tell(
    session: Session,
    cause: Cause,
    event: builtins.type[Event],
    shift: PlannedShift,
    *,
    about: StaffFacts | None = None,
    changes: Sequence[Change] = (),
    own: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Record an event of a shift.

    `about` names somebody else than whoever has it now; `own` is what only this kind of event brings.
    """
    context = event.Context(**_shared(shift, about or shift.staff_facts, cause), **own)
    record(
        session,
        event(subject_id=shift.id, care_home_id=shift.home_id, cause=cause, context=context, changes=tuple(changes)),
    )


def in_words(changes: Sequence[Change]) -> list[ChangedField]:
    """Answer changes as workflows read them."""
    return [ChangedField(field=each.field, old=_text(each.old), new=_text(each.new)) for each in changes]


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _shared(shift: PlannedShift, staff: StaffFacts | None, cause: Cause) -> dict[str, Any]:
    until = Decimal(int((shift.starts_at - cause.at).total_seconds())) / int(AN_HOUR.total_seconds())
    return {
        "shift_id": shift.id,
        "staff_id": None if staff is None else staff.id,
        "user_id": cause.actor.id,
        "care_home_id": shift.home_id,
        "shift_date": shift.local_date,
        "shift_type": shift.plan.type.value,
        "hours": shift.hours,
        "is_open": shift.status is ShiftStatus.OPEN,
        "published": shift.published_at is not None,
        "hours_until_start": until.quantize(HUNDREDTH),
        "shift": _facts(shift),
        "staff": staff,
        "user": UserFacts(id=cause.actor.id, name=cause.actor.name, role=cause.actor.role or ""),
    }


def _facts(shift: PlannedShift) -> ShiftFacts:
    return ShiftFacts(
        date=shift.local_date,
        start=shift.start_local,
        end=shift.end_local,
        timezone=shift.timezone,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        hours=shift.hours,
        role=shift.role.label,
        skills=shift.skills,
        unit_id=shift.unit_id,
        unit=shift.unit_name or "",
        kind=shift.kind.value,
        working_time=shift.working_time.value,
        status=shift.status.value,
        staff_id=shift.staff_id,
        published=shift.published_at is not None,
        notes=shift.notes,
    )
