"""Whether the two sides of a sign fit each other."""

from __future__ import annotations

from typing import Final

from flowapp.expressions.checking.scope import Scope, called
from flowapp.expressions.checking.shapes import BOOLEAN, Shape
from flowapp.expressions.environment import NOWHERE
from flowapp.expressions.moments import read_date, read_datetime
from flowapp.expressions.near import nearest, offer
from flowapp.expressions.nodes import Comparison, ListOf, Literal, Node
from flowapp.expressions.values import Kind, quoted

Kinds = frozenset[Kind]
_DATES: Final[Kinds] = frozenset({"date", "datetime"})
_ORDERED: Final[Kinds] = frozenset({"number", "text", "date", "datetime"})
_DOING: Final = {"+": "add {1} to {0}", "-": "take {1} from {0}", "*": "multiply {0} by {1}"}


def comparison(node: Comparison, left: Shape, right: Shape, scope: Scope) -> Shape:
    """Note what does not fit in a comparison; it gives yes or no in any case."""
    if node.sign in ("in", "not in"):
        _membership(node, left, right, scope)
    elif node.sign in ("==", "!="):
        _equality(node, left, right, scope)
    elif not _unreadable(node, left, right, scope):
        _order(node, left, right, scope)
    return BOOLEAN


def _order(node: Comparison, left: Shape, right: Shape, scope: Scope) -> None:
    both = left.kinds & right.kinds & _ORDERED
    if not both and not _beside_text(left.kinds, right.kinds):
        scope.problem("wrong_type", f"You cannot compare {left.words()} with {right.words()}.", node)
        return
    scope.no_null(node.left, left, "compared")
    scope.no_null(node.right, right, "compared")


def _equality(node: Comparison, left: Shape, right: Shape, scope: Scope) -> None:
    if _unreadable(node, left, right, scope):
        return
    if not left.kinds & right.kinds and not _beside_text(left.kinds, right.kinds):
        always = "no" if node.sign == "==" else "yes"
        message = f"{_capital(left.words())} is never equal to {right.words()}, so this is always {always}."
        scope.warn("never_equal", message, node)
        return
    _choice(node.left, left, node.right, scope)
    _choice(node.right, right, node.left, scope)


def _membership(node: Comparison, left: Shape, right: Shape, scope: Scope) -> None:
    if "list" not in right.kinds:
        message = f"“in” looks in a list, but this is {right.words()}."
        scope.problem("wrong_type", message, node.right)
        return
    item = right.items()
    if not left.kinds & item.kinds and not _beside_text(left.kinds, item.kinds) and node.right != ListOf(()):
        words = f"{_capital(left.words())} is never equal to {item.words()}"
        scope.warn("never_equal", f"{words}, so nothing of this list can be it.", node)
    if isinstance(node.right, ListOf):
        for written in node.right.items:
            _choice(node.left, left, written, scope)


def _choice(name: Node, shape: Shape, other: Node, scope: Scope) -> None:
    """Warn about a text that is not among those that the name can be."""
    if not shape.choices or not isinstance(other, Literal) or not isinstance(other.value, str):
        return
    if other.value not in shape.choices:
        near = nearest(other.value, sorted(shape.choices))
        message = f"{called(name)} is never {quoted(other.value)}{offer(near)}"
        scope.warn("never_equal", message, other, near)


def _unreadable(node: Comparison, left: Shape, right: Shape, scope: Scope) -> bool:
    """Note a written text beside a date that cannot be read as one."""
    for shape, other in ((left, node.right), (right, node.left)):
        if shape.kinds - {"null"} <= _DATES and isinstance(other, Literal) and isinstance(other.value, str):
            day = shape.only == "date"
            readable = read_date(other.value) if day else read_datetime(other.value, NOWHERE.timezone)
            if readable is None:
                form = "2026-11-23" if day else "2026-11-23T07:30"
                message = f"{quoted(other.value)} is not a date here; write it as {form}."
                scope.problem("wrong_type", message, other)
                return True
    return False


def _beside_text(left: Kinds, right: Kinds) -> bool:
    return bool(("text" in left and right & _DATES) or ("text" in right and left & _DATES))


def arithmetic(sign: str, left: Shape, right: Shape, nodes: tuple[Node, Node], whole: Node, scope: Scope) -> Shape:
    """Answer the shape of a sum or product, noting what does not fit."""
    kinds: set[Kind] = set()
    if "number" in left.kinds & right.kinds:
        kinds.add("number")
    if sign == "+" and "text" in left.kinds & right.kinds:
        kinds.add("text")
    if sign in "+-" and "record" in right.kinds:
        kinds |= left.kinds & _DATES
    if not kinds:
        doing = _DOING.get(sign, "divide {0} by {1}").format(left.words(), right.words())
        scope.problem("wrong_type", f"You cannot {doing}.", whole)
        return Shape(frozenset({"number"}))
    for node, shape in zip(nodes, (left, right), strict=True):
        scope.no_null(node, shape, "reckoned with")
    return Shape(frozenset(kinds))


def truth(node: Node, shape: Shape, word: str, scope: Scope) -> None:
    """Note that only yes and no can be joined, turned round or asked."""
    if "boolean" not in shape.kinds:
        scope.problem("wrong_type", f"“{word}” needs yes or no, but this is {shape.words()}.", node)
    else:
        scope.no_null(node, shape, "asked as yes or no")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
