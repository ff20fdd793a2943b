"""Calls of functions: the name and the number of values are looked at once, the kinds at every call."""

from __future__ import annotations

from collections.abc import Callable

from flowapp.expressions.errors import Fault
from flowapp.expressions.frame import Frame, Run
from flowapp.expressions.functions import TABLE, Function
from flowapp.expressions.near import nearest, offer
from flowapp.expressions.nodes import Call, Name, Node, Path
from flowapp.expressions.paths import Reader
from flowapp.expressions.values import counted

Compiled = Callable[[Node], Run]
_INSTEAD = {
    "any": "any(x … for x in list)",
    "all": "all(x … for x in list)",
    "count": "length(list) or count(x for x in list)",
    "len": "length(list)",
    "str": "text(x)",
    "int": "number(text)",
    "float": "number(text)",
    "if": "a if condition else b",
}


def function_of(node: Call) -> Function:
    """Answer the function that is called; a fault when there is none, or it takes more or fewer values."""
    row = TABLE.get(node.name)
    if row is None:
        raise _unknown(node).at(node.start, node.start + len(node.name))
    count = len(node.arguments)
    if count < row.least or (row.most is not None and count > row.most):
        message = f"{node.name}(…) takes {row.wanted()}; here it has {counted(count, 'value')}."
        raise Fault("syntax", message).at(node.start, node.end)
    if row.name == "exists" and not isinstance(node.arguments[0], Name | Path):
        message = "exists(…) asks for a name, such as exists(context.staff.phone)."
        raise Fault("syntax", message).at(node.arguments[0].start, node.arguments[0].end)
    return row


def compiled_call(node: Call, compiled: Compiled) -> Run:
    """Answer the code of a call."""
    row = function_of(node)
    if row.name == "default":
        return _default(node, compiled)
    if row.name == "exists":
        return _exists(node, compiled)
    return _call(row, node, compiled)


def _call(row: Function, node: Call, compiled: Compiled) -> Run:
    run_function = row.run
    arguments = [_argument(row, place, argument, compiled) for place, argument in enumerate(node.arguments)]

    def run(frame: Frame) -> object:
        try:
            return run_function(frame, *[argument(frame) for argument in arguments])
        except Fault as fault:
            raise fault.at(node.start, node.end) from None

    return run


def _argument(row: Function, place: int, argument: Node, compiled: Compiled) -> Run:
    work_out, parameter = compiled(argument), row.parameter(place)
    ready = parameter.ready
    if ready is None:
        return work_out

    def run(frame: Frame) -> object:
        value = work_out(frame)
        try:
            made = ready(value, frame)
        except Fault as fault:
            raise fault.at(argument.start, argument.end) from None
        if made is None:
            raise parameter.refusal(value, row.name).at(argument.start, argument.end)
        return made

    return run


def _default(node: Call, compiled: Compiled) -> Run:
    value, fallback = node.arguments
    find = Reader(value, compiled).find if isinstance(value, Name | Path) else compiled(value)
    instead, choose = compiled(fallback), TABLE["default"].run

    def run(frame: Frame) -> object:
        found = find(frame)
        return found if choose(frame, found, None) is not None else instead(frame)

    return run


def _exists(node: Call, compiled: Compiled) -> Run:
    name = node.arguments[0]
    assert isinstance(name, Name | Path)
    find, answer = Reader(name, compiled).find, TABLE["exists"].run

    def run(frame: Frame) -> object:
        return answer(frame, find(frame))

    return run


def _unknown(node: Call) -> Fault:
    instead = _INSTEAD.get(node.name)
    if instead:
        return Fault("unknown_function", f"{node.name}(…) is written {instead}.", suggestion=instead)
    near = nearest(node.name, TABLE)
    name = node.name[:40]
    return Fault("unknown_function", f'There is no function "{name}"{offer(near)}', suggestion=near)
