"""Schedules: each time that comes due starts a run once, and what was missed is made good as its trigger wishes.

The scheduler asks every second. One write starts the run and moves on to the next time, so that a time is never
started twice, not even by two processes, and none is lost when a process dies.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import CursorResult, ForeignKey, Index, String, bindparam, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.engine.execution import Execution
from flowapp.engine.parts import EngineParts
from flowapp.engine.start import Start, write_start
from flowapp.kernel.columns import Base, Instant
from flowapp.kernel.cron import next_after
from flowapp.kernel.db import DatabaseBusy
from flowapp.kernel.plain import plain
from flowapp.kernel.prepared import Prepared
from flowapp.workflows.workflow import CatchUp, Subscription, Workflow, WorkflowStatus

log = logging.getLogger(__name__)
ON_TIME = timedelta(minutes=1)  # what is started later than this was missed
LAST_WITHIN = timedelta(hours=24)
MOST_LISTED = 1_500  # times that were missed; one a minute for a day, and some
MOST_AT_ONCE = 50  # schedules in one look, and writes for one of them; the rest is for the next second
PATIENCE_SECONDS = 1.0  # the scheduler has other things to do than to wait for the database
STARTED_BY = "its schedule"


class MissedStart(Base):
    """A time at which FlowApp was away, and the run that made it good, if one did."""

    __tablename__ = "missed_start"
    __table_args__ = (
        Index("ix_missed_start_workflow_due", "workflow_id", "due_at"),
        Index("ix_missed_start_execution", "execution_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workflow_id: Mapped[int] = mapped_column(ForeignKey("workflow.id"))
    trigger_id: Mapped[str] = mapped_column(String(40))
    due_at: Mapped[datetime] = mapped_column(Instant)
    noticed_at: Mapped[datetime] = mapped_column(Instant)
    execution_id: Mapped[int | None] = mapped_column(ForeignKey("execution.id"))


class _Schedule(NamedTuple):
    """A schedule as it was when it was looked at."""

    id: int
    workflow_id: int
    version_id: int
    trigger_id: str
    trigger_type: str
    cron: str
    timezone: str | None
    catch_up: CatchUp
    plan_from: datetime | None
    next_fire_at: datetime | None
    home_id: int | None
    status: WorkflowStatus


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What one write does: it starts what is due, notes what was missed, and moves on."""

    start: datetime | None
    missed: tuple[datetime, ...]
    then: datetime | None


_DUE: Prepared[_Schedule] = Prepared(
    select(
        *(Subscription.id, Subscription.workflow_id, Subscription.version_id, Subscription.trigger_id),
        *(Subscription.trigger_type, Subscription.cron, Subscription.timezone, Subscription.catch_up),
        *(Subscription.plan_from, Subscription.next_fire_at, Workflow.home_id, Workflow.status),
    )
    .join(Workflow, Workflow.id == Subscription.workflow_id)
    .where(
        Subscription.cron.is_not(None),
        or_(
            Subscription.next_fire_at <= bindparam("now"),
            Subscription.next_fire_at.is_(None) & (Workflow.status == WorkflowStatus.ACTIVE),
        ),
    )
    .order_by(Subscription.next_fire_at, Subscription.id)
    .limit(MOST_AT_ONCE),
    _Schedule,
)


def start_due(parts: EngineParts, now: datetime) -> int:
    """Start what is due by now, and answer how many runs that are; one schedule in trouble does not hold up others."""
    with parts.database.read() as session:
        found = _DUE.rows(session, now=now)
    started = 0
    for schedule in found:
        try:
            started += _settle(parts, schedule, _zone(parts, schedule, now), now)
        except DatabaseBusy:
            break
        except Exception:
            log.exception("a schedule of workflow %s could not be looked at; it is tried again", schedule.workflow_id)
    return started


def missed_starts(session: Session, workflow_id: int, *, limit: int) -> list[MissedStart]:
    """Answer what a workflow missed while FlowApp was away, the latest first."""
    query = select(MissedStart).where(MissedStart.workflow_id == workflow_id)
    return list(session.scalars(query.order_by(MissedStart.due_at.desc(), MissedStart.id.desc()).limit(limit)))


def turns(cron: str, zone: ZoneInfo, catch_up: CatchUp, *, due: datetime, now: datetime) -> list[Turn]:
    """Decide what becomes of a time that is due, and of those after it up to now."""
    times = _times(cron, zone, due, now)
    missed = {each for each in times if now - each > ON_TIME}
    starts = _starts(times, missed, catch_up, now)
    following = [*times[1:], next_after(cron, zone, now)]
    made: list[Turn] = []
    passed: list[datetime] = []
    for each, then in zip(times, following, strict=True):
        passed.append(each)
        if each in starts or each == times[-1]:
            noted = tuple(one for one in passed if one in missed)
            made.append(Turn(start=each if each in starts else None, missed=noted, then=then))
            passed = []
    return made


