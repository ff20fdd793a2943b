"""Whether a function is given what it takes, and what it gives."""

from __future__ import annotations

from dataclasses import replace

from flowapp.expressions.calls import function_of
from flowapp.expressions.checking.names import Infer
from flowapp.expressions.checking.scope import Scope, called
from flowapp.expressions.checking.shapes import ANY, BOOLEAN, KINDS, NUMBER, TEXTS, Shape, either, of_kind
from flowapp.expressions.checking.signs import truth
from flowapp.expressions.errors import Fault
from flowapp.expressions.functions import Function
from flowapp.expressions.functions.parameter import FITS, WORDS
from flowapp.expressions.nodes import Call, Loop


def call_shape(node: Call, scope: Scope, infer: Infer) -> Shape:
    """Answer what a function gives, noting what is wrong with the call."""
    try:
        row = function_of(node)
    except Fault as fault:
        scope.findings.problem(fault)
        for argument in node.arguments:
            infer(argument, scope.strict())
        return ANY
    if row.name in ("default", "exists"):
        return _forgiving(node, scope, infer)
    shapes = [infer(argument, scope.strict()) for argument in node.arguments]
    for place, shape in enumerate(shapes):
        _argument(row, node, place, shape, scope)
    return _given(row, shapes)


def _forgiving(node: Call, scope: Scope, infer: Infer) -> Shape:
    first, *others = node.arguments
    shape = infer(first, scope.forgiving())
    if node.name == "exists":
        return BOOLEAN
    fallback = infer(others[0], scope.strict())
    if shape.kinds == KINDS:
        return ANY
    value = replace(shape, kinds=shape.kinds - {"null"}, doubt="")
    return either([value, fallback]) if value.kinds else fallback


def _argument(row: Function, node: Call, place: int, shape: Shape, scope: Scope) -> None:
    takes, argument = row.parameter(place).takes, node.arguments[place]
    if not shape.kinds & FITS[takes]:
        message = f"{row.name}(…) needs {WORDS[takes]}, but {called(argument)} is {shape.words()}."
        scope.problem("wrong_type", message, argument)
    elif takes != "any":
        scope.no_null(argument, shape, f"given to {row.name}(…)")


def _given(row: Function, shapes: list[Shape]) -> Shape:
    match row.gives:
        case "texts":
            return TEXTS
        case "same":
            return _same(shapes[0])
        case "item":
            # min and max take one list or several values; first and last a list.
            return shapes[0].items() if len(shapes) == 1 else either(shapes)
    return of_kind(row.gives)


def _same(shape: Shape) -> Shape:
    # A text given to add_days comes out as a date.
    if "text" in shape.kinds and "list" not in shape.kinds:
        return Shape(frozenset({"date", "datetime"}))
    return replace(shape, kinds=shape.kinds - {"null"} or KINDS)


def loop_shape(node: Loop, scope: Scope, infer: Infer) -> Shape:
    """Answer what a loop gives, noting what is wrong inside it."""
    items = infer(node.items, scope.strict())
    if "list" not in items.kinds:
        message = f"“for {node.variable} in” needs a list, but {called(node.items)} is {items.words()}."
        scope.problem("wrong_type", message, node.items)
    inside = scope.strict().with_name(node.variable, items.items())
    if node.condition is not None:
        truth(node.condition, infer(node.condition, inside), "if", inside)
        inside = inside.after(node.condition, outcome=True)
    body = infer(node.body, inside)
    return _gathered(node, body, inside)


def _gathered(node: Loop, body: Shape, scope: Scope) -> Shape:
    match node.kind:
        case "any" | "all":
            truth(node.body, body, node.kind, scope)
            return BOOLEAN
        case "sum":
            if "number" not in body.kinds:
                message = f"Only numbers can be added up, and this is {body.words()}."
                scope.problem("wrong_type", message, node.body)
            else:
                scope.no_null(node.body, body, "added up")
            return NUMBER
        case "count":
            return NUMBER
    return Shape(frozenset({"list"}), item=body)
