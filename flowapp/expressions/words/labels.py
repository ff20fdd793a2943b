"""The words for names and for values in sentences: "days requested", "23 November 2026", "yes"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from flowapp.expressions.moments import read_date
from flowapp.expressions.nodes import Field, Index, Literal, Name, Path
from flowapp.expressions.values import counted, number_text, quoted
from flowapp.kernel.calendar_names import MONTHS

Labels = Mapping[str, str]
_LISTED: Final = 5  # items of a list that are told one by one
_PLACES: Final = {0: "the first of"}


def name_words(node: Name | Path, labels: Labels, own: frozenset[str]) -> str:
    """Answer the words for a name: its label, or words made from it.

    Inside a loop the item's own name is left out: `s.hours` is "hours", `s` alone is "it".
    """
    parts = node.parts if isinstance(node, Path) else ()
    base = node.base if isinstance(node, Path) else node
    if not isinstance(base, Name):
        return _after("that", parts)
    known = _leading(parts)
    dotted = ".".join((base.name, *known))
    if dotted in labels:
        words = labels[dotted]
    elif base.name in own:
        words = " ".join(map(spaced, known)) or "it"
    else:
        words = _made(base.name, known)
    return _after(words, parts[len(known) :])


def spaced(name: str) -> str:
    """Answer a name as words: `max_days` is "max days"."""
    return name.replace("_", " ").strip() or name


def listed(words: Sequence[str], last: str = "and") -> str:
    """Answer words in a row: "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def said(value: object, timezone: ZoneInfo | None = None) -> str:
    """Answer a value as a sentence says it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case int() | Decimal():
            return number_text(value)
        case str():
            day = read_date(value)
            return quoted(value) if day is None else said(day)
        case datetime():
            return _said_moment(value, timezone)
        case date():
            return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
        case list():
            return _said_list(value, timezone)
    return "a record"


def _said_moment(value: datetime, timezone: ZoneInfo | None) -> str:
    try:
        local = value.astimezone(timezone) if timezone else value
    except OverflowError:
        local = value
    return f"{said(local.date())}, {local:%H:%M}"


def _said_list(items: list[object], timezone: ZoneInfo | None) -> str:
    if not items:
        return "an empty list"
    if len(items) > _LISTED or any(isinstance(item, list | dict | tuple) for item in items):
        return f"a list of {counted(len(items), 'item')}"
    return listed([said(item, timezone) for item in items])


def _leading(parts: Sequence[Field | Index]) -> tuple[str, ...]:
    names: list[str] = []
    for part in parts:
        if isinstance(part, Field):
            names.append(part.name)
        elif isinstance(part.index, Literal) and isinstance(part.index.value, str):
            names.append(part.index.value)
        else:
            break
    return tuple(names)


def _made(root: str, names: Sequence[str]) -> str:
    words = [spaced(name) for name in names]
    match root:
        case "steps" if len(words) > 1:
            return f"{' '.join(words[1:])} of {words[0]}"
        case "context" | "vars" | "steps" | "secrets" if words:
            return " ".join(words)
    return " ".join([spaced(root), *words])


def _after(words: str, parts: Sequence[Field | Index]) -> str:
    for part in parts:
        words = f"{_place(part)} {words}"
    return words


def _place(part: Field | Index) -> str:
    if isinstance(part, Field):
        return f"{spaced(part.name)} of"
    match part.index:
        case Literal(value=str() as name):
            return f"{spaced(name)} of"
        case Literal(value=int() as place):
            return _PLACES.get(place, f"item {place + 1} of")
    return "one of"
