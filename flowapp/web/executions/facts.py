"""What a run knew, for people: numbers of records left out, dates and amounts as people say them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from datetime import date
from decimal import Decimal
from typing import Any

from flowapp.kernel.decimals import tidy
from flowapp.rota.leave_types import LEAVE_TYPES
from flowapp.web.filters import day

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
# What the names in a context are called where the bare name would be a riddle.
_NAMES = {
    "notice_days": "Days of notice",
    "balance_before": "Hours of leave before",
    "balance_after": "Hours of leave after",
    "estimated": "The days are a guess",
    "overlaps_leave": "Overlaps other leave",
    "clash_count": "Own shifts on these days",
    "embargo.hit": "Closed to leave",
    "embargo.message": "Why it is closed to leave",
    "concurrent.count": "People away on the worst day",
    "concurrent.pct": "Share of the role away, in per cent",
    "concurrent.limit": "Share that may be away, in per cent",
    "cover.shortfall_count": "Shifts with too few people",
    "leave.type": "Type of leave",
    "leave.start": "First day",
    "leave.start_part": "On the first day",
    "leave.end": "Last day",
    "leave.end_part": "On the last day",
    "leave.days": "Days",
    "leave.hours": "Hours",
    "leave.calendar_days": "Calendar days",
    "leave.reason": "Reason",
    "staff.name": "Member of staff",
    "staff.email": "Email",
    "staff.role": "Role",
}
_FIRST = ("leave", "shift", "staff")  # what it is about
# Said elsewhere on the page, or of use to programs alone.
_LEFT_OUT = frozenset({"user", "leave_type", "clash_shifts"})
_PARTS = {"all": "the whole day", "am": "the morning", "pm": "the afternoon"}


def known_facts(context: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Answer each fact once, with its words; what stands in a record is not said again beside it.

    What is empty is left out.
    """
    inside = {name for value in context.values() if isinstance(value, dict) for name in value}
    first = sorted(context, key=lambda name: name not in _FIRST)
    return tuple(_facts({name: context[name] for name in first}, (), inside | _LEFT_OUT))


def _facts(record: Mapping[str, Any], around: tuple[str, ...], skip: Set[str]) -> Iterator[tuple[str, str]]:
    for name, value in record.items():
        path = (*around, name)
        if name in skip or name == "id" or name.endswith("_id") or value in (None, "", []):
            continue
        if isinstance(value, dict):
            yield from _facts(value, path, frozenset())
        else:
            dotted = ".".join(path)
            yield _NAMES.get(dotted) or _upper(": ".join(map(_words, path))), _said_at(dotted, value)


def _said_at(path: str, value: Any) -> str:
    """Say a value of this place; only conditions need the code of a type of leave."""
    return LEAVE_TYPES[value].name if path == "leave.type" and value in LEAVE_TYPES else said(value)


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
