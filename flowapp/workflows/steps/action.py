"""A step that does one registered thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field

from flowapp.workflows.kinds import Action
from flowapp.workflows.steps.step import BaseStep, Schema, Schemas, Text, strings


class ActionStep(BaseStep):
    """Do one registered thing."""

    type: Literal["action"]
    action: str
    with_: dict[str, Any] = Field(default_factory=dict, alias="with")

    def texts(self) -> Iterable[Text]:
        """Answer every text among its settings."""
        return strings("with", self.with_)

    def sentence(self, actions: Mapping[str, Action]) -> str:
        """Say what its action does."""
        action = actions.get(self.action)
        return action.sentence(self.with_) if action else f"An action that does not exist ({self.action})"

    def output(self, actions: Mapping[str, Action], lasts: Schemas) -> Schema | None:
        """Answer what its action gives."""
        action = actions.get(self.action)
        return action.Output.model_json_schema() if action else None
