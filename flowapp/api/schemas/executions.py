"""Executions: what is asked for, and what is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from flowapp.api.schemas.values import ListQuery, Page, Uid, hidden
from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.engine.undoing.undo import UndoState


class ExecutionQuery(ListQuery):
    """Which executions to answer."""

    workflow: int | None = Field(default=None, ge=1, lt=10**15, description="Only those of this workflow")
    status: ExecutionStatus | None = Field(default=None, description="Only those that stand like this")
    since: datetime | None = Field(default=None, description="Only those accepted at this moment or later")
    until: datetime | None = Field(default=None, description="Only those accepted before this moment")
    q: str | None = Field(default=None, description="Words in the name of the workflow or of whoever started it")


class WorkflowName(BaseModel):
    """Which workflow it is."""

    id: int
    name: str


class StartedBy(BaseModel):
    """What started an execution."""

    type: str = Field(description="The kind of trigger, such as event")
    id: str = Field(description="The trigger's id in the document")
    event_id: str | None = Field(default=None, description="The event's `id`; absent when no event started it")


class ParentRun(BaseModel):
    """Which step of which run started an execution."""

    execution_id: int
    path: str = Field(description="Where the step is in that execution, such as short.then.tell")


class Failure(BaseModel):
    """Why something failed; an execution's failure also names the step."""

    model_config = ConfigDict(extra="allow")

    code: str = Field(description="For programs, such as internal")
    message: str = Field(description="A sentence for people")


class ExecutionAnswer(BaseModel):
    """One running of a workflow."""

    id: int
    uid: Uid
    workflow: WorkflowName
    version: int = Field(description="The version of the workflow it runs")
    status: ExecutionStatus
    trigger: StartedBy
    parent: ParentRun | None = Field(description="The step of another run that started it")
    started_by: str = hidden("The name of whoever started it")
    context: dict[str, Any] = hidden("What its steps read as ${context.…}")
    result: Any = hidden("What its last step gave; null unless it has completed; absent too in a run about oneself")
    reason: str | None = hidden("Why it came out as it did, in words")
    error: Failure | None = hidden("Why it failed")
    created_at: datetime = Field(description="When it was accepted")
    started_at: datetime | None = Field(description="When its first step was taken")
    finished_at: datetime | None
    duration_ms: int | None = Field(description="From its acceptance to its end")
    retry_of: int | None = Field(description="The execution that it does again from the start")
    given_up_at: datetime | None = Field(description="When somebody said that it is dealt with")
    given_up_by: str | None = hidden("Who said so")


class ExecutionStep(BaseModel):
    """A step of an execution that was reached."""

    path: str = Field(description="Where the step is in the document, such as short.then.approve")
    step_id: str
    name: str | None
    type: str
    action: str = Field(default="", description="The kind of action; absent for steps that are none")
    sentence: str = Field(description="What the step does, in words")
    status: StepStatus
    attempt: int = Field(description="How often it was taken")
    input: Any = hidden("What the step was given; of a run about oneself, only of decisions on one's leave")
    output: Any = hidden("What later steps may read; of a run about oneself, only of decisions on one's leave")
    error: Failure | None = hidden("Why it failed")
    explanation: str | None = hidden("Why a condition came out as it did, in words")
    traces: list[str] = hidden("Stack traces of failed attempts")
    started_at: datetime | None
    finished_at: datetime | None
    duration_ms: int | None


class UndoneStep(BaseModel):
    """What came of undoing a step."""

    execution_id: int = Field(description="The execution of the step: this one, or one that its steps have started")
    path: str = Field(description="Where the step is in the document")
    action: str = Field(description="The kind of action")
    sentence: str = Field(description="What the step did, in words")
    state: UndoState = Field(description="undone or refused")
    reason: str = hidden("How things stand now, or why it was refused, in words")
    undone_at: datetime | None
    undone_by: str | None = hidden("Who undid it")


class ExecutionDetailAnswer(ExecutionAnswer):
    """One running of a workflow with its steps."""

    retried_as: int | None = Field(description="The execution that does it again from the start")
    steps: list[ExecutionStep]
    undone: list[UndoneStep] = Field(description="What came of undoing it, the last step first; empty if nobody tried")


class ExecutionPage(Page):
    """Executions, a page at a time."""

    items: list[ExecutionAnswer]
