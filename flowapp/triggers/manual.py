"""A person starts the workflow."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from flowapp.workflows.kinds import Trigger, TriggerFields

InputType = Literal["text", "number", "date", "yes_no", "choice"]
_JSON_TYPES: dict[InputType, dict[str, Any]] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "yes_no": {"type": "boolean"},
    "choice": {"type": "string"},
}


class Input(BaseModel):
    """One thing the person is asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    label: str = Field(min_length=1, max_length=120)
    type: InputType = "text"
    required: bool = True
    choices: tuple[str, ...] = ()


class OnRequest(Trigger):
    """Starts when somebody who may run it says so, and fills in what it asks for."""

    kind = "manual"
    label = "Somebody starts it"

    class Fields(TriggerFields):
        """What the trigger is told."""

        inputs: tuple[Input, ...] = Field(default=(), max_length=30, description="What to ask the person for")

    def sentence(self, fields: Fields) -> str:
        """Say what starts the workflow."""
        asked = ", ".join(each.label.lower() for each in fields.inputs)
        return f"When somebody starts it and gives {asked}" if asked else "When somebody starts it"

    def context_schema(self, fields: Fields) -> dict[str, Any] | None:
        """Answer the schema of the inputs, or None when there are none and anything may come."""
        if not fields.inputs:
            return None
        return {
            "type": "object",
            "properties": {each.name: _JSON_TYPES[each.type] for each in fields.inputs},
            "required": [each.name for each in fields.inputs if each.required],
        }
