"""A step that does its steps for each item of a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from flowapp.workflows.kinds import Action
from flowapp.workflows.steps.part import Expression, Identifier, some
from flowapp.workflows.steps.step import TURN, BaseStep, Lane, Schema, Schemas, Text, list_of, record_of
from flowapp.workflows.steps.words import expression_words

if TYPE_CHECKING:
    from flowapp.workflows.document import Step

_TAKEN = {"context", "steps", "vars", "secrets", "loop", "event", "error"}
_WORDS = {"if", "else", "and", "or", "not", "in", "is", "for", "empty", "null", "true", "false"}
_NUMBERS = {"index": {"type": "integer"}, "number": {"type": "integer"}, "count": {"type": "integer"}}


def _free(name: str) -> str:
    if name in _TAKEN | _WORDS:
        raise ValueError(f"{name!r} means something else already. Choose another name for the item")
    return name


class LoopStep(BaseStep):
    """Do its steps for each item; its output is the list of what the last step gave for each."""

    type: Literal["loop"]
    items: Expression
    as_: Annotated[Identifier, AfterValidator(_free)] = Field(alias="as")
    steps: Annotated[tuple[Step, ...], AfterValidator(some)]
    at_once: int = Field(default=1, ge=1, le=50)
    need: int | None = Field(default=None, ge=1)
    stop_when: Expression | None = None
    others: Literal["cancel", "finish"] = "cancel"  # items under way when enough have gone well
    on_item_error: Literal["stop", "continue"] = "stop"

    def lanes(self) -> Iterable[Lane]:
        """Answer the steps of every turn."""
        yield Lane(TURN, self.steps, "steps", "Item", names={"loop": record_of(_NUMBERS)})

    def texts(self) -> Iterable[Text]:
        """Answer where the items come from, and the question asked after each."""
        yield Text("items", self.items, "expression")
        if self.stop_when is not None:
            yield Text("stop_when", self.stop_when, "condition", lane=TURN)

    def sentence(self, actions: Mapping[str, Action]) -> str:
        """Say what it goes through."""
        at_once = f", {self.at_once} at once" if self.at_once > 1 else ""
        return f"For each {self.as_.replace('_', ' ')} of **{expression_words(self.items)}**{at_once}"

    def output(self, actions: Mapping[str, Action], lasts: Schemas) -> Schema | None:
        """Answer the list of what the last step gives."""
        return list_of(lasts[TURN] if self.on_item_error == "stop" else None)
