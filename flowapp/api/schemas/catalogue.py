"""The catalogue: what workflows can be made of."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from flowapp.api.schemas.values import Page
from flowapp.expressions.functions.function import Group
from flowapp.workflows.kinds import Effect

JsonSchema = dict[str, Any]


class ActionAnswer(BaseModel):
    """One kind of thing a step can do."""

    name: str = Field(description="As documents write it, such as approve_leave")
    label: str
    category: str = Field(description="For finding it again, such as rota")
    description: str
    effect: Effect = Field(description="What repeating it would do")
    fields: JsonSchema = Field(description="JSON Schema of what stands under `with`")
    output: JsonSchema = Field(description="JSON Schema of what later steps may read")
    examples: list[dict[str, Any]] = Field(description="Steps that use it")


class TriggerAnswer(BaseModel):
    """One kind of thing that can start a workflow."""

    name: str = Field(description="As documents write it, such as event")
    label: str
    description: str
    fields: JsonSchema = Field(description="JSON Schema of what stands beside `id` and `type`")
    examples: list[dict[str, Any]] = Field(description="Triggers of this kind")


class EventKindAnswer(BaseModel):
    """One kind of event."""

    name: str = Field(description="Such as leave_requested")
    label: str = Field(description="As it stands after When, such as leave is requested")
    description: str
    subject_type: str = Field(description="The kind of record it happens to, such as leave_request")
    version: int = Field(description="The version of its schema")
    fields: JsonSchema = Field(description="JSON Schema of what is read as ${context.…}")
    examples: list[dict[str, Any]] = Field(description="Contexts of such an event")


class FunctionExample(BaseModel):
    """A call, and what it gives."""

    expression: str
    value: str


class FunctionAnswer(BaseModel):
    """One function of the expression language."""

    name: str
    label: str = Field(description="How it is written, such as round(x, digits=0)")
    group: Group
    description: str
    fields: JsonSchema = Field(description="JSON Schema of what it takes, in this order")
    examples: list[FunctionExample]


class ActionPage(Page):
    """Everything a step can do."""

    items: list[ActionAnswer]


class TriggerPage(Page):
    """Everything that can start a workflow."""

    items: list[TriggerAnswer]


class EventKindPage(Page):
    """Every kind of event."""

    items: list[EventKindAnswer]


class FunctionPage(Page):
    """Every function of the expression language."""

    items: list[FunctionAnswer]
