"""Expressions and templates: what is sent, and what is answered."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from flowapp.expressions import Kind


class Names(BaseModel):
    """What an expression may read."""

    model_config = ConfigDict(extra="forbid")

    context: dict[str, Any] = Field(default_factory=dict, description="What is read as ${context.…}")
    vars: dict[str, Any] = Field(default_factory=dict, description="What is read as ${vars.…}")
    steps: dict[str, Any] = Field(default_factory=dict, description="Outputs of steps, read as ${steps.…}")


class EvaluateBody(Names):
    """An expression, and what it may read."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"expression": "${context.days} <= 3", "context": {"days": 2.5}}]}
    )

    expression: str = Field(description="Such as ${context.days} <= 3")


class RenderBody(Names):
    """A text with values in it, and what they may be."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"template": "Dear ${context.staff.name}", "context": {"staff": {"name": "Anna Boyd"}}}]
        }
    )

    template: str = Field(description="Such as Dear ${context.staff.name}")


class EvaluateAnswer(BaseModel):
    """What an expression gives."""

    value: Any = Field(description="Dates and moments as ISO 8601")
    type: Kind = Field(description="The kind of value")
    words: str = Field(description="The expression in plain words")


class RenderAnswer(BaseModel):
    """The text with every value filled in."""

    text: str
