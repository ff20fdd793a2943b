"""What every type of step has, and what it answers about itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from flowapp.workflows.kinds import Action

if TYPE_CHECKING:
    from flowapp.workflows.document import Step

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Expression = Annotated[str, Field(min_length=1, max_length=2000)]
Use = Literal["condition", "expression", "value"]
Schema = dict[str, Any]
Schemas = Mapping[str, Schema | None]


class Lane(NamedTuple):
    """A list of steps inside a step: its name in paths, the steps, its place in the document, its label on pages.

    `sure` says that it has been gone through whenever the step has done its work.
    """

    name: str
    steps: tuple[Step, ...]
    place: str
    label: str
    sure: bool = False


class Text(NamedTuple):
    """A text with names in it: its place, what it must give, and the lane whose own names it may read as well."""

    place: str
    text: str
    use: Use
    lane: str | None = None


class Part(BaseModel):
    """Any part of a document; immutable, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class BaseStep(Part):
    """The fields of every step."""

    id: Identifier
    name: str | None = Field(default=None, max_length=120)
    enabled: bool = True
    note: str | None = Field(default=None, max_length=2000)

    def lanes(self) -> Iterable[Lane]:
        """Answer the lists of steps inside it."""
        return ()

    def texts(self) -> Iterable[Text]:
        """Answer the texts in it, each with its place inside the step."""
        return ()

    def sentence(self, actions: Mapping[str, Action]) -> str:
        """Say what it does; `**` stands around values."""
        raise TypeError(f"{type(self).__name__} does not say what it does")

    def output(self, actions: Mapping[str, Action], lasts: Schemas) -> Schema | None:
        """Answer the JSON Schema of what later steps may read; None when anything may come.

        `lasts` has, for each lane, what the last step in it gives.
        """
        return None


def strings(place: str, value: Any) -> Iterable[Text]:
    """Answer every text inside a value, at whatever depth."""
    if isinstance(value, str):
        yield Text(place, value, "value")
    elif isinstance(value, dict):
        for key, inside in value.items():
            yield from strings(f"{place}.{key}", inside)
    elif isinstance(value, list | tuple):
        for number, inside in enumerate(value):
            yield from strings(f"{place}[{number}]", inside)


def record_of(fields: Mapping[str, Schema]) -> Schema:
    """Answer the JSON Schema of a record that has exactly these fields."""
    return {
        "type": "object",
        "properties": dict(fields),
        "required": list(fields),
        "additionalProperties": False,
    }
