"""A step that starts another workflow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from flowapp.workflows.kinds import Action
from flowapp.workflows.steps.step import BaseStep, Schema, Schemas, Text, record_of, strings

NAMELESS = "another workflow"
_UID = 26  # letters and digits
_LARGEST = 10**15


def _reference(given: Any) -> Any:
    if type(given) is int and 0 < given < _LARGEST:
        return given
    if isinstance(given, str) and len(given) == _UID and given.isascii() and given.isalnum():
        return given.upper()
    raise ValueError("give the workflow's number, or its uid: 26 letters and digits")


# The uid is what documents should carry: elsewhere it leads to the same workflow or to none, a number to any.
Reference = Annotated[int | str, BeforeValidator(_reference)]
Names = Mapping[int | str, str]  # of workflows, by what documents call them


class WorkflowStep(BaseStep):
    """Run another workflow, and wait for its end unless told otherwise."""

    type: Literal["workflow"]
    workflow: Reference
    with_: dict[str, Any] = Field(default_factory=dict, alias="with")
    wait: bool = True

    def texts(self) -> Iterable[Text]:
        """Answer every text among what the other workflow is given."""
        return strings("with", self.with_)

    def sentence(self, actions: Mapping[str, Action]) -> str:
        """Say what it starts, without knowing its name."""
        return self.sentence_with({})

    def sentence_with(self, names: Names) -> str:
        """Say which workflow it starts."""
        name = names.get(self.workflow) or self.name or NAMELESS
        return f"Run **{name}** and wait for it" if self.wait else f"Start **{name}** and go on"

    def output(self, actions: Mapping[str, Action], lasts: Schemas) -> Schema | None:
        """Answer which run it was, and how that ended if it is waited for; what it gives is not known beforehand."""
        number = {"execution_id": {"type": "integer"}}
        return record_of(number | {"status": {"type": "string"}, "output": None} if self.wait else number)
