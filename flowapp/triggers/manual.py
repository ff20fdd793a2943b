"""A person starts the workflow."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from flowapp.workflows.kinds import Trigger, TriggerFields

InputType = Literal["text", "number", "date", "yes_no", "choice"]
_JSON_TYPES: dict[InputType, dict[str, Any]] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "yes_no": {"type": "boolean"},
    "choice": {"type": "string"},
}


# Filled in by the engine, whatever is given; and the form's own fields.
RESERVED = frozenset({"user", "care_home_id", "nonce", "csrf_token"})
_ALWAYS: dict[str, Any] = {
    "user": {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "role": {"type": "string"}},
        "required": ["name", "role"],
    },
    "care_home_id": {"type": "integer"},
}


class Input(BaseModel):
    """One thing the person is asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    label: str = Field(min_length=1, max_length=120)
    type: InputType = "text"
    required: bool = True
    default: str | Decimal | bool | None = None
    choices: tuple[str, ...] = ()

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """The choices as pairs of value and words, as a list to choose from has them."""
        return tuple((each, each) for each in self.choices)

    @property
    def accepts(self) -> dict[str, Any]:
        """The JSON Schema of what may be given."""
        schema = {"title": self.label} | _JSON_TYPES[self.type]
        return schema | {"enum": list(self.choices)} if self.type == "choice" else schema


class OnRequest(Trigger):
    """Starts when somebody who may run it says so, and fills in what it asks for."""

    kind = "manual"
    label = "Somebody starts it"

    class Fields(TriggerFields):
        """What the trigger is told."""

        inputs: tuple[Input, ...] = Field(default=(), max_length=30, description="What to ask the person for")

        @field_validator("inputs")
        @classmethod
        def _fit_together(cls, inputs: tuple[Input, ...]) -> tuple[Input, ...]:
            names = [each.name for each in inputs]
            if twice := next((name for name in names if names.count(name) > 1), None):
                raise ValueError(f"{twice!r} is asked for twice; give each input a name of its own")
            if taken := next((name for name in names if name in RESERVED), None):
                raise ValueError(f"{taken!r} has a meaning already; give the input another name")
            if empty := next((each.name for each in inputs if each.type == "choice" and not each.choices), None):
                raise ValueError(f"{empty!r} has nothing to choose from; give it choices")
            return inputs

    def sentence(self, fields: Fields) -> str:
        """Say what starts the workflow."""
        asked = ", ".join(_lower(each.label) for each in fields.inputs)
        return f"When somebody starts it and gives {asked}" if asked else "When somebody starts it"

    def context_schema(self, fields: Fields) -> dict[str, Any] | None:
        """Answer the schema of the inputs, or None when there are none and anything may come."""
        if not fields.inputs:
            return None
        return {
            "type": "object",
            "properties": {each.name: each.accepts for each in fields.inputs} | _ALWAYS,
            "required": [each.name for each in fields.inputs if each.required] + ["user"],
        }


def _lower(label: str) -> str:
    """Begin with a small letter, unless the word is an abbreviation."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
