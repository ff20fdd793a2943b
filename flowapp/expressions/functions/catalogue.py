"""The table of functions as people see it: in the builder's help, the API and the docs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flowapp.expressions.functions.function import TABLE, Example, Group

GROUPS: Final[tuple[Group, ...]] = ("text", "numbers", "lists", "dates", "other")


@dataclass(frozen=True, slots=True)
class FunctionEntry:
    """One function, to show to people; each example is an expression and what it gives."""

    name: str
    group: Group
    signature: str
    description: str
    examples: tuple[Example, ...]


def catalogue() -> tuple[FunctionEntry, ...]:
    """Answer every function, group by group."""
    rows = sorted(TABLE.values(), key=lambda row: GROUPS.index(row.group))
    return tuple(FunctionEntry(row.name, row.group, row.signature, row.description, row.examples) for row in rows)
