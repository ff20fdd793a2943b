"""Floods: more runs of one workflow about to start within a minute than anybody can have meant.

Only what events and web hooks start is held; what a person, a program or a schedule starts is not. A run is held when
as many as the limit were started by events and web hooks in the minute before it, not counting those that were never
begun because they were refused, replaced or dropped. So holding ends by itself when a minute brought fewer, or when a
person answers, from which moment it is counted anew. What is held stays held until a person answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, and_, bindparam, func, literal, not_, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from flowapp.accounts import audit
from flowapp.engine.cancelling import cancel_executions
from flowapp.engine.ending import follow
from flowapp.engine.entry.queueing import begin
from flowapp.engine.execution import Execution, ExecutionStatus, HeldBack
from flowapp.engine.parts import EngineParts
from flowapp.events.cause import SYSTEM, Cause
from flowapp.kernel.columns import Base, Instant
from flowapp.kernel.ids import first_uid
from flowapp.kernel.prepared import Prepared
from flowapp.messaging.in_app import notify
from flowapp.workflows.workflow import Workflow, workflow

HELD_TYPES = ("event", "webhook")  # types of trigger
WINDOW = timedelta(minutes=1)
MOST_A_SECOND = 50  # of those that are let go
AT_ONCE = 500  # started or dropped in one transaction


class FloodAnswer(Base):
    """When a person last said what becomes of a workflow's held runs; starts before it count no more."""

    __tablename__ = "flood_answer"

    workflow_id: Mapped[int] = mapped_column(ForeignKey("workflow.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


_younger = aliased(Execution, name="younger")
_SINCE = bindparam("since", type_=Instant)
_ANSWERED = select(FloodAnswer.at).where(FloodAnswer.workflow_id == bindparam("workflow_id")).scalar_subquery()
# Numbers and uids rise together, and every uid has its moment in it: so the numbers of the last minute are found.
_FIRST = (
    select(_younger.id).where(_younger.uid >= bindparam("first_uid")).order_by(_younger.uid).limit(1).scalar_subquery()
)
_LATELY: Prepared[Any] = Prepared(
    select(func.count()).select_from(
        select(literal(1))
        .where(Execution.workflow_id == bindparam("workflow_id"), Execution.id >= _FIRST)
        .where(Execution.created_at > _SINCE, Execution.created_at > func.coalesce(_ANSWERED, _SINCE))
        .where(or_(*(Execution.trigger_type == each for each in HELD_TYPES)))
        .where(not_(and_(Execution.status == ExecutionStatus.CANCELLED, Execution.started_at.is_(None))))
        .limit(bindparam("most"))
        .subquery()
    )
)
# Written out as in the index, so that the database sees that it answers the question.
_HELD = (text("held_back IS NOT NULL AND finished_at IS NULL"), Execution.held_back == HeldBack.FLOOD)
_COUNT_HELD: Prepared[Any] = Prepared(
    select(func.count()).select_from(
        select(literal(1))
        .select_from(Execution)
        .where(*_HELD, Execution.workflow_id == bindparam("workflow_id"))
        .limit(bindparam("most"))
        .subquery()
    )
)


def is_flood(parts: EngineParts, session: Session, workflow_id: int, trigger_type: str, at: datetime) -> bool:
    """Say whether a run that is about to start is one of too many."""
    gauge = parts.gauge
    if trigger_type not in HELD_TYPES:
        return False
    if (known := gauge.is_flood(workflow_id, at)) is not None:
        return known
    since = at - WINDOW
    found = _LATELY.value(session, workflow_id=workflow_id, since=since, first_uid=first_uid(since), most=gauge.limit)
    return gauge.counted(workflow_id, at, found)


def held_words(parts: EngineParts) -> str:
    """Say why a run is held."""
    return (
        f"Held: more than {parts.gauge.limit} runs were about to start within a minute. "
        "The workflow’s page asks whether they shall start."
    )


def tell_once(parts: EngineParts, session: Session, workflow_id: int, at: datetime) -> None:
    """Tell the workflow's owner of a flood, unless runs of an earlier moment are held still."""
    if count_held(session, workflow_id, most=1):
        return
    found = workflow(session, workflow_id)
    notify(
        session,
        Cause(actor=SYSTEM, at=at),
        [found.owner_id],
        title="Runs are held until you answer",
        message=f"“{found.name}” was about to start more than {parts.gauge.limit} times within a minute. "
        "Further runs are held. Look at what started them, then say on the workflow’s page whether they shall start.",
        link=f"/workflows/{workflow_id}/",
        care_home_id=found.home_id,
    )


def count_held(session: Session, workflow_id: int, *, most: int = 1_000_000) -> int:
    """Count the runs of a workflow that are held with a flood."""
    return int(_COUNT_HELD.value(session, workflow_id=workflow_id, most=most))


def waiting_for_answers(session: Session, homes: frozenset[int] | None) -> Sequence[int]:
    """Answer the workflows of these homes, or of all, of which runs are held until a person answers."""
    held = select(Execution.workflow_id).where(*_HELD)
    query = select(Workflow.id).where(Workflow.id.in_(held)).order_by(Workflow.name)
    return session.scalars(query if homes is None else query.where(Workflow.home_id.in_(homes))).all()


def start_held(parts: EngineParts, session: Session, cause: Cause, workflow_id: int, *, before: int = 0) -> int:
    """Let held runs of a workflow start, in the order in which they came, and answer how many; to be asked until none.

    They do not start all at the same instant, so that other work has its turn between them; `before` were started
    before these.
    """
    numbers = _held(session, workflow_id)
    for place, number in enumerate(numbers, before):
        begin(session, number, cause.at + timedelta(seconds=place // MOST_A_SECOND))
    if numbers or not before:
        _answered(parts, session, cause, workflow_id, "workflow.start_held", len(numbers))
    return len(numbers)


def drop_held(parts: EngineParts, session: Session, cause: Cause, workflow_id: int, *, before: int = 0) -> int:
    """Cancel held runs of a workflow, and those in the queue behind them, and answer how many; to be asked until none.

    `before` were dropped before these.
    """
    numbers = _held(session, workflow_id)
    numbers += _behind(session, workflow_id, numbers)
    reason = f"Not started: {cause.actor.name} decided that the held runs shall not start."
    follow(parts, session, cancel_executions(session, numbers, reason=reason, at=cause.at))
    if numbers or not before:
        _answered(parts, session, cause, workflow_id, "workflow.drop_held", len(numbers))
    return len(numbers)


def _held(session: Session, workflow_id: int) -> list[int]:
    query = select(Execution.id).where(*_HELD, Execution.workflow_id == workflow_id)
    return list(session.scalars(query.order_by(Execution.id).limit(AT_ONCE)))


def _behind(session: Session, workflow_id: int, numbers: Sequence[int]) -> list[int]:
    """Answer the runs in the queue that have one of these before them; without it they would begin instead of it."""
    if not numbers:
        return []
    query = select(Execution.id, Execution.run_key, Execution.held_back).where(
        text("held_back IS NOT NULL AND finished_at IS NULL"), Execution.workflow_id == workflow_id
    )
    held: set[str] = set()
    found, chosen = [], frozenset(numbers)
    for number, run_key, held_back in session.execute(query.order_by(Execution.id)):
        if run_key is not None and number in chosen:
            held.add(run_key)
        elif run_key in held and held_back is HeldBack.QUEUE:
            found.append(number)
    return found


def _answered(parts: EngineParts, session: Session, cause: Cause, workflow_id: int, action: str, number: int) -> None:
    """Count anew from now on, and write down who decided."""
    if not session.execute(
        update(FloodAnswer).where(FloodAnswer.workflow_id == workflow_id).values(at=cause.at)
    ).rowcount:  # type: ignore[attr-defined]
        session.add(FloodAnswer(workflow_id=workflow_id, at=cause.at))
        session.flush()
    parts.gauge.forget(workflow_id)
    found = session.get_one(Workflow, workflow_id)
    audit.write(
        session,
        cause,
        action=action,
        entity="workflow",
        entity_id=workflow_id,
        home_id=found.home_id,
        after={"runs": number},
    )
