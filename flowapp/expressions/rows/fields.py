"""The fields that rows may ask about: every plain value that a schema knows by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, cast

from flowapp.expressions.checking.schema import Schema
from flowapp.expressions.checking.shapes import Shape
from flowapp.expressions.values import Kind

RowKind = Literal["text", "number", "boolean", "date", "datetime", "list"]
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KINDS: Final = frozenset({"text", "number", "boolean", "date", "datetime", "list"})


@dataclass(frozen=True, slots=True)
class RowField:
    """A field by its dotted name; `item` is the kind of a list's items where it is certain."""

    name: str
    kind: RowKind
    item: Kind | None = None
    may_be_null: bool = False
    choices: tuple[str, ...] = ()


def fields_of(schema: Schema) -> dict[str, RowField]:
    """Answer the fields by their dotted names, in the order of the schema; secrets are not among them."""
    roots = {name: shape for name, shape in schema.roots.items() if name != "secrets"}
    return {field.name: field for name, shape in roots.items() for field in _fields(name, shape)}


def _fields(dotted: str, shape: Shape) -> Iterator[RowField]:
    kind = shape.only
    if kind == "record":
        for name, inner in shape.fields.items():
            if _NAME.fullmatch(name):
                yield from _fields(f"{dotted}.{name}", inner)
    elif kind in _KINDS:
        yield RowField(
            dotted,
            cast(RowKind, kind),
            item=shape.items().only if kind == "list" else None,
            may_be_null="null" in shape.kinds,
            choices=tuple(sorted(shape.choices)),
        )
