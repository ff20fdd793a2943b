"""The names that a condition may use, each with what it is and what it holds in a sample."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flowapp.web.executions.facts import said
from flowapp.web.filters import day, exact, plural

NOT_SHOWN = "not shown to you"


@dataclass(frozen=True, kw_only=True)
class NameItem:
    """A name, its description, and its value in words."""

    name: str
    description: str
    value: str


def names_of(
    schema: Mapping[str, Any],
    sample: Mapping[str, Any],
    zone: ZoneInfo,
    *,
    root: str = "context",
    hidden: Collection[str] = (),
) -> tuple[NameItem, ...]:
    """Answer every plain name of a JSON Schema; the values of those that are `hidden` are not said."""
    return tuple(
        NameItem(
            name=name,
            description=found.get("description", ""),
            value=NOT_SHOWN if name in hidden else _said(value, found.get("format", ""), zone),
        )
        for name, found, value in _leaves(root, schema, schema.get("$defs", {}), sample)
    )


def resolved(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer the schema that another one only names, or the likeliest of several, with the description kept."""
    words = {"description": schema["description"]} if "description" in schema else {}
    if "$ref" in schema:
        return {**resolved(defs[schema["$ref"].rpartition("/")[2]], defs), **words}
    options = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return {**resolved(options[0], defs), **words} if options else schema


def _leaves(
    dotted: str, schema: Mapping[str, Any], defs: Mapping[str, Any], sample: Any
) -> Iterator[tuple[str, Mapping[str, Any], Any]]:
    for name, field in schema.get("properties", {}).items():
        found = resolved(field, defs)
        value = sample.get(name) if isinstance(sample, Mapping) else None
        if found.get("type") == "object":
            yield from _leaves(f"{dotted}.{name}", found, defs, value)
        else:
            yield f"{dotted}.{name}", found, value


def _said(value: Any, form: str, zone: ZoneInfo) -> str:
    """Say a value; a date also as it is written in a condition, where the words would not do."""
    if isinstance(value, list):
        return _said_list(value, zone)
    if not isinstance(value, str) or not value:
        return said(value)
    words = _said_moment(value, form, zone)
    return f"{words}, written {value}" if words else value


def _said_list(items: list[Any], zone: ZoneInfo) -> str:
    if not items:
        return "an empty list"
    if any(isinstance(item, list | dict) for item in items):
        return plural(len(items), "item")
    return ", ".join(_said(item, "", zone) for item in items)


def _said_moment(text: str, form: str, zone: ZoneInfo) -> str:
    try:
        if form == "date":
            return day(date.fromisoformat(text))
        if form == "date-time" and (moment := datetime.fromisoformat(text)).tzinfo is not None:
            return exact(moment, zone=zone)
    except (ValueError, OverflowError):
        pass  # an event that another program reported may hold anything
    return ""
