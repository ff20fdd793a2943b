"""What is known beforehand of a value: which kinds it may be, and what is in its lists and records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from flowapp.expressions.values import KIND_WORDS, Kind

KINDS: Final[frozenset[Kind]] = frozenset(KIND_WORDS)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value may be.

    A record is `open` when it may have fields that are not listed. `doubt` says why a field may be absent:
    "sometimes" not every trigger brings it, "optional" it need not be given, "unsure" its step may not run.
    """

    kinds: frozenset[Kind] = KINDS
    fields: Mapping[str, Shape] = field(default_factory=dict)
    open: bool = True
    item: Shape | None = None
    choices: frozenset[str] = frozenset()
    label: str = ""
    doubt: str = ""

    @property
    def only(self) -> Kind | None:
        """The one kind that it is when it is not null, if that is certain."""
        kinds = self.kinds - {"null"}
        return next(iter(kinds)) if len(kinds) == 1 else None

    def items(self) -> Shape:
        """Answer the shape of a list's items."""
        return self.item or ANY

    def words(self) -> str:
        """Answer the kinds in words: "a number or null"."""
        return " or ".join(KIND_WORDS[kind] for kind in KIND_WORDS if kind in self.kinds)


ANY: Final = Shape()
NUMBER: Final = Shape(frozenset({"number"}))
TEXT: Final = Shape(frozenset({"text"}))
BOOLEAN: Final = Shape(frozenset({"boolean"}))
TEXTS: Final = Shape(frozenset({"list"}), item=TEXT)
_FORMATS: Final[dict[str, Kind]] = {"date": "date", "date-time": "datetime"}
_TYPES: Final[dict[str, Kind]] = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
    "array": "list",
    "object": "record",
}


def of_kind(kind: Kind) -> Shape:
    """Answer the shape of a value of which only the kind is known."""
    return Shape(frozenset({kind}))


def either(shapes: Iterable[Shape]) -> Shape:
    """Answer the shape of a value that is one of these; a field that some lack is in doubt."""
    known = list(shapes)
    if len(known) < 2:
        return known[0] if known else ANY
    records = [shape for shape in known if "record" in shape.kinds]
    items = [shape.item for shape in known if "list" in shape.kinds]
    texts = [shape for shape in known if "text" in shape.kinds]
    return Shape(
        kinds=frozenset().union(*(shape.kinds for shape in known)),
        fields=_shared(records),
        open=any(shape.open for shape in records),
        # Nothing is known of the items when nothing is known of those of one of them.
        item=either(item for item in items if item) if all(items) else None,
        choices=frozenset().union(*(shape.choices for shape in texts))
        if all(shape.choices for shape in texts)
        else frozenset(),
        label=known[0].label,
        doubt=next((shape.doubt for shape in known if shape.doubt), ""),
    )


def from_json_schema(schema: Mapping[str, Any]) -> Shape:
    """Read a JSON Schema such as pydantic makes; what it leaves open stays open."""
    return _Reading(schema.get("$defs", {})).read(schema)


def _shared(records: list[Shape]) -> dict[str, Shape]:
    fields: dict[str, Shape] = {}
    for name in dict.fromkeys(name for record in records for name in record.fields):
        having = [record.fields[name] for record in records if name in record.fields]
        shape = either(having)
        fields[name] = shape if len(having) == len(records) else replace(shape, doubt=shape.doubt or "sometimes")
    return fields


class _Reading:
    """One reading of a JSON Schema with its definitions; what refers to itself is not followed twice."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self._following: set[str] = set()

    def read(self, schema: Mapping[str, Any]) -> Shape:
        """Answer the shape that a schema describes."""
        shape = self._body(schema)
        label = schema.get("title") if _own_title(schema) else ""
        return replace(shape, label=label or shape.label)

    def _body(self, schema: Mapping[str, Any]) -> Shape:
        if "$ref" in schema:
            return self._reference(schema["$ref"])
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return self._alternatives(schema[word])
        if "enum" in schema or "const" in schema:
            return _listed(schema.get("enum") or [schema.get("const")])
        if len(schema.get("allOf", ())) == 1:
            return self.read(schema["allOf"][0])
        return self._typed(schema)

    def _reference(self, reference: str) -> Shape:
        name = reference.rpartition("/")[2]
        if name in self._following or name not in self._definitions:
            return ANY
        self._following.add(name)
        shape = self.read(self._definitions[name])
        self._following.discard(name)
        return shape

    def _alternatives(self, schemas: list[Mapping[str, Any]]) -> Shape:
        # pydantic writes a Decimal as "number or string", since JSON has no exact numbers.
        if {"type": "number"} in schemas and {"type": "string"} in schemas:
            schemas = [schema for schema in schemas if schema != {"type": "string"}]
        return either(self.read(schema) for schema in schemas)

    def _typed(self, schema: Mapping[str, Any]) -> Shape:
        kind = schema.get("type")
        if isinstance(kind, list):
            return either(self.read({**schema, "type": one}) for one in kind)
        if kind not in _TYPES:
            return ANY
        if kind == "array":
            return Shape(frozenset({"list"}), item=self._item(schema))
        if kind == "object":
            return self._record(schema)
        return of_kind(_FORMATS.get(schema.get("format", ""), _TYPES[kind]))

    def _item(self, schema: Mapping[str, Any]) -> Shape:
        ahead = [self.read(each) for each in schema.get("prefixItems", ())]
        items = schema.get("items")
        return either([*ahead, self.read(items)] if isinstance(items, Mapping) else ahead)

    def _record(self, schema: Mapping[str, Any]) -> Shape:
        properties, required = schema.get("properties", {}), schema.get("required", ())
        fields = {}
        for name, inner in properties.items():
            given = name in required or "default" in inner
            shape = self.read(inner)
            fields[name] = shape if given else replace(shape, doubt=shape.doubt or "optional")
        is_open = schema.get("additionalProperties", not properties) is not False
        return Shape(frozenset({"record"}), fields=fields, open=is_open)


def _listed(values: list[object]) -> Shape:
    kinds: dict[type, Kind] = {
        str: "text",
        bool: "boolean",
        int: "number",
        float: "number",
        type(None): "null",
    }
    texts = frozenset(value for value in values if isinstance(value, str))
    return Shape(frozenset(kinds.get(type(value), "text") for value in values), choices=texts)


def _own_title(schema: Mapping[str, Any]) -> bool:
    """Whether the title is somebody's words; pydantic makes one of the name, with every word in capitals."""
    title = schema.get("title", "")
    return "properties" not in schema and title != title.title()
