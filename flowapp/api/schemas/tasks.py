"""Tasks: what is asked for, sent and answered."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from flowapp.api.bodies import Day, Number
from flowapp.api.schemas.values import ListQuery, Page, Uid, Version
from flowapp.rota.tasks.plan import Link, TaskPlan
from flowapp.rota.tasks.task import Priority, Queue, TaskStatus

Kind = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z][a-z_]{0,39}$")]


class TaskQuery(ListQuery):
    """Which tasks to answer."""

    home: str | None = Field(default=None, description="Only those of this home: its number or its code")
    queue: Queue | None = Field(default=None, description="Only those of this queue")
    status: TaskStatus | None = Field(default=None, description="Only those that stand like this")
    mine: bool | None = Field(default=None, description="Only one’s own, or only those of others and of nobody")
    overdue: bool | None = Field(default=None, description="Only those that are overdue, or only the others")


class TaskLinkBody(BaseModel):
    """Something that a task is about."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind = Field(description="What sort of thing it is, such as shift")
    id: Number = Field(description="Its number")


class TaskBody(BaseModel):
    """A task to be made."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"title": "Book fire training for Anna", "queue": "manager", "care_home_id": 1}]
        },
    )

    title: str
    queue: Queue
    care_home_id: Number | None = Field(default=None, description="Empty for a task of the organisation")
    body: str = ""
    due_on: Day | None = None
    priority: Priority = Priority.NORMAL
    assignee_id: Number | None = Field(default=None, description="The account of whoever is to do it")
    links: list[TaskLinkBody] = Field(default_factory=list, description="What it is about")
    dedupe_key: str | None = Field(
        default=None, description="While a task with this key is not over, no second one is made in its home"
    )

    def plan(self) -> TaskPlan:
        """Answer what is to be done."""
        given = self.model_dump(exclude={"care_home_id", "links"})
        return TaskPlan(**given, links=_links(self.links))


class TaskChange(BaseModel):
    """What is to be otherwise; what is left out stays. `status` moves the task, and `reason` says why or what came."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"status": "done", "reason": "Booked"}]})

    title: str = ""
    body: str = ""
    queue: Queue = Queue.MANAGER
    due_on: Day | None = None
    priority: Priority = Priority.NORMAL
    assignee_id: Number | None = None
    links: list[TaskLinkBody] = Field(default_factory=list)
    status: TaskStatus = TaskStatus.OPEN
    reason: str = Field(default="", description="What was done, or why it is cancelled; needed for cancelling")

    def given(self) -> dict[str, Any]:
        """Answer the fields of the plan that were sent."""
        given = self.model_dump(exclude_unset=True, exclude={"status", "reason", "links"})
        return given | ({"links": _links(self.links)} if "links" in self.model_fields_set else {})

    @property
    def to(self) -> TaskStatus | None:
        """Where it shall stand, if that was sent."""
        return self.status if "status" in self.model_fields_set else None


def _links(given: list[TaskLinkBody]) -> tuple[Link, ...]:
    return tuple(Link(kind=each.kind, id=each.id) for each in given)


class TaskLinkAnswer(BaseModel):
    """Something that a task is about."""

    kind: str = Field(description="What sort of thing it is, such as shift")
    id: int


class TaskAnswer(BaseModel):
    """A task as it is."""

    id: int
    uid: Uid
    care_home_id: int | None = Field(description="Empty for a task of the organisation")
    title: str = Field(description="What is to be done, such as Book fire training for Anna")
    body: str
    queue: Queue
    assignee_id: int | None = Field(description="The account of whoever has taken it on; empty while nobody has")
    assignee_name: str | None
    due_on: dt.date | None
    priority: Priority
    links: list[TaskLinkAnswer]
    status: TaskStatus
    dedupe_key: str | None
    execution_id: int | None = Field(description="The run that made it; empty if a person did")
    made_by: str = Field(description="Who made it, in words")
    created_at: dt.datetime
    ended_at: dt.datetime | None
    ended_by: str | None
    outcome: str = Field(description="What was done, or why it is cancelled")
    version: Version


class TaskMade(TaskAnswer):
    """A task that was made, or that was there already under its key."""

    created: bool = Field(description="Whether it was made just now")


class TaskPage(Page):
    """Tasks, a page at a time."""

    items: list[TaskAnswer]
