"""any(…), all(…), count(…), sum(…) and lists worked out from lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flowapp.expressions import arithmetic
from flowapp.expressions.errors import Fault
from flowapp.expressions.frame import Frame, Run
from flowapp.expressions.functions.numbers import addend
from flowapp.expressions.nodes import Loop, LoopKind, Node, steps
from flowapp.expressions.values import admit, shown

Take = Callable[[object], bool]  # takes the next value; True means that no more are needed


def compiled_loop(node: Loop, compiled: Callable[[Node], Run]) -> Run:
    """Answer the code of a loop."""
    walk = Walk(node, compiled)
    gather = _GATHER[node.kind]

    def run(frame: Frame) -> object:
        try:
            return gather(walk, frame)
        except Fault as fault:
            raise fault.at(node.start, node.end) from None

    return run


class Walk:
    """Goes over the items of a loop's list, each in turn under the loop's name."""

    def __init__(self, node: Loop, compiled: Callable[[Node], Run]) -> None:
        self.node = node
        self._items = compiled(node.items)
        self._body = compiled(node.body)
        self._condition = None if node.condition is None else compiled(node.condition)
        # The steps of one round are counted ahead, not one by one: counting must not cost more than working.
        asked = 0 if node.condition is None else steps(node.condition)
        self._cost = (4 if node.kind == "sum" else 3) + steps(node.body) + asked

    def go(self, frame: Frame, take: Take) -> None:
        """Hand the body's value for each item to `take`, until it has enough."""
        items = self._list(frame)
        outside = frame.names
        inside = dict(outside)
        frame.names = inside
        try:
            for item in items:
                frame.tick(self._cost)
                inside[self.node.variable] = admit(item)
                if self._wanted(frame) and take(self._body(frame)):
                    return
        finally:
            frame.names = outside

    def _list(self, frame: Frame) -> list[object]:
        items = self._items(frame)
        if type(items) is list:
            return items
        message = f"“for {self.node.variable} in” needs a list, but this is {shown(items)}."
        raise Fault("wrong_type", message).at(self.node.items.start, self.node.items.end)

    def _wanted(self, frame: Frame) -> bool:
        if self._condition is None:
            return True
        answer = self._condition(frame)
        if answer is True or answer is False:
            return answer
        assert self.node.condition is not None
        message = f"The “if” of a list needs yes or no, but this is {shown(answer)}."
        raise Fault("wrong_type", message).at(self.node.condition.start, self.node.condition.end)

    def truth(self, value: object) -> bool:
        """Answer the body's value if it is yes or no."""
        if value is True or value is False:
            return value
        message = f"{self.node.kind}(…) needs yes or no for each item, but this is {shown(value)}."
        raise Fault("wrong_type", message).at(self.node.body.start, self.node.body.end)


def _any(walk: Walk, frame: Frame) -> object:
    found: list[bool] = []

    def take(value: object) -> bool:
        if walk.truth(value):
            found.append(True)
        return bool(found)

    walk.go(frame, take)
    return bool(found)


def _all(walk: Walk, frame: Frame) -> object:
    against: list[bool] = []

    def take(value: object) -> bool:
        if not walk.truth(value):
            against.append(True)
        return bool(against)

    walk.go(frame, take)
    return not against


def _count(walk: Walk, frame: Frame) -> object:
    # count(x.late for x in list) counts the yeses; count(x for x in list if x.late) counts what is left.
    return sum(value is not False for value in _list(walk, frame))


def _sum(walk: Walk, frame: Frame) -> object:
    numbers: list[arithmetic.Number] = []

    def take(value: object) -> bool:
        try:
            numbers.append(addend(value))
        except Fault as fault:
            raise fault.at(walk.node.body.start, walk.node.body.end) from None
        return False

    walk.go(frame, take)
    return arithmetic.total(numbers)


def _list(walk: Walk, frame: Frame) -> list[object]:
    values: list[object] = []

    def take(value: object) -> bool:
        values.append(value)
        return False

    walk.go(frame, take)
    return values


_GATHER: Final[dict[LoopKind, Callable[[Walk, Frame], object]]] = {
    "any": _any,
    "all": _all,
    "count": _count,
    "sum": _sum,
    "list": _list,
}
