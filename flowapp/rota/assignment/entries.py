"""Assignments: the table. A row for each time that somebody was given a shift or taken off it, never altered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, Text, bindparam, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.events.cause import ActorKind, Cause
from flowapp.kernel.columns import Base, Exact, Instant, Plain, Word
from flowapp.kernel.prepared import Prepared
from flowapp.rota.eligibility.finding import Finding
from flowapp.rota.shifts import Shift
from flowapp.rota.staff import Staff


class AssignmentKind(StrEnum):
    """What happened."""

    GIVEN = "given"
    TAKEN_OFF = "taken_off"


class Source(StrEnum):
    """How it came about."""

    MANUAL = "manual"  # somebody decided it
    WORKFLOW = "workflow"  # a workflow did
    CLAIM = "claim"  # the person asked for it
    SWAP = "swap"  # two people exchanged shifts
    OFFER = "offer"  # the person was asked, and said yes
    IMPORT = "import"  # another system had it so


class ShiftAssignment(Base):
    """One change of who has a shift.

    `explanation` is what the rules said at that moment, `overruled` the names of those that it was done against, and
    `score` where the person stood among the others, of 100.
    """

    __tablename__ = "shift_assignment"
    __table_args__ = (Index("ix_shift_assignment_shift", "shift_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey(Shift.id))
    staff_id: Mapped[int] = mapped_column(ForeignKey(Staff.id), index=True)
    kind: Mapped[StrEnum] = mapped_column(Word(AssignmentKind))
    at: Mapped[datetime] = mapped_column(Instant)
    by_user_id: Mapped[int | None]
    by_execution_id: Mapped[int | None]
    source: Mapped[StrEnum] = mapped_column(Word(Source))
    score: Mapped[Decimal | None] = mapped_column(Exact)
    reason: Mapped[str] = mapped_column(Text)
    explanation: Mapped[Any] = mapped_column(Plain)
    overruled: Mapped[Any] = mapped_column(Plain)


_ADD: Prepared[Any] = Prepared(
    insert(ShiftAssignment),
    columns=(
        *("shift_id", "staff_id", "kind", "at", "by_user_id", "by_execution_id", "source", "score", "reason"),
        *("explanation", "overruled"),
    ),
)


class Grounds(NamedTuple):
    """On what grounds somebody was given a shift."""

    findings: tuple[Finding, ...] = ()
    overruled: tuple[str, ...] = ()  # rules
    score: Decimal | None = None
    reason: str = ""
    source: Source | None = None  # None: by who does it


NO_GROUNDS = Grounds()


def write(session: Session, cause: Cause, shift_id: int, staff_id: int, kind: AssignmentKind, grounds: Grounds) -> None:
    """Add an entry, in the transaction of the change it tells of."""
    by_workflow = cause.actor.kind is ActorKind.WORKFLOW
    _ADD.run(
        session,
        shift_id=shift_id,
        staff_id=staff_id,
        kind=kind,
        at=cause.at,
        by_user_id=cause.actor.id,
        by_execution_id=cause.actor.execution_id,
        source=grounds.source or (Source.WORKFLOW if by_workflow else Source.MANUAL),
        score=grounds.score,
        reason=grounds.reason,
        explanation=as_plain(grounds.findings),
        overruled=list(grounds.overruled),
    )


def as_plain(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Write what rules said as plain data."""
    return [
        {"rule": each.rule, "mode": each.mode.value, "code": each.code, "text": each.text, "fix": each.fix}
        | {"evidence": dict(each.evidence)}
        for each in findings
    ]


_LAST: Prepared[Any] = Prepared(
    select(ShiftAssignment.staff_id, ShiftAssignment.kind, ShiftAssignment.overruled)
    .where(ShiftAssignment.shift_id == bindparam("shift_id"))
    .order_by(ShiftAssignment.id.desc())
    .limit(1)
)


def overruled_for(session: Session, shift_id: int, staff_id: int) -> frozenset[str]:
    """Answer the rules that somebody was put on a shift against, where they have it still."""
    found = _LAST.first(session, shift_id=shift_id)
    if found is None or found[0] != staff_id or found[1] is not AssignmentKind.GIVEN:
        return frozenset()
    return frozenset(found[2])
