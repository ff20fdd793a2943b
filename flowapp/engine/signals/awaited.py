"""Which waiting steps listen to which events, so that the change that raises one can let them have their turn.

A change never asks whether an event fits: it moves the steps that listen to the front, and the worker asks. A row
that is left over does no harm, since only a step that waits still is woken.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.engine.execution import EXECUTIONS, STEPS, StepStatus
from flowapp.engine.parts import EngineParts
from flowapp.engine.writes import Ended
from flowapp.events.outbox import EventRecord, Recorded
from flowapp.kernel.columns import Base, Instant
from flowapp.kernel.prepared import Prepared
from flowapp.workflows.workflow import EVERY_HOME


class Awaited(Base):
    """A type of event that one waiting step listens to; events after `after_seq` have not been looked at."""

    __tablename__ = "awaited"
    __table_args__ = (
        UniqueConstraint("execution_id", "path", "event_type"),
        Index("ix_awaited_event_home", "event_type", "home_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    execution_id: Mapped[int] = mapped_column(ForeignKey("execution.id"))
    path: Mapped[str] = mapped_column(String(400))
    event_type: Mapped[str] = mapped_column(String(40))
    home_id: Mapped[int]  # EVERY_HOME for an execution of the whole organisation
    after_seq: Mapped[int]


AWAITED: Table = Awaited.__table__  # type: ignore[assignment]
EVENTS: Table = EventRecord.__table__  # type: ignore[assignment]
HEARD = (EVENTS.c.type == AWAITED.c.event_type) & (EVENTS.c.seq > AWAITED.c.after_seq) & or_(
    AWAITED.c.home_id == EVERY_HOME, EVENTS.c.care_home_id == AWAITED.c.home_id
)  # fmt: skip


def _woken(listening: Any) -> Prepared[Any]:
    """Let those of these steps that wait still have their turn; one whose turn has come already keeps its place."""
    at = bindparam("at", type_=Instant)
    waits = (STEPS.c.status == StepStatus.WAITING) & (STEPS.c.run_at.is_(None) | (STEPS.c.run_at > at))
    return Prepared(update(STEPS).where(waits, STEPS.c.id.in_(listening)).values(run_at=at))


_STEP = STEPS.alias()
_OF_STEP = select(_STEP.c.id).join(AWAITED, (_STEP.c.execution_id == AWAITED.c.execution_id) &
                                   (_STEP.c.path == AWAITED.c.path))  # fmt: skip
_LISTENS = (AWAITED.c.event_type == bindparam("event_type")) & or_(
    AWAITED.c.home_id == EVERY_HOME, AWAITED.c.home_id == bindparam("of_home")
)
_ANYBODY: Prepared[Any] = Prepared(select(AWAITED.c.id).where(_LISTENS).limit(1))
_WAKE = _woken(_OF_STEP.where(_LISTENS))
_WAKE_OVERLOOKED = _woken(_OF_STEP.join(EVENTS, HEARD).where(AWAITED.c.execution_id == bindparam("of_execution")))
_LISTEN: Prepared[Any] = Prepared(
    insert(AWAITED).from_select(
        ["execution_id", "path", "event_type", "home_id", "after_seq"],
        select(
            EXECUTIONS.c.id,
            bindparam("at_path", type_=String),
            bindparam("listens_to", type_=String),
            bindparam("in_home", type_=Integer),
            EXECUTIONS.c.after_seq,
        ).where(EXECUTIONS.c.id == bindparam("of_execution")),
    )
)
_HERE = (AWAITED.c.execution_id == bindparam("of_execution")) & (AWAITED.c.path == bindparam("at_path"))
_LOOKED_AT: Prepared[Any] = Prepared(update(AWAITED).where(_HERE).values(after_seq=bindparam("looked_at")))
_FORGET: Prepared[Any] = Prepared(delete(AWAITED).where(_HERE))


def listen(session: Session, execution_id: int, path: str, event_types: Sequence[str], home_id: int | None) -> None:
    """Let a step listen from now on; it has yet to look at what came since the execution was accepted."""
    home = EVERY_HOME if home_id is None else home_id
    here = {"of_execution": execution_id, "at_path": path, "in_home": home}
    _LISTEN.many(session, [{**here, "listens_to": each} for each in event_types])


def looked_at(session: Session, execution_id: int, path: str, seq: int) -> None:
    """Note the last event that a step has looked at."""
    _LOOKED_AT.run(session, of_execution=execution_id, at_path=path, looked_at=seq)


def forget(session: Session, execution_id: int, path: str) -> None:
    """Let a step listen no more."""
    _FORGET.run(session, of_execution=execution_id, at_path=path)


def forget_ended(parts: EngineParts, session: Session, ended: Sequence[Ended]) -> Sequence[Ended]:
    """Let executions that have ended listen no more, however they ended."""
    session.execute(delete(AWAITED).where(AWAITED.c.execution_id.in_([each.execution_id for each in ended])))
    return ()


def wake_listening(session: Session, recorded: Recorded) -> None:
    """Let every step that listens to an event have its turn, in the transaction of the event."""
    event = recorded.event
    home = EVERY_HOME if event.care_home_id is None else event.care_home_id
    if _ANYBODY.first(session, event_type=event.type, of_home=home):  # 3 µs against 24 where nobody listens
        _WAKE.run(session, event_type=event.type, of_home=home, at=event.cause.at)


def wake_overlooked(session: Session, execution_ids: Collection[int], at: datetime) -> None:
    """Let steps look again whose row was only written after an event had been recorded in the same transaction."""
    if execution_ids:
        _WAKE_OVERLOOKED.many(session, [{"of_execution": each, "at": at} for each in sorted(execution_ids)])
