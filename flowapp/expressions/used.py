"""The names that an expression reads, and the one root that most may not."""

from __future__ import annotations

from collections.abc import Iterator

from flowapp.expressions.errors import Fault
from flowapp.expressions.nodes import Field, Index, Literal, Loop, Name, Node, Path, children


def names_in(*nodes: Node) -> tuple[str, ...]:
    """Answer the dotted names that are read, sorted: `context.days`. A loop's own name is not among them."""
    return tuple(sorted({name for node in nodes for name in _names(node, frozenset())}))


def dotted(node: Name | Path) -> str | None:
    """Answer the name as far as it is known beforehand: up to the first position or worked-out part."""
    if isinstance(node, Name):
        return node.name
    if not isinstance(node.base, Name):
        return None
    parts = [node.base.name]
    for part in node.parts:
        match part:
            case Field():
                parts.append(part.name)
            case Index(index=Literal(value=str() as name)):
                parts.append(name)
            case _:
                break
    return ".".join(parts)


def refuse_secrets(node: Node) -> None:
    """Raise a fault where a secret is read; no name that is worked out can begin with `secrets`."""
    if isinstance(node, Name) and node.name == "secrets":
        message = "A secret can be used only in a field made for secrets, such as a header or a password."
        raise Fault("secret_not_allowed", message).at(node.start, node.end)
    for child in children(node):
        refuse_secrets(child)


def _names(node: Node, own: frozenset[str]) -> Iterator[str]:
    if isinstance(node, Name | Path):
        name = dotted(node)
        if name is not None and name.partition(".")[0] not in own:
            yield name
    if isinstance(node, Loop):
        yield from _names(node.items, own)
        own |= {node.variable}
    inner = [child for child in children(node) if not (isinstance(node, Loop) and child is node.items)]
    for child in inner:
        if not (isinstance(node, Path) and child is node.base and isinstance(child, Name)):
            yield from _names(child, own)
