"""The figures of the whole engine, read from the rows: any process answers for all of them.

Everything here is one seek in an index, or the count of a range of one that holds only what is under way, so that a
million finished runs cost nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, literal_column, select, text
from sqlalchemy.orm import Session

from flowapp.engine.claim import count_due
from flowapp.engine.execution import EXECUTIONS, LIVE, STEPS, Execution, ExecutionStatus, HeldBack, StepExecution
from flowapp.engine.keeping.clean_up import last_cleaned_at
from flowapp.engine.operating.presence import last_tick
from flowapp.engine.operating.tally import LEASES_LOST, NO_WORKFLOW, tallies
from flowapp.engine.schedules import MissedStart
from flowapp.events.outbox import EventRecord
from flowapp.workflows.switching import BY_ITSELF
from flowapp.workflows.workflow import Workflow, WorkflowStatus

MOST_PARKED = 1_000  # counted; whether each was retried has to be looked up
MOST_MISSED = 1_000
LATELY = timedelta(minutes=5)
MOST_LATELY = 200  # runs whose dispatch lag is looked at
DAY = timedelta(days=1)
# Written out as in the indexes, so that the database sees that they answer the questions.
_READY = text("step_execution.status IN ('pending', 'waiting')")
_LEASED = text("step_execution.status = 'running'")
_IN_DOUBT = text("step_execution.status = 'uncertain'")
_PARKED = text("execution.status = 'failed' AND execution.given_up_at IS NULL")
_RETRY = EXECUTIONS.alias("retry")
_HELD_BACK = text("execution.held_back IS NOT NULL AND execution.finished_at IS NULL")


@dataclass(frozen=True, kw_only=True)
class Lag:
    """How long runs of the last minutes waited from their acceptance until they were taken."""

    runs: int
    middle: timedelta
    longest: timedelta


@dataclass(frozen=True, kw_only=True)
class EngineFigures:
    """How the engine stands; None where there is nothing to tell."""

    at: datetime
    ticked_at: datetime | None
    cleaned_at: datetime | None
    newest_at: datetime | None  # the moment of the newest run or event
    due: int
    oldest_due_at: datetime | None
    lag: Lag
    claimed: int
    expired: int  # of those, leases that have run out
    in_doubt: int
    parked: int  # failed and not dealt with; MOST_PARKED stands for any number above
    parked_for_long: int  # of those, for longer than a day
    live: Mapping[ExecutionStatus, int]
    queued: int
    held: int
    accepted: int  # runs ever
    ended: Mapping[tuple[int, str], int]  # ever, by workflow and outcome
    leases_lost: int  # ever


@dataclass(frozen=True, kw_only=True)
class WorkflowFigures:
    """Which workflows are in trouble."""

    paused_by_themselves: tuple[str, ...]
    failing: tuple[str, ...]
    missed: int  # times of schedules that were missed in the last day; MOST_MISSED stands for any number above


def engine_figures(session: Session, now: datetime) -> EngineFigures:
    """Read how the engine stands."""
    counted = tallies(session)
    claimed, expired = _leases(session, now)
    live = _live(session)
    held_back = _held_back(session)
    return EngineFigures(
        at=now,
        ticked_at=last_tick(session),
        cleaned_at=last_cleaned_at(session),
        newest_at=_newest_at(session),
        due=count_due(session, now),
        oldest_due_at=_oldest_due(session, now),
        lag=_lag(session, now),
        claimed=claimed,
        expired=expired,
        in_doubt=session.scalar(select(func.count()).select_from(StepExecution).where(_IN_DOUBT)) or 0,
        parked=_parked(session, now),
        parked_for_long=_parked(session, now - DAY),
        live={status: live.get(status, 0) for status in LIVE},
        queued=held_back.get(HeldBack.QUEUE, 0),
        held=held_back.get(HeldBack.FLOOD, 0),
        accepted=session.scalar(select(func.max(Execution.id))) or 0,
        ended={key: number for key, number in counted.items() if key[0] != NO_WORKFLOW},
        leases_lost=counted.get((NO_WORKFLOW, LEASES_LOST), 0),
    )


def workflow_figures(session: Session, now: datetime) -> WorkflowFigures:
    """Read which workflows are in trouble."""
    paused = select(Workflow.name).where(
        Workflow.status == WorkflowStatus.PAUSED, Workflow.paused_reason.startswith(BY_ITSELF, autoescape=True)
    )
    failing = select(Workflow.name).where(text("workflow.failures_in_a_row > 0"))
    latest = select(MissedStart.noticed_at).order_by(MissedStart.id.desc()).limit(MOST_MISSED).subquery()
    missed = select(func.count()).where(latest.c.noticed_at > now - DAY)
    return WorkflowFigures(
        paused_by_themselves=tuple(session.scalars(paused.order_by(Workflow.name))),
        failing=tuple(session.scalars(failing.order_by(Workflow.name))),
        missed=session.scalar(missed) or 0,
    )


def workflow_names(session: Session) -> dict[int, str]:
    """Answer the names of all workflows, by number."""
    return {number: name for number, name in session.execute(select(Workflow.id, Workflow.name))}


def _oldest_due(session: Session, now: datetime) -> datetime | None:
    query = select(StepExecution.run_at).where(_READY, StepExecution.run_at <= now)
    return session.scalar(query.order_by(StepExecution.run_at).limit(1))


def _leases(session: Session, now: datetime) -> tuple[int, int]:
    """Count the steps that are claimed, and those of them whose lease has run out."""
    leased = select(func.count()).select_from(StepExecution).where(_LEASED, STEPS.c.lease_until.is_not(None))
    return session.scalar(leased) or 0, session.scalar(leased.where(STEPS.c.lease_until < now)) or 0


def _live(session: Session) -> dict[ExecutionStatus, int]:
    query = select(Execution.status, func.count()).where(Execution.status.in_(LIVE)).group_by(Execution.status)
    return {ExecutionStatus(status): number for status, number in session.execute(query)}


def _held_back(session: Session) -> dict[HeldBack, int]:
    query = select(Execution.held_back, func.count()).where(_HELD_BACK).group_by(Execution.held_back)
    return {HeldBack(why): number for why, number in session.execute(query) if why is not None}


def _parked(session: Session, before: datetime) -> int:
    """Count the runs that failed before a moment and that nobody has dealt with."""
    retried = select(_RETRY.c.id).where(_RETRY.c.retry_of == EXECUTIONS.c.id)
    parked = select(EXECUTIONS.c.id).where(_PARKED, EXECUTIONS.c.finished_at <= before, ~retried.exists())
    found = parked.order_by(EXECUTIONS.c.finished_at).limit(MOST_PARKED).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def _newest_at(session: Session) -> datetime | None:
    run = session.scalar(select(Execution.created_at).order_by(Execution.id.desc()).limit(1))
    event = session.scalar(select(EventRecord.occurred_at).order_by(EventRecord.seq.desc()).limit(1))
    return max((each for each in (run, event) if each is not None), default=None)


def _lag(session: Session, now: datetime) -> Lag:
    """Look at the newest runs; those that wait for their turn in a queue, or for an answer, say nothing here."""
    free: Any = literal_column("execution.run_key IS NULL AND execution.held_back IS NULL")
    query = select(Execution.created_at, Execution.started_at, Execution.finished_at, free)
    newest = session.execute(query.order_by(Execution.id.desc()).limit(MOST_LATELY))
    waits = sorted(
        (started or now) - created
        for created, started, finished, is_free in newest
        if is_free and now - created <= LATELY and (started or not finished)
    )
    if not waits:
        return Lag(runs=0, middle=timedelta(), longest=timedelta())
    return Lag(runs=len(waits), middle=waits[len(waits) // 2], longest=waits[-1])
