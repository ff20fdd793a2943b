"""From nodes to Python closures, once; evaluating is then only calling them.

Each closure answers an admitted value or raises a Fault that knows its place. The rules themselves are in
comparing.py and arithmetic.py; quick.py has short cuts for what is common.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from flowapp.expressions import arithmetic
from flowapp.expressions.calls import compiled_call
from flowapp.expressions.comparing import equal, in_order, member
from flowapp.expressions.errors import Fault
from flowapp.expressions.frame import Frame, Run
from flowapp.expressions.loops import compiled_loop
from flowapp.expressions.nodes import (
    Arithmetic,
    Call,
    Choice,
    Comparison,
    ListOf,
    Literal,
    Logic,
    Loop,
    Name,
    Negate,
    Node,
    Not,
    Path,
    Test,
)
from flowapp.expressions.paths import Reader
from flowapp.expressions.quick import DIRECT, beside_number, beside_text, is_quick, reading
from flowapp.expressions.values import shown

_NUMBERS: Final = frozenset({int, Decimal})
_PLAIN: Final = frozenset({int, Decimal, date, datetime})  # kinds that Python itself compares as we do


def compiled(node: Node) -> Run:
    """Answer the code of an expression."""
    return _COMPILERS[type(node)](node)


def _literal(node: Node) -> Run:
    assert isinstance(node, Literal)
    value = node.value
    return lambda frame: value


def _list(node: Node) -> Run:
    assert isinstance(node, ListOf)
    runs = tuple(compiled(item) for item in node.items)
    return lambda frame: [run(frame) for run in runs]


def _name(node: Node) -> Run:
    assert isinstance(node, Name)
    return reading(node, Reader(node, compiled).read)


def _path(node: Node) -> Run:
    assert isinstance(node, Path)
    slow = Reader(node, compiled).read
    return reading(node, slow) if is_quick(node) else slow


def _call(node: Node) -> Run:
    assert isinstance(node, Call)
    return compiled_call(node, compiled)


def _loop(node: Node) -> Run:
    assert isinstance(node, Loop)
    return compiled_loop(node, compiled)


def _negate(node: Node) -> Run:
    assert isinstance(node, Negate)
    operand = compiled(node.operand)

    def run(frame: Frame) -> object:
        value = operand(frame)
        try:
            return arithmetic.negative(value)
        except Fault as fault:
            raise fault.at(node.start, node.end) from None

    return run


def _arithmetic(node: Node) -> Run:
    assert isinstance(node, Arithmetic)
    first = compiled(node.first)
    rest = tuple((arithmetic.OPERATIONS[sign], compiled(operand), operand.end) for sign, operand in node.rest)

    def run(frame: Frame) -> object:
        value = first(frame)
        for work_out, operand, end in rest:
            other = operand(frame)
            try:
                value = work_out(value, other, frame)
            except Fault as fault:
                raise fault.at(node.start, end) from None
        return value

    return run


def _comparison(node: Node) -> Run:
    assert isinstance(node, Comparison)
    slow = _compared(node)
    if isinstance(node.right, Literal) and is_quick(node.left) and node.sign in DIRECT:
        if type(node.right.value) is int:
            return beside_number(node.left, node.sign, node.right.value, slow)
        if type(node.right.value) is str:
            return beside_text(node.left, node.sign, node.right.value, slow)
    return slow


def _compared(node: Comparison) -> Run:
    left, right, direct = compiled(node.left), compiled(node.right), DIRECT.get(node.sign)
    compare = comparer(node.sign)

    def run(frame: Frame) -> object:
        one, other = left(frame), right(frame)
        kind, other_kind = type(one), type(other)
        if direct is not None:
            if kind is other_kind:
                if kind in _PLAIN:
                    return direct(one, other)
            elif kind in _NUMBERS and other_kind in _NUMBERS:
                return direct(one, other)
        try:
            return compare(one, other, frame)
        except Fault as fault:
            raise fault.at(node.start, node.end) from None

    return run


def comparer(sign: str) -> Callable[[object, object, Frame], bool]:
    """Answer what decides a comparison by this sign."""
    match sign:
        case "==":
            return equal
        case "!=":
            return lambda one, other, frame: not equal(one, other, frame)
        case "in":
            return member
        case "not in":
            return lambda one, other, frame: not member(one, other, frame)
    return lambda one, other, frame: in_order(sign, one, other, frame)


def is_empty(value: object) -> bool:
    """Whether a value is null, an empty text, an empty list or an empty record."""
    return value is None or (type(value) in (str, list, dict) and not value)


def _test(node: Node) -> Run:
    assert isinstance(node, Test)
    operand, negated = compiled(node.operand), node.negated
    if node.kind == "null":
        return lambda frame: (operand(frame) is None) is not negated
    return lambda frame: is_empty(operand(frame)) is not negated


def _not(node: Node) -> Run:
    assert isinstance(node, Not)
    operand = compiled(node.operand)

    def run(frame: Frame) -> object:
        value = operand(frame)
        if value is True or value is False:
            return not value
        raise not_logic("not", value, node.operand)

    return run


def _logic(node: Node) -> Run:
    assert isinstance(node, Logic)
    runs = [compiled(operand) for operand in node.operands]
    return _two(node, *runs) if len(runs) == 2 else _many(node, runs)


def _two(node: Logic, first: Run, second: Run) -> Run:
    decides, goes_on = node.word == "or", node.word != "or"

    def run(frame: Frame) -> object:
        value = first(frame)
        if value is goes_on:
            value = second(frame)
            if value is goes_on or value is decides:
                return value
            raise not_logic(node.word, value, node.operands[1])
        if value is decides:
            return value
        raise not_logic(node.word, value, node.operands[0])

    return run


def _many(node: Logic, runs: list[Run]) -> Run:
    decides, goes_on = node.word == "or", node.word != "or"

    def run(frame: Frame) -> object:
        for place, operand in enumerate(runs):
            value = operand(frame)
            if value is decides:
                return decides
            if value is not goes_on:
                raise not_logic(node.word, value, node.operands[place])
        return goes_on

    return run


def _choice(node: Node) -> Run:
    assert isinstance(node, Choice)
    condition, yes, no = compiled(node.condition), compiled(node.yes), compiled(node.no)

    def run(frame: Frame) -> object:
        value = condition(frame)
        if value is True:
            return yes(frame)
        if value is False:
            return no(frame)
        raise not_logic("if", value, node.condition)

    return run


def not_logic(word: str, value: object, part: Node) -> Fault:
    """Say that `and`, `or`, `not` and `if` work on yes and no only."""
    return Fault("wrong_type", f"“{word}” needs yes or no, but this is {shown(value)}.").at(part.start, part.end)


_COMPILERS: Final[dict[type[Node], Callable[[Node], Run]]] = {
    Literal: _literal,
    ListOf: _list,
    Name: _name,
    Path: _path,
    Call: _call,
    Loop: _loop,
    Negate: _negate,
    Arithmetic: _arithmetic,
    Comparison: _comparison,
    Test: _test,
    Not: _not,
    Logic: _logic,
    Choice: _choice,
}
