"""Examples made from JSON Schemas, so that each one fits its schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
_SUCH_AS = re.compile(r"\bsuch as ([^;,]+)")
_OF_FORMAT = {"date": "2026-12-07", "date-time": "2026-12-07T09:00:00Z"}
_OF_TYPE: dict[str, Any] = {"integer": 1, "number": 1, "boolean": True, "null": None}


def example_of(schema: Schema, defs: Mapping[str, Schema] | None = None, *, whole: bool = False) -> Any:
    """Answer a value that fits the schema: what it gives as an example, or what its description says after “such as”.

    A record has what is required, and with `whole` everything else that does not contain itself.
    """
    return _Examples(defs if defs is not None else schema.get("$defs", {}), whole).of(schema)


class _Examples:
    """One example being made; `inside` names the records around the present place."""

    def __init__(self, defs: Mapping[str, Schema], whole: bool) -> None:
        self.defs = defs
        self.whole = whole
        self.inside: list[str] = []

    def of(self, schema: Schema, description: str = "") -> Any:
        """Answer an example; `description` is that of the place, for a schema that is only named there."""
        description = schema.get("description", description)
        if "$ref" in schema:
            return self._named(schema["$ref"].rpartition("/")[2], description)
        if (given := _given(schema)) is not None:
            return given
        options = schema.get("anyOf") or schema.get("oneOf")
        if options:
            return self.of(_likeliest(options), description)
        return self._of_type(schema, description)

    def _named(self, name: str, description: str) -> Any:
        self.inside.append(name)
        made = self.of(self.defs[name], description)
        self.inside.pop()
        return made

    def _of_type(self, schema: Schema, description: str) -> Any:
        kind = schema.get("type")
        if kind == "object" or "properties" in schema:
            return self._record(schema)
        if kind == "array":
            items = schema.get("items", {})
            return [] if self._again(items) else [self.of(items)]
        if kind == "string":
            return _text(schema, description)
        return schema.get("minimum", _OF_TYPE[kind]) if kind in _OF_TYPE else {}

    def _record(self, schema: Schema) -> dict[str, Any]:
        required = schema.get("required", ())
        fields = schema.get("properties", {}).items()
        return {
            name: self.of(field)
            for name, field in fields
            if name in required or (self.whole and field.get("default", "") is not None and not self._again(field))
        }

    def _again(self, schema: Schema) -> bool:
        """Say whether a schema leads back into a record around it."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return name in self.inside or self._again(self.defs[name])
        further = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), schema.get("items", {})]
        return any(self._again(each) for each in further if each)


def _given(schema: Schema) -> Any:
    if schema.get("examples"):
        return schema["examples"][0]
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    return schema.get("default") or None


def _likeliest(options: list[Schema]) -> Schema:
    """Answer the first option that is not null, and no number written as text."""
    return next((each for each in options if each.get("type") != "null" and "pattern" not in each), options[0])


def _text(schema: Schema, description: str) -> str:
    if schema.get("format") in _OF_FORMAT:
        return _OF_FORMAT[schema["format"]]
    found = _SUCH_AS.search(description)
    return found[1].strip() if found else "text"
