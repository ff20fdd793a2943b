"""What became of a shift, from the audit, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.audit import AuditEntry
from flowapp.rota.shift_reading import PlannedShift
from flowapp.rota.staff import Staff
from flowapp.web.filters import exact

MOST_DEEDS = 30
_DEEDS = {
    "shift.create": "planned it",
    "shift.update": "changed it",
    "shift.assign": "gave it to {new}",
    "shift.unassign": "took {old} off it",
    "shift.publish": "published it",
    "shift.acknowledge": "has seen it",
    "shift.cancel": "cancelled it",
}
_FIELDS = {"unit_id": "unit", "unpaid_break_minutes": "unpaid break", "working_time": "working time"}


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One thing that was done to the shift."""

    when: str
    words: str
    reason: str


def history(session: Session, shift: PlannedShift, zone: tzinfo) -> tuple[Deed, ...]:
    """Answer what was done to a shift, the last first."""
    own = (AuditEntry.entity == "shift", AuditEntry.entity_id == shift.id, AuditEntry.home_id == shift.home_id)
    query = select(AuditEntry).where(*own).order_by(AuditEntry.id.desc()).limit(MOST_DEEDS)
    entries = list(session.scalars(query))
    names = _names(session, entries)
    return tuple(
        Deed(when=exact(entry.at, zone=zone), words=_words(entry, names), reason=entry.reason) for entry in entries
    )


def _words(entry: AuditEntry, names: dict[int, str]) -> str:
    deed = _DEEDS.get(entry.action, "changed it")
    old, new = (names.get(_person(side) or 0, "somebody") for side in (entry.before, entry.after))
    words = f"{entry.actor_name} {deed.format(old=old, new=new)}"
    if entry.action == "shift.update" and entry.after:
        fields = ", ".join(f"{_FIELDS.get(name, name)} {_text(entry.before[name])} to {_text(entry.after[name])}"
                           for name in entry.after)  # fmt: skip
        words += f": {fields}"
    return words


def _names(session: Session, entries: list[AuditEntry]) -> dict[int, str]:
    people = {_person(side) for entry in entries for side in (entry.before, entry.after)} - {None}
    if not people:
        return {}
    return {id_: name for id_, name in session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(people)))}


def _person(side: Any) -> int | None:
    return side.get("staff_id") if isinstance(side, dict) else None


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return f"“{value}”" if value not in (None, "") else "nothing"
