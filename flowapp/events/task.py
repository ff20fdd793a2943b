"""What can happen to a task."""

from __future__ import annotations

import builtins
import datetime as dt
from typing import ClassVar

from pydantic import Field

from flowapp.events.event import Event, Facts, UserFacts


class TaskLink(Facts):
    """Something that a task is about."""

    kind: str = Field(description="What sort of thing it is, such as shift")
    id: int = Field(description="Its number")


class TaskFacts(Facts):
    """The task as it is now."""

    title: str = Field(description="What is to be done, such as Book fire training for Anna")
    body: str = Field(description="More about it; may be empty")
    queue: str = Field(description="hr, manager, senior or regional")
    priority: str = Field(description="low, normal, high or urgent")
    status: str = Field(description="open, in_progress, done or cancelled")
    due_on: dt.date | None = Field(description="The day by which it should be done; empty without one")
    outcome: str = Field(description="What was done; may be empty")
    links: list[TaskLink] = Field(description="What it is about")


class TaskContext(Facts):
    """What a workflow about a task may read."""

    task_id: int = Field(description="The number of the task")
    care_home_id: int | None = Field(description="The number of the care home; empty for the organisation’s")
    user_id: int | None = Field(description="The number of the user who did this")
    queue: str = Field(description="hr, manager, senior or regional")
    due_on: dt.date | None = Field(description="The day by which it should be done; empty without one")
    task: TaskFacts
    assignee: UserFacts | None = Field(description="Whoever has taken it on; empty while nobody has")
    user: UserFacts


class TaskOverdueContext(TaskContext):
    """What a workflow about a task that is late may read."""

    due_on: dt.date = Field(description="The day by which it should have been done")


class TaskCreated(Event):
    """A task is made."""

    type: ClassVar[str] = "task_created"
    label: ClassVar[str] = "a task is made"
    subject_type: ClassVar[str] = "task"
    Context: ClassVar[builtins.type[Facts]] = TaskContext


class TaskCompleted(Event):
    """A task is done."""

    type: ClassVar[str] = "task_completed"
    label: ClassVar[str] = "a task is done"
    subject_type: ClassVar[str] = "task"
    Context: ClassVar[builtins.type[Facts]] = TaskContext


class TaskOverdue(Event):
    """The day by which a task should have been done is over; told once for each such day."""

    type: ClassVar[str] = "task_overdue"
    label: ClassVar[str] = "a task is overdue"
    subject_type: ClassVar[str] = "task"
    Context: ClassVar[builtins.type[Facts]] = TaskOverdueContext