def _times(cron: str, zone: ZoneInfo, due: datetime, now: datetime) -> list[datetime]:
    """Answer every time up to now; when there are too many, the first, and those of the last day."""
    found = list(islice(_until(cron, zone, due, now), MOST_LISTED))
    if len(found) == MOST_LISTED:
        day = next_after(cron, zone, max(due, now - LAST_WITHIN))
        return [due, *(_until(cron, zone, day, now) if day <= now else ())]
    return found


def _until(cron: str, zone: ZoneInfo, first: datetime, now: datetime) -> Iterator[datetime]:
    each = first
    while each <= now:
        yield each
        each = next_after(cron, zone, each)


def _starts(times: Sequence[datetime], missed: set[datetime], catch_up: CatchUp, now: datetime) -> frozenset[datetime]:
    if catch_up == CatchUp.ALL or not missed:
        return frozenset(times)
    if catch_up == CatchUp.NONE:
        return frozenset(times) - missed
    last = times[-1]
    return frozenset([last] if now - last <= LAST_WITHIN else [])


def _zone(parts: EngineParts, schedule: _Schedule, now: datetime) -> ZoneInfo:
    if schedule.timezone is not None:
        return ZoneInfo(schedule.timezone)
    with parts.database.read() as session:
        zone: ZoneInfo = parts.surroundings(session, schedule.home_id, now).timezone
    return zone


def _settle(parts: EngineParts, schedule: _Schedule, zone: ZoneInfo, now: datetime) -> int:
    """Do everything that one schedule needs, a write for each run; answer how many were started."""
    started, at = 0, schedule.next_fire_at
    for turn in _decided(schedule, zone, now)[:MOST_AT_ONCE]:

        def write(session: Session, turn: Turn = turn, at: datetime | None = at) -> int:
            return _write(parts, session, schedule, turn, at, now)

        started += parts.database.write(write, give_up=PATIENCE_SECONDS)
        at = turn.then
    return started


def _decided(schedule: _Schedule, zone: ZoneInfo, now: datetime) -> list[Turn]:
    if schedule.status != WorkflowStatus.ACTIVE:
        return [Turn(start=None, missed=(), then=None)]  # times pass while it is switched off, and count for nothing
    due = schedule.next_fire_at or next_after(schedule.cron, zone, schedule.plan_from or now)
    if due > now:
        return [Turn(start=None, missed=(), then=due)]
    return turns(schedule.cron, zone, schedule.catch_up, due=due, now=now)


def _write(
    parts: EngineParts, session: Session, schedule: _Schedule, turn: Turn, at: datetime | None, now: datetime
) -> int:
    """Move on from `at` and start what is due, unless somebody was quicker or the workflow changed meanwhile."""
    status = session.scalar(select(Workflow.status).where(Workflow.id == schedule.workflow_id))
    if status != schedule.status or not _moved(session, schedule, at, turn.then):
        return 0
    execution_id = None
    if turn.start is not None and not _started(session, schedule, turn.start):
        execution_id = write_start(parts, session, _start(schedule, turn.start, now))
    session.add_all(_missed(schedule, due, execution_id if due == turn.start else None, now) for due in turn.missed)
    session.flush()
    return 0 if execution_id is None else 1


def _moved(session: Session, schedule: _Schedule, at: datetime | None, then: datetime | None) -> bool:
    # The version as well: SQLite gives a number again when the row that had it is gone.
    moved: CursorResult[Any] = session.execute(
        update(Subscription)
        .where(Subscription.id == schedule.id, Subscription.trigger_id == schedule.trigger_id)
        .where(Subscription.version_id == schedule.version_id, Subscription.next_fire_at == at)
        .values(next_fire_at=then, plan_from=None)
    )  # type: ignore[assignment]
    return moved.rowcount == 1


def _started(session: Session, schedule: _Schedule, due: datetime) -> bool:
    """Say whether a run was started for this time before, as when the machine's clock is put back."""
    query = select(Execution.id).where(
        Execution.workflow_id == schedule.workflow_id,
        Execution.trigger_id == schedule.trigger_id,
        Execution.dedupe_key == _key(due),
    )
    return session.scalar(query) is not None


def _key(due: datetime) -> str:
    return due.isoformat()


def _start(schedule: _Schedule, due: datetime, now: datetime) -> Start:
    return Start(
        workflow_id=schedule.workflow_id,
        version_id=schedule.version_id,
        home_id=schedule.home_id,
        trigger_id=schedule.trigger_id,
        trigger_type=schedule.trigger_type,
        dedupe_key=_key(due),
        context=plain({"care_home_id": schedule.home_id, "scheduled_for": due}),
        at=now,
        started_by=STARTED_BY,
        started_by_id=None,
    )


def _missed(schedule: _Schedule, due: datetime, execution_id: int | None, now: datetime) -> MissedStart:
    return MissedStart(
        workflow_id=schedule.workflow_id,
        trigger_id=schedule.trigger_id,
        due_at=due,
        noticed_at=now,
        execution_id=execution_id,
    )
