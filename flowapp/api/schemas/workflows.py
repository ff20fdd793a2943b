"""Workflows: what is sent, and what is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from flowapp.api.schemas.values import Page, Uid
from flowapp.workflows.document import Category, Document
from flowapp.workflows.switching import LONGEST_REASON
from flowapp.workflows.workflow import WorkflowStatus


class WorkflowQuery(BaseModel):
    """Which workflows to answer."""

    q: str | None = Field(default=None, description="Words in the name")
    status: WorkflowStatus | None = Field(
        default=None, description="Only those that stand like this; archived ones only when they are asked for"
    )
    category: Category | None = Field(default=None, description="Only those about this")


class ExecuteBody(BaseModel):
    """What a workflow is started with; `context` and `inputs` are put together."""

    model_config = ConfigDict(extra="forbid")

    context: dict[str, Any] = Field(default_factory=dict, description="What the workflow reads as ${context.…}")
    inputs: dict[str, Any] = Field(default_factory=dict, description="What its manual trigger asks for")


class SwitchBody(BaseModel):
    """Why a workflow is switched on or off, put away or brought back."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(default="", max_length=LONGEST_REASON, description="Why; the page of a paused workflow says it")


class WorkflowAnswer(BaseModel):
    """A workflow with its document."""

    id: int
    uid: Uid
    name: str
    category: Category
    status: WorkflowStatus
    home: str | None = Field(description="The code of its care home; empty for one of the organisation")
    owner: str | None = Field(description="The name of whoever's rights it acts with")
    rev: int = Field(description="Goes up with every change of the draft, and when it is switched on or off")
    paused_at: datetime | None = Field(description="Since when it is paused; empty when it is not")
    paused_reason: str | None = Field(description="Who paused it and why, in words", examples=["Paused by Maya Reid"])
    failing_since: datetime | None = Field(description="When the first of its runs in a row failed")
    failures_in_a_row: int = Field(description="How many of its runs failed one after the other, up to the last one")
    version: int | None = Field(description="The number of the published version; empty before the first one")
    draft: int | None = Field(description="The number of the version that is not published yet, if there is one")
    summary: str = Field(description="What it does, in words")
    document: Document = Field(description="What is published; before that, the draft")
    created_at: datetime
    updated_at: datetime


class ExecutionStarted(BaseModel):
    """The execution that was started."""

    execution_id: int
    url: str = Field(description="Where to read how it goes")


class WorkflowPage(Page):
    """Every workflow that was asked for."""

    items: list[WorkflowAnswer]
