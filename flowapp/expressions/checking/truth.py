"""What is certain before anything runs: parts without names have only one value."""

from __future__ import annotations

from flowapp.expressions.compile import compiled
from flowapp.expressions.environment import NOWHERE
from flowapp.expressions.errors import Fault
from flowapp.expressions.frame import frame
from flowapp.expressions.functions import TABLE
from flowapp.expressions.functions.function import Needs
from flowapp.expressions.nodes import Call, Literal, Logic, Loop, Name, Node, Not, children


def is_constant(node: Node, allowed: frozenset[Needs]) -> bool:
    """Whether the part reads no name and hangs on no more of the environment than is allowed."""
    if isinstance(node, Name | Loop):
        return False
    if isinstance(node, Call) and (node.name not in TABLE or TABLE[node.name].needs not in allowed):
        return False
    return all(is_constant(child, allowed) for child in children(node))


def fault_of(node: Node) -> Fault | None:
    """Answer what will be wrong with a part whenever it is worked out, if that is certain."""
    if isinstance(node, Literal) or not is_constant(node, frozenset({"nothing", "zone"})):
        return None
    try:
        compiled(node)(frame({}, NOWHERE))
    except Fault as fault:
        return fault
    return None


def truth(node: Node) -> bool | None:
    """Answer yes or no when a condition is always that; None when it depends."""
    if isinstance(node, Not):
        inner = truth(node.operand)
        return None if inner is None else not inner
    if isinstance(node, Logic):
        return _joined(node)
    if not is_constant(node, frozenset({"nothing"})):
        return None
    try:
        value = compiled(node)(frame({}, NOWHERE))
    except Fault:
        return None
    return value if isinstance(value, bool) else None


def _joined(node: Logic) -> bool | None:
    decides = node.word == "or"
    parts = [truth(operand) for operand in node.operands]
    if decides in parts:
        return decides
    return None if None in parts else not decides
