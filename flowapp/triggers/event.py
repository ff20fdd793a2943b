"""Something happens in the care home."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from flowapp.events.catalogue import catalogue, context_schema
from flowapp.workflows.kinds import Trigger, TriggerFields
from flowapp.workflows.sentences import condition_words


class OnEvent(Trigger):
    """Starts when something happens, such as leave being requested."""

    kind = "event"
    label = "Something happens"

    class Fields(TriggerFields):
        """What the trigger is told."""

        event: str = Field(description="What happens, such as leave_requested")
        when: str | None = Field(default=None, max_length=2000, description="A condition that must hold as well")

        @field_validator("event")
        @classmethod
        def _is_known(cls, event: str) -> str:
            if event not in catalogue():
                near = get_close_matches(event, list(catalogue()), 1)
                words = "there is no event called '{event}'; there are {known}"
                told = {"event": event, "known": ", ".join(catalogue()), "suggestion": near[0] if near else None}
                raise PydanticCustomError("unknown_event", words, told)
            return event

        @field_validator("when")
        @classmethod
        def _empty_is_none(cls, when: str | None) -> str | None:
            return when if when and when.strip() else None

    def sentence(self, fields: Fields) -> str:
        """Say what starts the workflow."""
        start = f"When {catalogue()[fields.event].label}"
        return f"{start}, if {condition_words(fields.when)}" if fields.when else start

    def listens_to(self, fields: Fields) -> str | None:
        """Answer the type of event."""
        return fields.event

    def when(self, fields: Fields) -> str | None:
        """Answer the condition."""
        return fields.when

    def context_schema(self, fields: Fields) -> dict[str, Any] | None:
        """Answer the schema of the event's context."""
        return dict(context_schema(fields.event))
