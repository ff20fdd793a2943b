"""A step that ends the execution on purpose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field

from flowapp.workflows.kinds import Action
from flowapp.workflows.steps.step import BaseStep, Text
from flowapp.workflows.steps.words import value_words

Outcome = Literal["completed", "failed", "cancelled"]
_WORDS = {"completed": "Stop here", "failed": "Stop as failed", "cancelled": "Stop as cancelled"}


class StopStep(BaseStep):
    """End the execution, whatever else is under way in it."""

    type: Literal["stop"]
    outcome: Outcome = "completed"
    message: str = Field(default="", max_length=2000)

    def texts(self) -> Iterable[Text]:
        """Answer its message."""
        if self.message:
            yield Text("message", self.message, "value")

    def sentence(self, actions: Mapping[str, Action]) -> str:
        """Say how it ends."""
        said = f": **{value_words(self.message)}**" if self.message else ""
        return f"{_WORDS[self.outcome]}{said}"
