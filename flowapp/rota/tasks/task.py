"""Tasks: the table, and the words for where one stands."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from flowapp.accounts.roles import Role
from flowapp.accounts.users import User
from flowapp.kernel.columns import Base, Instant, Plain, Word
from flowapp.rota.homes import CareHome

LONGEST_TITLE, LONGEST_BODY, LONGEST_KEY = 160, 4000, 100
LONGEST_OPEN_KEY = LONGEST_KEY + 20


class TaskStatus(StrEnum):
    """Where a task stands."""

    OPEN = "open"  # nobody has begun
    IN_PROGRESS = "in_progress"  # somebody is at it
    DONE = "done"  # it was done
    CANCELLED = "cancelled"  # it need not be done any more

    @property
    def label(self) -> str:
        """The words people see."""
        return {TaskStatus.OPEN: "To do", TaskStatus.IN_PROGRESS: "Under way"}.get(self, self.value.capitalize())


LIVE = frozenset({TaskStatus.OPEN, TaskStatus.IN_PROGRESS})  # waits for somebody


class Queue(StrEnum):
    """Who is to look after a task, until one of them takes it on."""

    HR = "hr"
    MANAGER = "manager"
    SENIOR = "senior"
    REGIONAL = "regional"

    @property
    def label(self) -> str:
        """The words people see."""
        return {Queue.HR: "HR", Queue.SENIOR: "Senior carers", Queue.REGIONAL: "Regional manager"}.get(self, "Manager")

    @property
    def role(self) -> Role:
        """The role whose people look after it."""
        return Role(self.value)


class Priority(StrEnum):
    """How much a task presses."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def label(self) -> str:
        """The word people see."""
        return self.value.capitalize()


class Task(Base):
    """Something a person should do; without `home_id` it is the organisation's.

    `links` say what it is about: `[{"kind": "shift", "id": 12}]`. `open_key` is what keeps a second task of the same
    key from being made; it is empty once the task is over.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_home_status", "home_id", "status", "queue"),
        Index("ix_task_assignee_status", "assignee_id", "status"),
        Index("ix_task_due", "status", "told_overdue", "due_on"),  # what the scheduler asks: is one overdue?
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    home_id: Mapped[int | None] = mapped_column(ForeignKey(CareHome.id))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    body: Mapped[str] = mapped_column(Text)
    queue: Mapped[StrEnum] = mapped_column(Word(Queue))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))  # an account: whoever does it must sign in
    due_on: Mapped[date | None]
    priority: Mapped[StrEnum] = mapped_column(Word(Priority))
    links: Mapped[list[dict[str, Any]]] = mapped_column(Plain)
    status: Mapped[StrEnum] = mapped_column(Word(TaskStatus))
    dedupe_key: Mapped[str | None] = mapped_column(String(LONGEST_KEY))
    open_key: Mapped[str | None] = mapped_column(String(LONGEST_OPEN_KEY), unique=True)
    execution_id: Mapped[int | None]  # the run that made it
    made_by: Mapped[str] = mapped_column(String(160))  # in words, for people
    told_overdue: Mapped[bool]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str | None] = mapped_column(String(160))
    outcome: Mapped[str] = mapped_column(Text)  # what was done, or why it is cancelled
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int]
