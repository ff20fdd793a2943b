"""Reading a dotted name out of plain data; never an attribute of a Python object."""

from __future__ import annotations

from collections.abc import Callable

from flowapp.expressions.errors import Fault
from flowapp.expressions.format import unparse
from flowapp.expressions.frame import Frame, Run
from flowapp.expressions.near import nearest, offer, unknown_root
from flowapp.expressions.nodes import Field, Index, Name, Node, Path
from flowapp.expressions.values import (
    KIND_WORDS,
    MISSING,
    admit,
    counted,
    is_number,
    kind_of,
    quoted,
    shown,
)

Key = str | int


class Reader:
    """Reads one path; `find` answers MISSING where `read` is at fault."""

    def __init__(self, node: Name | Path, compiled: Callable[[Node], Run]) -> None:
        base = node.base if isinstance(node, Path) else node
        self.node = node
        self.base = base
        self.parts = node.parts if isinstance(node, Path) else ()
        self._base_run = None if isinstance(base, Name) else compiled(base)
        self._keys = tuple(_key(part, compiled) for part in self.parts)

    def read(self, frame: Frame) -> object:
        """Answer the value, or raise a fault with its place."""
        return self._walk(self._from(frame), self._worked_out(frame), frame)

    def find(self, frame: Frame) -> object:
        """Answer the value, or MISSING."""
        value, keys = self._from(frame), self._worked_out(frame)
        for place, key in enumerate(keys):
            if value is MISSING or value is None:
                return MISSING
            value = self._admitted(value, place)
            if _lacks(value, key):
                return MISSING
            value = self._step(value, key, place)
        return value if value is MISSING else self._admitted(value, len(keys))

    def _from(self, frame: Frame) -> object:
        if self._base_run is not None:
            return self._base_run(frame)
        assert isinstance(self.base, Name)
        return frame.names.get(self.base.name, MISSING)

    def _worked_out(self, frame: Frame) -> list[Key]:
        return [
            key if isinstance(key, str) else _checked(key(frame), part)
            for key, part in zip(self._keys, self.parts, strict=True)
        ]

    def _walk(self, value: object, keys: list[Key], frame: Frame) -> object:
        if value is MISSING:
            assert isinstance(self.base, Name)
            raise _unknown_root(self.base.name, frame).at(self.base.start, self.base.end)
        for place, key in enumerate(keys):
            value = self._step(self._admitted(value, place), key, place)
        return self._admitted(value, len(keys))

    def _admitted(self, value: object, done: int) -> object:
        try:
            return admit(value)
        except Fault as fault:
            last = self.parts[done - 1] if done else self.base
            raise fault.at(self.node.start, last.end) from None

    def _step(self, value: object, key: Key, place: int) -> object:
        part = self.parts[place]
        if type(value) is dict and isinstance(key, str):
            if key in value:
                return value[key]
            raise self._unknown_field(value, key, place).at(part.start, part.end)
        if type(value) is list and isinstance(key, int):
            if -len(value) <= key < len(value):
                return value[key]
            message = f"This list has {counted(len(value), 'item')}, so there is no item {key}."
            raise Fault("out_of_range", message).at(part.start, part.end)
        if value is None:
            message = f"{self._so_far(place)} is null (no value), so it has no {_called(key)}."
            raise Fault("missing_value", message).at(self.node.start, part.end)
        raise Fault("wrong_type", _misread(self._so_far(place), value, key)).at(part.start, part.end)

    def _unknown_field(self, record: dict[object, object], key: str, place: int) -> Fault:
        near = nearest(key, record)
        if self._so_far(place) == "steps":
            message = (
                f"There is no output of a step {quoted(key)} here: it has not run on this path, or has another name"
            )
        else:
            message = f"{self._so_far(place)} has no {quoted(key)}"
        return Fault("unknown_name", message + offer(near), suggestion=near)

    def _so_far(self, place: int) -> str:
        if not place:
            return unparse(self.base)[:60]
        return unparse(Path(self.base, self.parts[:place]))[:60]


def _lacks(value: object, key: Key) -> bool:
    if isinstance(value, dict) and isinstance(key, str):
        return key not in value
    if isinstance(value, list) and isinstance(key, int):
        return not -len(value) <= key < len(value)
    return False


def _key(part: Field | Index, compiled: Callable[[Node], Run]) -> str | Run:
    return part.name if isinstance(part, Field) else compiled(part.index)


def _checked(key: object, part: Field | Index) -> Key:
    if isinstance(key, str):
        return key
    if is_number(key) and key == int(key):
        return int(key)
    message = f"Square brackets take a position (a whole number) or a name in quotes, not {shown(key)}."
    raise Fault("wrong_type", message).at(part.start, part.end)


def _called(key: Key) -> str:
    return quoted(key) if isinstance(key, str) else f"item {key}"


def _unknown_root(name: str, frame: Frame) -> Fault:
    message, near = unknown_root(name, frame.names)
    return Fault("unknown_name", message, suggestion=near)


def _misread(path: str, value: object, key: Key) -> str:
    kind = kind_of(value)
    if kind == "list":
        return f"{path} is a list; name an item by its position, such as [0], before {_called(key)}."
    if kind == "record":
        return f"{path} is a record; its fields have names, not positions."
    what = "fields" if isinstance(key, str) else "items"
    return f"{path} is {KIND_WORDS[kind]}, which has no {what}, so it has no {_called(key)}."
