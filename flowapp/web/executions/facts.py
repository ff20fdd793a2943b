"""What a run knew, for people: numbers of records left out, dates and amounts as people say them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flowapp.kernel.decimals import tidy
from flowapp.web.filters import day

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_PARTS = {"all": "the whole day", "am": "the morning", "pm": "the afternoon"}


def known_facts(context: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Answer each fact once, with its words; what stands in a record is not said again beside it."""
    inside = {name for value in context.values() if isinstance(value, dict) for name in value}
    return tuple(_facts(context, "", inside))


def _facts(record: Mapping[str, Any], prefix: str, skip: set[str]) -> Iterator[tuple[str, str]]:
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _facts(value, f"{_words(name)}: ", set())
        elif name != "id" and not name.endswith("_id") and name not in skip:
            yield _upper(f"{prefix}{_words(name)}"), said(value)


def said(value: Any) -> str:
    """Say a value as people do."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "":
        return "none"
    if isinstance(value, Decimal):
        return str(tidy(value))
    if isinstance(value, str):
        return day(date.fromisoformat(value)) if _DATE.match(value) else _PARTS.get(value, value)
    return str(value)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
