"""The rota as tests write it: a long day on 7 December 2026 unless something else matters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.events.cause import Cause
from flowapp.events.outbox import EventRecord
from flowapp.rota import leave_decisions, shift_changes
from flowapp.rota.shift_plan import ShiftPlan
from flowapp.rota.shift_reading import PlannedShift, shift_as_it_is
from flowapp.rota.staff import JobRole, Staff
from flowapp.rota.units import UnitKind, add_unit
from tests.cast import Cast
from tests.factories import cause_of, leave_asked

T = TypeVar("T")
LONG_DAY = ShiftPlan(unit_id=None, role=JobRole.CARER, date=date(2026, 12, 7), start=time(8), end=time(20),
                     unpaid_break_minutes=60)  # fmt: skip


def at(clock: str) -> time:
    """Read a time of day."""
    return time.fromisoformat(clock)


class Rota:
    """What people of the cast do with shifts; each call is one transaction."""

    def __init__(self, flow: Flow, cast: Cast) -> None:
        self.flow = flow
        self.cast = cast

    def do(self, who: Person, fn: Callable[[Session, Cause], T]) -> T:
        """Write as somebody does, now."""
        cause = cause_of(who, self.flow.clock.now())
        return self.flow.database.write(lambda session: fn(session, cause))

    def plan(
        self, who: Person | None = None, *, home_id: int | None = None, staff_id: int | None = None, **given: Any
    ) -> int:
        """Plan a shift as Maya does, and answer its number."""
        who, home = who or self.cast.maya, home_id or self.cast.rose
        plan = replace(LONG_DAY, **given)
        return self.do(who, lambda s, c: shift_changes.create(s, c, who, home_id=home, plan=plan, staff_id=staff_id))

    def update(self, shift_id: int, *, by: Person | None = None, seen: int | None = None, **given: Any) -> None:
        """Plan it otherwise."""
        who = by or self.cast.maya
        self.do(who, lambda s, c: shift_changes.update(s, c, who, shift_id, seen=seen, **given))

    def assign(self, shift_id: int, to: Person | int, *, by: Person | None = None, **given: Any) -> None:
        """Give it to somebody."""
        who = by or self.cast.maya
        staff_id = to if isinstance(to, int) else staff_of(to)
        self.do(who, lambda s, c: shift_changes.assign(s, c, who, shift_id, staff_id=staff_id, **given))

    def unassign(self, shift_id: int, *, by: Person | None = None, **given: Any) -> None:
        """Take whoever has it off it."""
        who = by or self.cast.maya
        self.do(who, lambda s, c: shift_changes.unassign(s, c, who, shift_id, **given))

    def publish(self, shift_id: int, *, by: Person | None = None, **given: Any) -> None:
        """Let staff see it."""
        who = by or self.cast.maya
        self.do(who, lambda s, c: shift_changes.publish(s, c, who, shift_id, **given))

    def cancel(self, shift_id: int, *, by: Person | None = None, **given: Any) -> None:
        """Cancel it."""
        who = by or self.cast.maya
        self.do(who, lambda s, c: shift_changes.cancel(s, c, who, shift_id, **given))

    def shift(self, shift_id: int) -> PlannedShift:
        """Read it."""
        with self.flow.database.read() as session:
            return shift_as_it_is(session, shift_id)

    def events(self, *but: str) -> list[EventRecord]:
        """Read every event but those of these types, the first one first."""
        with self.flow.database.read() as session:
            found = session.scalars(select(EventRecord).order_by(EventRecord.seq))
            return [each for each in found if each.type not in but]

    def audit(self) -> list[AuditEntry]:
        """Read what the audit says of shifts."""
        with self.flow.database.read() as session:
            return list(session.scalars(select(AuditEntry).filter_by(entity="shift").order_by(AuditEntry.id)))

    def unit(self, name: str = "Bluebell", *, home_id: int | None = None) -> int:
        """Add a unit."""
        home, kind = home_id or self.cast.rose, UnitKind.DEMENTIA
        return self.do(self.cast.ada, lambda s, c: add_unit(s, c, home_id=home, name=name, kind=kind, beds=16).id)

    def change_member(self, person: Person, **given: Any) -> None:
        """Change what the home knows of somebody."""
        self.do(self.cast.ada, lambda s, _: _set(s, staff_of(person), given))

    def leave(self, person: Person, *, start: date, end: date | None = None, part: str = "all") -> int:
        """Let somebody have leave."""
        asked = leave_asked(self.flow, person, start=start, end=end, part=part)
        self.do(self.cast.maya, lambda s, c: leave_decisions.approve(s, c, self.cast.maya, asked))
        return asked


def staff_of(person: Person) -> int:
    """Answer the number of somebody of the cast as a member of staff."""
    assert person.staff_id is not None
    return person.staff_id


def _set(session: Session, staff_id: int, given: dict[str, Any]) -> None:
    member = session.get_one(Staff, staff_id)
    for name, value in given.items():
        setattr(member, name, value)
