"""What every type of step has, and what it answers about itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import Field

from flowapp.workflows.durations import Duration
from flowapp.workflows.kinds import Action
from flowapp.workflows.steps.failing import Instead, OnError, Retry
from flowapp.workflows.steps.part import Identifier, Part

if TYPE_CHECKING:
    from flowapp.workflows.document import Step

TURN, ON_ERROR = "[]", "on_error"  # names of lists: one turn of a loop, and what is done when a step fails
Use = Literal["condition", "expression", "value"]
Schema = dict[str, Any]
Schemas = Mapping[str, Schema | None]


class Lane(NamedTuple):
    """A list of steps inside a step: its name in paths, the steps, its place in the document, its label on pages.

    `sure` says that it has been gone through whenever the step has done its work; `names` are those that only the
    steps in it can read, `own` what the step itself has given before they are gone through, if it has.
    """

    name: str
    steps: tuple[Step, ...]
    place: str
    label: str
    sure: bool = False
    names: Schemas = MappingProxyType({})
    own: Schema | None = None


class Text(NamedTuple):
    """A text with names in it: its place, what it must give, and the lane whose own names it may read as well.

    `names` are those that only this text can read.
    """

    place: str
    text: str
    use: Use
    lane: str | None = None
    names: Schemas = MappingProxyType({})


class Fault(NamedTuple):
    """Something in a step that must be mended before publishing: its place inside the step, and what it is."""

    place: str
    code: str
    message: str
    suggestion: str | None = None


class BaseStep(Part):
    """The fields of every step."""

    id: Identifier
    name: str | None = Field(default=None, max_length=120)
    enabled: bool = True
    note: str | None = Field(default=None, max_length=2000)
    retry: Retry | None = None
    on_error: OnError = "stop"
    timeout: Duration | None = None

    def lanes(self) -> Iterable[Lane]:
        """Answer the lists of steps inside it."""
        return ()

    def texts(self) -> Iterable[Text]:
        """Answer the texts in it, each with its place inside the step."""
        return ()

    def faults(self) -> Iterable[Fault]:
        """Answer what must be mended beside its texts."""
        return ()

    def allowed(self) -> Duration | None:
        """Answer how long it may take before it fails."""
        return self.timeout

    def sentence(self, actions: Mapping[str, Action]) -> str:
        """Say what it does; `**` stands around values."""
        raise TypeError(f"{type(self).__name__} does not say what it does")

    def output(self, actions: Mapping[str, Action], lasts: Schemas) -> Schema | None:
        """Answer the JSON Schema of what later steps may read; None when anything may come.

        `lasts` has, for each lane, what the last step in it gives.
        """
        return None


def instead(step: BaseStep) -> Iterable[Lane]:
    """Answer the list of steps that a step has for the case that it fails."""
    if isinstance(step.on_error, Instead):
        yield Lane(ON_ERROR, step.on_error.steps, "on_error.steps", "If it fails", names={"error": ERROR})


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


def record_of(fields: Mapping[str, Schema | None]) -> Schema:
    """Answer the JSON Schema of a record that has exactly these fields."""
    return {
        "type": "object",
        "properties": {name: _inner(schema) for name, schema in fields.items()},
        "required": list(fields),
        "additionalProperties": False,
        "$defs": _definitions(fields.values()),
    }


def list_of(item: Schema | None) -> Schema:
    """Answer the JSON Schema of a list of such items."""
    return {"type": "array", "items": _inner(item), "$defs": _definitions([item])}


def either_of(*schemas: Schema | None) -> Schema | None:
    """Answer the JSON Schema of what is one of these; None when anything may come."""
    if any(schema is None for schema in schemas):
        return None
    return {"anyOf": [_inner(schema) for schema in schemas], "$defs": _definitions(schemas)}


def _inner(schema: Schema | None) -> Schema:
    return {name: value for name, value in (schema or {}).items() if name != "$defs"}


def _definitions(schemas: Iterable[Schema | None]) -> Schema:
    return {name: each for schema in schemas if schema for name, each in schema.get("$defs", {}).items()}


ERROR = record_of({"code": {"type": "string"}, "message": {"type": "string"}, "step": {"type": "string"}})
