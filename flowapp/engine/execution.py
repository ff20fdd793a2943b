"""Executions, their steps and every attempt, as they are kept."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from flowapp.engine.keeping.retention import Retention
from flowapp.kernel.columns import Base, Instant, Plain, Word, only_where


class ExecutionStatus(StrEnum):
    """Where one running of a workflow stands."""

    PENDING = "pending"  # accepted, not begun
    RUNNING = "running"  # a step is at work
    WAITING = "waiting"  # for a time, an event or a person
    COMPLETED = "completed"  # came to its end
    FAILED = "failed"  # stopped at a step that could not do its work
    CANCELLED = "cancelled"  # ended by a person or by another run, or never begun


class StepStatus(StrEnum):
    """Where one step of an execution stands."""

    PENDING = "pending"  # ready, not taken yet
    RUNNING = "running"  # taken, under a lease
    WAITING = "waiting"  # for a time, an event or a person
    COMPLETED = "completed"  # done, its output kept
    FAILED = "failed"  # could not do its work
    SKIPPED = "skipped"  # switched off, or passed over by a person
    CANCELLED = "cancelled"  # not wanted any more
    UNCERTAIN = "uncertain"  # may or may not have acted outside; a person must look


class HeldBack(StrEnum):
    """Why an execution may not begin yet."""

    QUEUE = "queue"  # another one of its kind must end first
    FLOOD = "flood"  # too many came at once, and a person is asked


LIVE = (ExecutionStatus.PENDING, ExecutionStatus.RUNNING, ExecutionStatus.WAITING)
UNDER_WAY = (StepStatus.PENDING, StepStatus.RUNNING, StepStatus.WAITING)


class Execution(Base):
    """One running of a workflow because of one thing; it keeps the version it began with."""

    __tablename__ = "execution"
    __table_args__ = (
        UniqueConstraint("workflow_id", "trigger_id", "dedupe_key"),
        # lists are shown by number, the newest first
        Index("ix_execution_home", "home_id", "id"),
        Index("ix_execution_home_status", "home_id", "status", "id"),
        Index("ix_execution_workflow", "workflow_id", "id", "home_id"),
        Index("ix_execution_status", "status", "id"),
        Index("ix_execution_chain", "correlation_id", "workflow_id"),
        Index("ix_execution_subject", "subject_type", "subject_id"),
        Index("ix_execution_parent", "parent_id", "parent_path", **only_where("parent_id IS NOT NULL")),
        Index(
            "ix_execution_run_key",
            *("workflow_id", "run_key", "id"),
            **only_where("run_key IS NOT NULL AND finished_at IS NULL"),
        ),
        Index(
            "ix_execution_held_back",
            *("held_back", "workflow_id"),
            **only_where("held_back IS NOT NULL AND finished_at IS NULL"),
        ),
        Index("ix_execution_retry_of", "retry_of", unique=True, **only_where("retry_of IS NOT NULL")),
        Index("ix_execution_deadline", "deadline", **only_where("finished_at IS NULL AND deadline IS NOT NULL")),
        Index("ix_execution_event", "event_seq", **only_where("event_seq IS NOT NULL")),
        Index("ix_execution_retention", "retention", "finished_at", **only_where("finished_at IS NOT NULL")),
        Index(
            "ix_execution_parked",
            *("status", "finished_at"),  # the first leads the database here and not to the index by status
            **only_where("status = 'failed' AND given_up_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},  # numbers stand in keys, links and the audit when their run is long removed
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    workflow_id: Mapped[int] = mapped_column(ForeignKey("workflow.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("workflow_version.id"))
    home_id: Mapped[int | None]
    trigger_id: Mapped[str] = mapped_column(String(40))
    trigger_type: Mapped[str] = mapped_column(String(40))
    dedupe_key: Mapped[str] = mapped_column(String(160))  # one execution per trigger and key
    event_seq: Mapped[int | None]
    after_seq: Mapped[int] = mapped_column(default=0)  # the newest event when it was accepted
    subject_type: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    about_staff_id: Mapped[int | None]
    started_by: Mapped[str] = mapped_column(String(160))  # in words, for people
    started_by_id: Mapped[int | None]
    status: Mapped[StrEnum] = mapped_column(Word(ExecutionStatus))
    context: Mapped[dict[str, Any]] = mapped_column(Plain)
    reason: Mapped[str | None] = mapped_column(Text)  # why it came out as it did, in words
    error: Mapped[dict[str, Any] | None] = mapped_column(Plain)  # code, message, step, path
    result: Mapped[Any] = mapped_column(Plain, nullable=True)  # what its last step gave, once it has completed
    correlation_id: Mapped[str] = mapped_column(String(26))
    causation_id: Mapped[str | None] = mapped_column(String(26))
    depth: Mapped[int]
    parent_id: Mapped[int | None]  # the run a step of which has started this one
    parent_path: Mapped[str | None] = mapped_column(String(400))  # that step
    awaited: Mapped[bool] = mapped_column(default=False)  # whether that step waits for its end
    created_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    deadline: Mapped[datetime | None] = mapped_column(Instant)
    run_key: Mapped[str | None] = mapped_column(String(200))  # runs of one key count together; None counts with none
    held_back: Mapped[StrEnum | None] = mapped_column(Word(HeldBack))
    retry_of: Mapped[int | None]  # the execution that this one does again from the start
    given_up_at: Mapped[datetime | None] = mapped_column(Instant)  # when a person said that it is dealt with
    given_up_by: Mapped[str | None] = mapped_column(String(160))
    retention: Mapped[StrEnum | None] = mapped_column(Word(Retention))  # how long it is kept, once it has ended


class StepExecution(Base):
    """One step of one execution; at most one row per path.

    `epoch` goes up with every claim; a result that comes with an older epoch is thrown away.
    """

    __tablename__ = "step_execution"
    __table_args__ = (
        UniqueConstraint("execution_id", "path"),
        Index("ix_step_execution_due", "run_at", **only_where("status IN ('pending', 'waiting')")),
        Index(
            "ix_step_execution_deadline",
            "deadline",
            **only_where("finished_at IS NULL AND deadline IS NOT NULL"),
        ),
        Index("ix_step_execution_uncertain", "execution_id", **only_where("status = 'uncertain'")),
        Index("ix_step_execution_leased", "lease_until", **only_where("status = 'running'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    execution_id: Mapped[int] = mapped_column(ForeignKey("execution.id"))
    path: Mapped[str] = mapped_column(String(400))
    step_id: Mapped[str] = mapped_column(String(40))
    type: Mapped[str] = mapped_column(String(20))
    status: Mapped[StrEnum] = mapped_column(Word(StepStatus))
    run_at: Mapped[datetime | None] = mapped_column(Instant)  # None waits until it is woken
    stood: Mapped[StrEnum | None] = mapped_column(Word(StepStatus))  # how, before it failed or was cancelled
    owner: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    epoch: Mapped[int] = mapped_column(default=0)
    attempt: Mapped[int] = mapped_column(default=0)
    crash_count: Mapped[int] = mapped_column(default=0)
    effect: Mapped[str | None] = mapped_column(String(20))
    input: Mapped[Any] = mapped_column(Plain, nullable=True)
    output: Mapped[Any] = mapped_column(Plain, nullable=True)
    error: Mapped[Any] = mapped_column(Plain, nullable=True)  # code, message
    explanation: Mapped[str | None] = mapped_column(Text)
    deadline: Mapped[datetime | None] = mapped_column(Instant)
    held: Mapped[Any] = mapped_column(Plain, nullable=True)  # what a step with others inside it remembers
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class StepAttempt(Base):
    """One taking of a step; only ever added to, so that the log tells what really happened."""

    __tablename__ = "step_attempt"
    __table_args__ = (Index("ix_step_attempt_execution_path", "execution_id", "path", "epoch"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    execution_id: Mapped[int] = mapped_column(ForeignKey("execution.id"))
    path: Mapped[str] = mapped_column(String(400))
    epoch: Mapped[int]
    owner: Mapped[str] = mapped_column(String(40))
    result: Mapped[str] = mapped_column(String(20))  # taken, completed, failed, lost
    code: Mapped[str | None] = mapped_column(String(60))
    message: Mapped[str | None] = mapped_column(Text)
    trace: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


EXECUTIONS: Table = Execution.__table__  # type: ignore[assignment]
STEPS: Table = StepExecution.__table__  # type: ignore[assignment]
ATTEMPTS: Table = StepAttempt.__table__  # type: ignore[assignment]
