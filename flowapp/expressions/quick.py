"""Fast code for what is by far the commonest: names joined by dots, alone or beside a value written out.

Every name a closure uses is its own: a name of the module costs twice as much to look up.
The closures here only know the easy cases; whatever is out of the ordinary goes to the slow code, which knows
all rules and all sentences. Nothing is decided here that is not decided there in the same way.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

from flowapp.expressions.errors import Fault
from flowapp.expressions.frame import Frame, Run
from flowapp.expressions.nodes import Field, Name, Node, Path
from flowapp.expressions.values import admit

DIRECT: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SMALL: Final = 10**9  # surely within the limits of numbers
_SHORT: Final = 10_000  # surely within the limits of texts


def is_quick(node: Node) -> bool:
    """Whether this is a name, or names joined by dots, and nothing else."""
    if isinstance(node, Path):
        return isinstance(node.base, Name) and all(isinstance(part, Field) for part in node.parts)
    return isinstance(node, Name)


def reading(node: Node, slow: Run) -> Run:
    """Answer fast code that reads such a name."""
    get = _getter(node)

    def run(frame: Frame) -> object:
        value = get(frame)
        kind = type(value)
        if kind is int:
            return value if -_SMALL < value < _SMALL else slow(frame)
        if kind is str:
            return value if len(value) < _SHORT else slow(frame)
        if value is not None:  # which may also mean that it is not there
            try:
                return admit(value)
            except Fault:
                pass  # the slow code says it again, with the place
        return slow(frame)

    return run


def beside_number(node: Node, sign: str, number: int, slow: Run) -> Run:
    """Answer fast code that compares such a name with a whole number."""
    direct, lowest, highest = DIRECT[sign], -_SMALL, _SMALL
    if _is_pair(node):
        root, field = _pair(node)

        def run_pair(frame: Frame) -> object:
            try:
                record = frame.names[root]
                if type(record) is dict:
                    value = record[field]
                    if type(value) is int and lowest < value < highest:
                        return direct(value, number)
            except KeyError:
                pass
            return slow(frame)

        return run_pair
    get = _getter(node)

    def run(frame: Frame) -> object:
        value = get(frame)
        if type(value) is int and lowest < value < highest:
            return direct(value, number)
        return slow(frame)

    return run


def beside_text(node: Node, sign: str, text: str, slow: Run) -> Run:
    """Answer fast code that compares such a name with a text."""
    direct, longest = DIRECT[sign], _SHORT
    if _is_pair(node):
        root, field = _pair(node)

        def run_pair(frame: Frame) -> object:
            try:
                record = frame.names[root]
                if type(record) is dict:
                    value = record[field]
                    if type(value) is str and len(value) < longest:
                        return direct(value, text)
            except KeyError:
                pass
            return slow(frame)

        return run_pair
    get = _getter(node)

    def run(frame: Frame) -> object:
        value = get(frame)
        if type(value) is str and len(value) < longest:
            return direct(value, text)
        return slow(frame)

    return run


def _is_pair(node: Node) -> bool:
    return isinstance(node, Path) and len(node.parts) == 1


def _pair(node: Node) -> tuple[str, str]:
    root, (field,) = _names(node)
    return root, field


def _getter(node: Node) -> Callable[[Frame], Any]:
    """Answer code that gets whatever is there: None also stands for all that the slow code must look at."""
    root, fields = _names(node)

    def get(frame: Frame) -> object:
        value = frame.names.get(root)
        for field in fields:
            if type(value) is not dict:
                return None
            value = value.get(field)
        return value

    return get


def _names(node: Node) -> tuple[str, tuple[str, ...]]:
    if isinstance(node, Name):
        return node.name, ()
    assert isinstance(node, Path)
    assert isinstance(node.base, Name)
    return node.base.name, tuple(part.name for part in node.parts if isinstance(part, Field))
