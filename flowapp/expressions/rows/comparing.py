"""The comparisons that rows offer for each kind of field, in the words of that kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from flowapp.expressions.rows.fields import RowField, RowKind

Takes = Literal["nothing", "one", "several"]


@dataclass(frozen=True, slots=True)
class Comparing:
    """A comparison by its name, its words, and how many values it takes."""

    name: str
    words: str
    takes: Takes


_WORDS: Final[dict[RowKind, dict[str, str]]] = {
    "text": {
        "is": "is",
        "is_not": "is not",
        "contains": "contains",
        "lacks": "does not contain",
        "starts": "starts with",
        "ends": "ends with",
        "one_of": "is one of",
        "none_of": "is none of",
        "empty": "is empty",
        "not_empty": "is not empty",
    },
    "number": {
        "is": "is",
        "is_not": "is not",
        "more": "is more than",
        "at_least": "is at least",
        "less": "is less than",
        "at_most": "is at most",
        "one_of": "is one of",
        "none_of": "is none of",
    },
    "boolean": {"yes": "is yes", "no": "is no"},
    "date": {
        "is": "is",
        "is_not": "is not",
        "more": "is after",
        "at_least": "is on or after",
        "less": "is before",
        "at_most": "is on or before",
    },
    "datetime": {
        "is": "is",
        "is_not": "is not",
        "more": "is after",
        "at_least": "is at or after",
        "less": "is before",
        "at_most": "is at or before",
    },
    "list": {"empty": "is empty", "not_empty": "is not empty"},
}
_OF_ITEMS: Final = {"includes": "includes", "leaves_out": "does not include"}
_OF_NULL: Final = {"no_value": "has no value", "value": "has a value"}
_SEVERAL: Final = frozenset({"one_of", "none_of"})
_NOTHING: Final = frozenset({"yes", "no", "empty", "not_empty", *_OF_NULL})


def comparings(field: RowField) -> tuple[Comparing, ...]:
    """Answer the comparisons for a field, the likeliest first."""
    words = dict(_WORDS[field.kind])
    if field.item in ("text", "number"):
        words = _OF_ITEMS | words
    if field.may_be_null:
        words |= _OF_NULL
    return tuple(Comparing(name, said, _takes(name)) for name, said in words.items())


def comparing_of(field: RowField, name: str) -> Comparing | None:
    """Answer the comparison of this name, or None when the field's kind has none."""
    return next((each for each in comparings(field) if each.name == name), None)


def _takes(name: str) -> Takes:
    if name in _NOTHING:
        return "nothing"
    return "several" if name in _SEVERAL else "one"
