"""The fields of a JSON Schema as rows of a table, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
_OF_FORMAT = {"date": "day", "date-time": "moment"}
_OF_TYPE = {
    "string": "text",
    "integer": "whole number",
    "boolean": "true or false",
    "array": "list",
    "object": "record",
}


@dataclass(frozen=True, kw_only=True)
class FieldRow:
    """One field, or one thing that an address may say; `href` leads to the record it holds."""

    name: str
    kind: str
    href: str
    needed: bool
    words: str


def field_rows(record: Schema, schemas: Mapping[str, Schema]) -> tuple[FieldRow, ...]:
    """Answer the fields of a record."""
    needed = record.get("required", ())
    fields = record.get("properties", {}).items()
    return tuple(field_row(name, field, schemas, needed=name in needed) for name, field in fields)


def field_row(name: str, field: Schema, schemas: Mapping[str, Schema], *, needed: bool) -> FieldRow:
    """Answer the row of one field."""
    words = str(field.get("description", "")).replace("`", "")
    if choices := _choices(field, schemas):
        words = f"{words}{'. ' if words else ''}One of {', '.join(choices)}"
    record = _record_in(field, schemas)
    href = f"#{record_id(record)}" if record else ""
    return FieldRow(name=name, kind=_kind(field, schemas), href=href, needed=needed, words=words)


def record_id(name: str) -> str:
    """Answer the id under which the page shows a record."""
    return f"record-{name.lower()}"


def name_of(schema: Schema) -> str:
    """Answer the name that a schema points to; empty where it points nowhere."""
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _record_in(field: Schema, schemas: Mapping[str, Schema]) -> str:
    """Answer the name of the record that a field holds, alone or in a list; empty when it holds none."""
    name = name_of(field)
    if name:
        return name if "properties" in schemas[name] else ""
    inside = [*field.get("anyOf", ()), *field.get("oneOf", ()), field.get("items")]
    return next((found for each in inside if each and (found := _record_in(each, schemas))), "")


def _kind(field: Schema, schemas: Mapping[str, Schema]) -> str:
    name = name_of(field)
    if name:
        return name if "properties" in schemas[name] else _kind(schemas[name], schemas)
    options = [_kind(each, schemas) for each in field.get("anyOf", field.get("oneOf", ()))]
    if options:
        empty = " or empty" if "null" in options else ""
        return " or ".join(dict.fromkeys(each for each in options if each != "null")) + empty
    kind = str(field.get("type", "anything"))
    if kind == "array" and field.get("items"):
        return f"list of {_kind(field['items'], schemas)}"
    return _OF_FORMAT.get(field.get("format", ""), _OF_TYPE.get(kind, kind))


def _choices(field: Schema, schemas: Mapping[str, Schema]) -> list[str]:
    field = schemas[name_of(field)] if name_of(field) else field
    found = [str(choice) for choice in field.get("enum", ())]
    for each in field.get("anyOf", ()):
        found += _choices(each, schemas)
    return found
