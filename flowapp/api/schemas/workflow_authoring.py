"""Writing workflows: what is sent, and what is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from flowapp.api.schemas.values import Page
from flowapp.http.numbers import LARGEST
from flowapp.workflows.document import Document
from flowapp.workflows.switching import LONGEST_REASON

_EXAMPLE = {
    "format": "flowapp/1",
    "name": "Tell the manager of leave",
    "triggers": [{"id": "asked", "type": "event", "event": "leave_requested"}],
    "steps": [
        {
            "id": "tell",
            "type": "action",
            "action": "send_notification",
            "with": {"to": "manager", "title": "Leave", "message": "${context.staff.name} asks for leave."},
        }
    ],
}
# Read by `read_document`, which names each mistake with its place in the document.
Draft = Annotated[
    dict[str, Any], Field(description="The whole workflow, as docs/workflows.md has it", examples=[_EXAMPLE])
]


def _code_or_number(value: Any) -> Any:
    if value is None or (isinstance(value, str) and value.strip()) or (type(value) is int and 1 <= value <= LARGEST):
        return value
    raise ValueError("it must be the code of a care home such as ROSE, or its number")


class DraftBody(BaseModel):
    """What a workflow is to do."""

    model_config = ConfigDict(extra="forbid")

    document: Draft


class WorkflowBody(DraftBody):
    """A workflow to be made."""

    home: Annotated[
        str | int | None,
        BeforeValidator(_code_or_number),
        WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}),
    ] = Field(
        default=None,
        description="The code or the number of its care home, such as ROSE; without one it is the organisation's, "
        "for those responsible for all homes",
        examples=["ROSE"],
    )


class PublishBody(BaseModel):
    """What is said about a version that is published."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field(
        default="", max_length=LONGEST_REASON, description="What is new in it; the list of versions says it"
    )


class PublishedAnswer(BaseModel):
    """The version that was published."""

    version: int = Field(description="Its number")


class VersionRow(BaseModel):
    """One version of a workflow."""

    number: int = Field(description="1 is the first one")
    name: str = Field(description="What the workflow is called in it")
    current: bool = Field(description="Whether it is the one that starts now")
    note: str = Field(description="What was said when it was published")
    published_at: datetime | None = Field(description="Empty for the draft")
    published_by: str | None = Field(description="The name of whoever published it; empty for the draft")


class VersionAnswer(VersionRow):
    """One version of a workflow with its document."""

    summary: str = Field(description="What it does, in words")
    document: Document


class VersionPage(Page):
    """The versions of a workflow, the newest first."""

    items: list[VersionRow]
