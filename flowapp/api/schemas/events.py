"""Events: what is sent, and what is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from flowapp.api.schemas.values import ListQuery, Page
from flowapp.events.cause import ActorKind


class EventQuery(ListQuery):
    """Which events to answer."""

    after_seq: int | None = Field(default=None, ge=0, lt=10**15, description="Only those after this one")
    name: str | None = Field(default=None, description="Only those of this kind, such as leave_requested")


class EventBody(BaseModel):
    """Something that happened, told by another program."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"name": "leave_requested", "context": {"leave_request_id": 12}, "dedupe_key": "payroll-981"}]
        },
    )

    name: str = Field(description="The kind of event, such as leave_requested")
    context: dict[str, Any] = Field(
        description="Its facts, as GET /catalogue/events lists them; without `user` it is the token's user"
    )
    dedupe_key: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="The same key again answers the first event and starts nothing",
    )


class EventAccepted(BaseModel):
    """The event that was written down, and the executions it started."""

    event_id: str
    seq: int = Field(description="Its place in the order of events")
    executions: list[int]


class ActorAnswer(BaseModel):
    """Who did it."""

    kind: ActorKind
    id: int | None = Field(description="The user; empty for FlowApp itself")
    name: str
    execution_id: int | None = Field(description="The execution, when a workflow did it")


class SubjectAnswer(BaseModel):
    """What it happened to."""

    type: str = Field(description="The kind of record, such as leave_request")
    id: int


class ChangeAnswer(BaseModel):
    """One field that got another value."""

    field: str
    old: Any
    new: Any


class EventAnswer(BaseModel):
    """Something that happened."""

    id: str = Field(description="An id that is unique everywhere")
    seq: int = Field(description="Its place in the order of events")
    type: str = Field(description="The kind of event, such as leave_requested")
    version: int = Field(description="The version of its schema")
    occurred_at: datetime
    care_home_id: int | None
    actor: ActorAnswer
    subject: SubjectAnswer
    changes: list[ChangeAnswer]
    context: dict[str, Any] = Field(description="Its facts; reasons are absent where one may not see them")
    correlation_id: str = Field(description="The first event of the chain")
    causation_id: str | None = Field(description="The event that led to this one; empty for the first")


class EventPage(Page):
    """Events, a page at a time."""

    items: list[EventAnswer]
