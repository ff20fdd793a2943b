"""A step that names values, for the steps after it to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field, field_validator

from flowapp.workflows.kinds import Action
from flowapp.workflows.steps.step import BaseStep, Schema, Schemas, Text, record_of, strings
from flowapp.workflows.steps.words import listed, value_words


class SetStep(BaseStep):
    """Name values; its output is the record of them."""

    type: Literal["set"]
    values: dict[str, Any] = Field(min_length=1, max_length=50)

    @field_validator("values")
    @classmethod
    def _named(cls, values: dict[str, Any]) -> dict[str, Any]:
        for name in values:
            if not (name.isascii() and name.islower() and name.isidentifier() and len(name) <= 40):
                raise ValueError(f"{name!r} cannot be read later. Use small letters, digits and _, a letter first")
        return values

    def texts(self) -> Iterable[Text]:
        """Answer every text among its values."""
        return strings("values", self.values)

    def sentence(self, actions: Mapping[str, Action]) -> str:
        """Say what it names."""
        return f"Set {listed([f'{name} to **{value_words(given)}**' for name, given in self.values.items()])}"

    def output(self, actions: Mapping[str, Action], lasts: Schemas) -> Schema | None:
        """Answer the record of its values; the kind of one that is worked out is not known beforehand."""
        return record_of({name: _schema(given) for name, given in self.values.items()})


def _schema(given: Any) -> Schema:
    if isinstance(given, bool):
        return {"type": "boolean"}
    if isinstance(given, str):
        return {} if given.startswith("${") else {"type": "string"}
    return {}
