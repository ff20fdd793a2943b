"""What an expression may read in a certain place: the roots, and what is known of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flowapp.expressions.checking.shapes import ANY, Shape, either, from_json_schema

JsonSchema = Mapping[str, Any]
_RECORD = Shape(frozenset({"record"}), open=False)


@dataclass(frozen=True, slots=True)
class Schema:
    """The names that exist; every change gives a new one."""

    roots: Mapping[str, Shape] = field(default_factory=dict)

    @classmethod
    def of_roots(cls, roots: Mapping[str, JsonSchema | None]) -> Schema:
        """Make one from a JSON Schema for each root; None is a root in which anything may be."""
        return cls({name: _shape(schema) for name, schema in roots.items()})

    @classmethod
    def from_json_schema(cls, schema: JsonSchema, root: str = "context", *, open: bool = False) -> Schema:
        """Make one of a single root."""
        return cls().with_root(root, schema, open=open)

    def with_root(self, name: str, *schemas: JsonSchema | None, open: bool = False) -> Schema:
        """Add a root; of several schemas (one for each trigger) any may be the one that counts.

        In an `open` root an unknown name is a warning, not a problem.
        """
        shape = either(_shape(schema) for schema in schemas)
        return self._with(name, replace(shape, open=shape.open or open))

    def with_step(self, step_id: str, output: JsonSchema | None = None, *, sure: bool = True) -> Schema:
        """Add a step's output; not `sure` says that the path may not have run the step."""
        steps = self.roots.get("steps", _RECORD)
        shape = replace(_shape(output) if output is not None else ANY, doubt="" if sure else "unsure")
        return self._with("steps", replace(steps, fields={**steps.fields, step_id: shape}))

    def with_shape(self, name: str, shape: Shape) -> Schema:
        """Add a root of which the shape is known already."""
        return self._with(name, shape)

    def labels(self) -> dict[str, str]:
        """Answer the words that the schemas give for their fields, by dotted name."""
        return dict(_labels("", self.roots))

    def _with(self, name: str, shape: Shape) -> Schema:
        return Schema({**self.roots, name: shape})


def _shape(schema: JsonSchema | None) -> Shape:
    if schema is None:
        return Shape(frozenset({"record"}))
    return from_json_schema(schema)


def _labels(prefix: str, fields: Mapping[str, Shape]) -> Iterator[tuple[str, str]]:
    for name, shape in fields.items():
        dotted = f"{prefix}{name}"
        if shape.label:
            yield dotted, shape.label
        yield from _labels(f"{dotted}.", shape.fields)
