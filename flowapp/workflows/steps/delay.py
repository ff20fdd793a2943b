"""A step that waits for a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from flowapp.workflows.durations import Duration
from flowapp.workflows.kinds import Action
from flowapp.workflows.steps.part import Expression
from flowapp.workflows.steps.step import BaseStep, Schema, Schemas, Text, record_of
from flowapp.workflows.steps.words import expression_words


class DelayStep(BaseStep):
    """Wait for a length of time, or until a moment."""

    type: Literal["delay"]
    for_: Duration | None = Field(default=None, alias="for")
    until: Expression | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.for_ is None) == (self.until is None):
            raise ValueError('say how long ("for") or until when ("until"), one of the two')
        return self

    def texts(self) -> Iterable[Text]:
        """Answer the expression of its moment."""
        if self.until is not None:
            yield Text("until", self.until, "expression")

    def sentence(self, actions: Mapping[str, Action]) -> str:
        """Say how long it waits."""
        return f"Wait **{self.for_.words}**" if self.for_ else f"Wait until **{expression_words(self.until or '')}**"

    def output(self, actions: Mapping[str, Action], lasts: Schemas) -> Schema | None:
        """Answer that it tells until when it waited."""
        return record_of({"until": {"type": "string", "format": "date-time"}})
