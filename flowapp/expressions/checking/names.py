"""What is known of a name: does it exist, may it be missing, and what is its shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flowapp.expressions.checking.scope import Scope, called
from flowapp.expressions.checking.shapes import ANY, KINDS, Shape
from flowapp.expressions.near import nearest, offer, unknown_root
from flowapp.expressions.nodes import Field, Index, Literal, Name, Node, Path
from flowapp.expressions.values import quoted

Infer = Callable[[Node, Scope], Shape]


def name_shape(node: Name, scope: Scope) -> Shape:
    """Answer the shape of a root, noting when there is none of that name."""
    shape = scope.roots.get(node.name)
    if shape is not None:
        return shape
    message, near = unknown_root(node.name, scope.roots)
    _absent(message, near, node, scope, certain=True)
    return ANY


def path_shape(node: Path, scope: Scope, infer: Infer) -> Shape:
    """Answer the shape of what a path leads to, noting the first part of it that may not be there."""
    shape = infer(node.base, scope if isinstance(node.base, Name) else scope.strict())
    # What stands in square brackets is worked out first, so it is looked at even when the path leads nowhere.
    keys = [_key(part, scope, infer) for part in node.parts]
    if isinstance(node.base, Name) and node.base.name not in scope.roots:
        return ANY
    for place, (part, key) in enumerate(zip(node.parts, keys, strict=True)):
        before = _until(node, place)
        here = replace(Path(node.base, node.parts[: place + 1]), start=node.start, end=part.end)
        found = _step(shape, before, here, key, scope)
        if found is None:
            return ANY
        shape = found
    return replace(shape, kinds=shape.kinds - {"null"}) if node in scope.filled else shape


def _until(node: Path, place: int) -> Node:
    """Answer the first parts of a path, with the place that they have in the text."""
    if not place:
        return node.base
    parts = node.parts[:place]
    return Path(node.base, parts, start=node.start, end=parts[-1].end)


def _key(part: Field | Index, scope: Scope, infer: Infer) -> str | int | None:
    """Answer the name, or a position (any one for all); None for a name that is known only when it runs."""
    if isinstance(part, Field):
        return part.name
    if isinstance(part.index, Literal) and type(part.index.value) in (str, int):
        return part.index.value  # type: ignore[return-value]
    shape = infer(part.index, scope.strict())
    if not shape.kinds & {"text", "number"}:
        scope.problem("wrong_type", f"Square brackets take a position or a name, not {shape.words()}.", part)
    return None if "text" in shape.kinds else 0


def _step(shape: Shape, before: Node, here: Path, key: str | int | None, scope: Scope) -> Shape | None:
    """Answer the shape one part further, or None when nothing can be said from here on."""
    fits = {"record"} if isinstance(key, str) else {"list"} if isinstance(key, int) else {"record", "list"}
    if not shape.kinds & fits:
        what = f"no {quoted(key)}" if isinstance(key, str) else "no items by position"
        scope.problem("wrong_type", f"{called(before)} is {shape.words()}, so it has {what}.", here.parts[-1])
        return None
    if before not in scope.filled:
        scope.no_null(before, shape, "looked into")
    if isinstance(key, str):
        return _field(shape, before, here, key, scope)
    if key is None and "record" in shape.kinds:
        message = f"It is not known beforehand which field of {called(before)} this is, or whether there is one."
        _absent(message, None, here.parts[-1], scope, certain=False)
        return None
    return shape.items()


def _field(shape: Shape, before: Node, here: Path, key: str, scope: Scope) -> Shape | None:
    known = shape.fields.get(key)
    part = here.parts[-1]
    if known is not None:
        if here not in scope.present:
            _doubt(known, before, here, key, scope)
        return known
    if here in scope.present:
        return None
    near = nearest(key, shape.fields)
    if shape.open or shape.kinds == KINDS:
        message = f"It is not known beforehand whether {called(before)} has {quoted(key)}{offer(near)}"
        _absent(message, near, part, scope, certain=False)
    elif called(before) == "steps":
        _absent(f"There is no step {quoted(key)} before this one{offer(near)}", near, part, scope, certain=True)
    else:
        _absent(f"{called(before)} has no {quoted(key)}{offer(near)}", near, part, scope, certain=True)
    return None


def _absent(message: str, near: str | None, node: Node, scope: Scope, *, certain: bool) -> None:
    if certain and not scope.lenient:
        scope.problem("unknown_name", message, node, near)
    elif certain or not scope.lenient:
        scope.warn("unknown_name", message, node, near)


def _doubt(shape: Shape, before: Node, here: Path, key: str, scope: Scope) -> None:
    if scope.lenient or not shape.doubt:
        return
    if shape.doubt == "unsure":
        message = f"The step {quoted(key)} may not have run when this is worked out. Use default(…, …)."
        scope.warn("may_not_have_run", message, here)
    elif shape.doubt == "sometimes":
        message = f"Not everything that starts this workflow brings {quoted(key)}. Use default(…, …)."
        scope.warn("may_be_missing", message, here)
    else:
        message = f"{called(here)} need not be given, so it may be missing. Use default(…, …)."
        scope.warn("may_be_missing", message, here)
