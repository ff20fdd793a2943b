"""What each kind of action and trigger must bring along: the contract of one file, one type."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import BaseModel


def unfinished_kinds(family: str, kinds: Mapping[str, Any], tested: Collection[str]) -> Iterator[str]:
    """Find what the kinds of a family ("actions", "triggers") lack; `tested` are those with a test."""
    for kind, entry in kinds.items():
        cls = entry if isinstance(entry, type) else type(entry)
        for complaint in _complaints(kind, cls):
            yield f"flowapp/{family}/{kind}.py: {complaint}"
        if kind not in tested:
            yield f"flowapp/{family}/{kind}.py: write tests/{family}/test_{kind}.py."


def _complaints(kind: str, cls: type) -> Iterator[str]:
    file = cls.__module__.rpartition(".")[2]
    if not kind == file == getattr(cls, "kind", None):
        yield f"kind is {getattr(cls, 'kind', None)!r}; it must be the file's name, {file!r}."
    label = getattr(cls, "label", "")
    if not label or label != label.strip() or not label[0].isupper() or label.endswith("."):
        yield f"label is {label!r}; write a few words in sentence case, without a full stop."
    if not (cls.__dict__.get("__doc__") or "").strip():
        yield "the class has no docstring; one plain sentence."
    if not _declares(cls, "sentence"):
        yield "it has no sentence() of its own: say in words what it does with these fields."
    yield from _field_complaints(getattr(cls, "Fields", None))


def _declares(cls: type, method: str) -> bool:
    """Say whether a kind has the method, and not only from the contract it is a kind of."""
    contracts = ("Action", "Trigger", "object")
    return any(method in vars(part) for part in cls.__mro__ if part.__name__ not in contracts)


def _field_complaints(fields: Any) -> Iterator[str]:
    if not (isinstance(fields, type) and issubclass(fields, BaseModel)):
        yield "it has no Fields, a pydantic model (it may be empty)."
        return
    for name, field in fields.model_fields.items():
        if not (field.description or "").strip():
            yield f"field {name!r} has no help: Field(description=…)."


def words_of_kinds(kinds: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Answer what people read of each kind: its label and the help of its fields."""
    for kind, entry in kinds.items():
        cls = entry if isinstance(entry, type) else type(entry)
        yield kind, str(getattr(cls, "label", ""))
        fields = getattr(cls, "Fields", None)
        for field in getattr(fields, "model_fields", {}).values():
            yield kind, field.description or ""
