"""A walk over an expression with what is known of the names: the shape of each part, what does not fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flowapp.expressions.checking.calls import call_shape, loop_shape
from flowapp.expressions.checking.names import name_shape, path_shape
from flowapp.expressions.checking.scope import Scope
from flowapp.expressions.checking.shapes import BOOLEAN, NUMBER, Shape, either, of_kind
from flowapp.expressions.checking.signs import arithmetic, comparison, truth
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
from flowapp.expressions.values import kind_of


def shape_of(node: Node, scope: Scope) -> Shape:
    """Answer the shape of a part, noting on the way what is wrong or odd."""
    return _SHAPES[type(node)](node, scope)


def _literal(node: Node, scope: Scope) -> Shape:
    assert isinstance(node, Literal)
    return of_kind(kind_of(node.value))


def _list(node: Node, scope: Scope) -> Shape:
    assert isinstance(node, ListOf)
    return Shape(frozenset({"list"}), item=either(shape_of(item, scope.strict()) for item in node.items))


def _name(node: Node, scope: Scope) -> Shape:
    assert isinstance(node, Name)
    return name_shape(node, scope)


def _path(node: Node, scope: Scope) -> Shape:
    assert isinstance(node, Path)
    return path_shape(node, scope, shape_of)


def _call(node: Node, scope: Scope) -> Shape:
    assert isinstance(node, Call)
    return call_shape(node, scope, shape_of)


def _loop(node: Node, scope: Scope) -> Shape:
    assert isinstance(node, Loop)
    return loop_shape(node, scope, shape_of)


def _negate(node: Node, scope: Scope) -> Shape:
    assert isinstance(node, Negate)
    operand = shape_of(node.operand, scope.strict())
    if "number" not in operand.kinds:
        message = f"Only a number can have a minus before it, not {operand.words()}."
        scope.problem("wrong_type", message, node)
    else:
        scope.no_null(node.operand, operand, "reckoned with")
    return NUMBER


def _arithmetic(node: Node, scope: Scope) -> Shape:
    assert isinstance(node, Arithmetic)
    shape, before = shape_of(node.first, scope.strict()), node.first
    for sign, operand in node.rest:
        other = shape_of(operand, scope.strict())
        shape = arithmetic(sign, shape, other, (before, operand), node, scope)
        before = operand
    return shape


def _comparison(node: Node, scope: Scope) -> Shape:
    assert isinstance(node, Comparison)
    left, right = shape_of(node.left, scope.strict()), shape_of(node.right, scope.strict())
    return comparison(node, left, right, scope)


def _test(node: Node, scope: Scope) -> Shape:
    assert isinstance(node, Test)
    shape_of(node.operand, scope.strict())
    return BOOLEAN


def _not(node: Node, scope: Scope) -> Shape:
    assert isinstance(node, Not)
    truth(node.operand, shape_of(node.operand, scope.strict()), "not", scope)
    return BOOLEAN


def _logic(node: Node, scope: Scope) -> Shape:
    assert isinstance(node, Logic)
    inside = scope.strict()
    for operand in node.operands:
        truth(operand, shape_of(operand, inside), node.word, inside)
        inside = inside.after(operand, outcome=node.word == "and")
    return BOOLEAN


def _choice(node: Node, scope: Scope) -> Shape:
    assert isinstance(node, Choice)
    inside = scope.strict()
    truth(node.condition, shape_of(node.condition, inside), "if", inside)
    yes = shape_of(node.yes, inside.after(node.condition, outcome=True))
    no = shape_of(node.no, inside.after(node.condition, outcome=False))
    return either([yes, no])


_SHAPES: Final[dict[type[Node], Callable[[Node, Scope], Shape]]] = {
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
