"""Made-up values for the names of an event that has not happened yet; its schema says what they look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from flowapp.web.expressions.names import resolved

_SUCH_AS: Final = re.compile(r"\bsuch as ([^;,.]+)")
_OF_FORMAT: Final = {"date": "2026-12-07", "date-time": "2026-12-07T09:00:00Z"}
_OF_TYPE: Final[dict[str, Any]] = {"integer": 1, "number": 1, "boolean": True}


def example_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a record that fits the schema, with what its descriptions name after “such as”."""
    return _record(schema, schema.get("$defs", {}))


def _record(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(field, defs, name) for name, field in schema.get("properties", {}).items()}


def _value(schema: Mapping[str, Any], defs: Mapping[str, Any], name: str) -> Any:
    schema = resolved(schema, defs)
    match schema.get("type"):
        case "object":
            return _record(schema, defs)
        case "array":
            return [_value(schema.get("items", {}), defs, name)]
        case "string":
            return _text(schema, name)
        case kind:
            return _OF_TYPE.get(str(kind))


def _text(schema: Mapping[str, Any], name: str) -> str:
    if schema.get("format") in _OF_FORMAT:
        return _OF_FORMAT[schema["format"]]
    found = _SUCH_AS.search(schema.get("description", ""))
    return found[1].strip() if found else f"the {name.replace('_', ' ')}"
