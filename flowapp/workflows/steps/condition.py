"""A step that goes exactly one way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from flowapp.workflows.kinds import Action
from flowapp.workflows.steps.part import Expression, Part
from flowapp.workflows.steps.step import BaseStep, Lane, Schema, Schemas, Text, record_of
from flowapp.workflows.steps.words import condition_words

if TYPE_CHECKING:
    from flowapp.workflows.document import Step


class Otherwise(Part):
    """A further question, asked when the ones before were answered no."""

    if_: Expression = Field(alias="if")
    then: tuple[Step, ...] = ()


class ConditionStep(BaseStep):
    """Go exactly one way."""

    type: Literal["condition"]
    if_: Expression = Field(alias="if")
    then: tuple[Step, ...] = ()
    elif_: tuple[Otherwise, ...] = Field(default=(), alias="elif")
    else_: tuple[Step, ...] = Field(default=(), alias="else")

    def lanes(self) -> Iterable[Lane]:
        """Answer its ways."""
        yield Lane("then", self.then, "then", "Yes")
        for number, further in enumerate(self.elif_):
            label = f"Or if {condition_words(further.if_)}"
            yield Lane(f"elif[{number}]", further.then, f"elif[{number}].then", label)
        yield Lane("else", self.else_, "else", "Otherwise")

    def texts(self) -> Iterable[Text]:
        """Answer its questions."""
        yield Text("if", self.if_, "condition")
        for number, further in enumerate(self.elif_):
            yield Text(f"elif[{number}].if", further.if_, "condition")

    def sentence(self, actions: Mapping[str, Action]) -> str:
        """Say what it asks."""
        return f"If {condition_words(self.if_)}"

    def output(self, actions: Mapping[str, Action], lasts: Schemas) -> Schema | None:
        """Answer that it tells which way it went."""
        return record_of({"way": {"type": "string"}})
