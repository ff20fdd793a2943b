"""A condition as rows: what is compared with what, and whether all or any of it must hold."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

Joined = Literal["and", "or"]
Written = str | int | Decimal
Value = Written | tuple[Written, ...] | None
MOST_ROWS: Final = 20  # more than anybody reads as rows; a longer condition shows as text


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison: the dotted name of a field, the name of a comparison, and the value where it takes one."""

    field: str
    comparison: str
    value: Value = None


@dataclass(frozen=True, slots=True)
class Rows:
    """The comparisons of one condition; of a single one `joined` says nothing, and is "and"."""

    rows: tuple[Row, ...]
    joined: Joined = "and"
