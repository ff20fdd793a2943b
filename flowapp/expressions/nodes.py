"""The parts of a read expression; frozen, and equal when they mean the same, wherever they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal as OneOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Any part; `start` and `end` are its place in the text."""

    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value written out: 12, 2.5, "text", true, null."""

    value: str | int | Decimal | bool | None

    def __eq__(self, other: object) -> bool:
        # 2 and 2.0, 1 and true are equal to Python, but not the same in the language.
        return type(other) is Literal and type(self.value) is type(other.value) and str(self.value) == str(other.value)

    def __hash__(self) -> int:
        return hash((type(self.value), str(self.value)))


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """A list written out: [1, 2]."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Name(Node):
    """The first part of a dotted name: context, or the name of a loop's item."""

    name: str


@dataclass(frozen=True, slots=True)
class Field(Node):
    """A step of a path by name: `.days`."""

    name: str


@dataclass(frozen=True, slots=True)
class Index(Node):
    """A step of a path by position or by a worked-out name: `[0]`, `["days"]`."""

    index: Node


@dataclass(frozen=True, slots=True)
class Path(Node):
    """Something read out of something: `context.days`, `list[0].name`."""

    base: Node
    parts: tuple[Field | Index, ...]


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function at work: `lower(context.name)`; the name's place is from `start` for its length."""

    name: str
    arguments: tuple[Node, ...]


LoopKind = OneOf["any", "all", "count", "sum", "list"]


@dataclass(frozen=True, slots=True)
class Loop(Node):
    """Something worked out for each item of a list: `any(x > 2 for x in list)`."""

    kind: LoopKind
    body: Node
    variable: str
    items: Node
    condition: Node | None


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """A number with its sign turned: `-a`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Not(Node):
    """The opposite of yes or no: `not a`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """A row of sums or of products: `a + b - c`, worked out from the left."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


CompareSign = OneOf["==", "!=", "<", "<=", ">", ">=", "in", "not in"]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """Two sides compared: `a <= b`, `a in b`."""

    sign: CompareSign
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Test(Node):
    """A question about one value: `a is empty`, `a is not null`."""

    __test__ = False  # pytest would take the name for a class of tests

    kind: OneOf["empty", "null"]
    negated: bool
    operand: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """Conditions joined by `and` or by `or`."""

    word: OneOf["and", "or"]
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """One of two: `a if c else b`."""

    condition: Node
    yes: Node
    no: Node


def children(node: Node) -> tuple[Node, ...]:
    """Answer the parts directly inside, in the order in which they stand in a printed text."""
    match node:
        case ListOf(items=parts) | Logic(operands=parts) | Call(arguments=parts):
            return parts
        case Path():
            return (node.base, *(part.index for part in node.parts if isinstance(part, Index)))
        case Loop():
            asked = () if node.condition is None else (node.condition,)
            return (node.body, node.items, *asked)
        case Negate(operand=inner) | Not(operand=inner) | Test(operand=inner):
            return (inner,)
        case Arithmetic():
            return (node.first, *(operand for _, operand in node.rest))
        case Comparison():
            return (node.left, node.right)
        case Choice():
            return (node.yes, node.condition, node.no)
    return ()


def steps(node: Node) -> int:
    """Answer how many steps working the part out once takes, apart from what it counts while it runs."""
    return _own_steps(node) + sum(steps(child) for child in children(node))


def _own_steps(node: Node) -> int:
    match node:
        case Literal() | Name():
            return 0
        case Call():
            return 6  # looking at each value takes most of it
        case Loop():
            return 4
        case Arithmetic():
            return 3 * len(node.rest)
        case ListOf():
            return 1 + len(node.items)
    return 1
