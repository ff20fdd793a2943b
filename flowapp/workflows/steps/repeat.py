"""A step that does its steps again until something is so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from flowapp.workflows.durations import Duration
from flowapp.workflows.kinds import Action
from flowapp.workflows.steps.part import Expression, some
from flowapp.workflows.steps.step import TURN, BaseStep, Lane, Schema, Schemas, Text, record_of
from flowapp.workflows.steps.words import condition_words

if TYPE_CHECKING:
    from flowapp.workflows.document import Step

_NUMBERS = {"index": {"type": "integer"}, "number": {"type": "integer"}}


class RepeatStep(BaseStep):
    """Do its steps again until something is so; it fails when that is not so after the last turn allowed."""

    type: Literal["repeat"]
    until: Expression
    steps: Annotated[tuple[Step, ...], AfterValidator(some)]
    max: int = Field(default=60, ge=1, le=5000)
    every: Duration | None = None

    def lanes(self) -> Iterable[Lane]:
        """Answer the steps of every turn."""
        yield Lane(TURN, self.steps, "steps", "Turn", names={"loop": record_of(_NUMBERS)})

    def texts(self) -> Iterable[Text]:
        """Answer the question asked after each turn."""
        yield Text("until", self.until, "condition", lane=TURN)

    def sentence(self, actions: Mapping[str, Action]) -> str:
        """Say until when it goes on."""
        every = f" every {self.every.words}," if self.every else ""
        times = "once" if self.max == 1 else f"**{self.max}** times"
        return f"Repeat{every} until {condition_words(self.until)}, {times} at most"

    def output(self, actions: Mapping[str, Action], lasts: Schemas) -> Schema | None:
        """Answer that it tells how many turns there were, and what the last step of the last one gave."""
        return record_of({"turns": {"type": "integer"}, "last": lasts[TURN]})
