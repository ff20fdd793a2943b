"""Looking at an expression before it runs: the builder, publishing, the API and import all use this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flowapp.expressions.checking.findings import Finding, Findings
from flowapp.expressions.checking.infer import shape_of
from flowapp.expressions.checking.schema import Schema
from flowapp.expressions.checking.scope import Scope, called
from flowapp.expressions.checking.shapes import ANY, TEXT, Shape
from flowapp.expressions.checking.truth import fault_of, truth
from flowapp.expressions.errors import Fault
from flowapp.expressions.nodes import Logic, Node, Not, children
from flowapp.expressions.parser import parse
from flowapp.expressions.split import pieces_of
from flowapp.expressions.used import refuse_secrets
from flowapp.expressions.values import Kind, bounded_text

Use = Literal["condition", "expression", "value", "template"]


@dataclass(frozen=True, slots=True)
class Check:
    """What is wrong (it would fail), what is odd (it may), and the kind of value, if that is certain."""

    problems: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    type: Kind | None


def check(text: str, schema: Schema, *, kind: Use = "condition", secrets: bool = False) -> Check:
    """Look at an expression without running it; `secrets` is for fields made for secrets.

    A `condition` must give yes or no, an `expression` anything; a `value` and a `template` are texts with
    `${…}` in them. Raises nothing: what cannot be read is a problem.
    """
    if type(text) is not str:
        return Check((Finding("syntax", "An expression is a text.", 1, 1, 1),), (), None)
    looking = _Looking(text, schema, secrets=secrets)
    shape = looking.look(kind)
    found = looking.findings
    return Check(
        tuple(finding for _, finding in found.problems),
        tuple(finding for _, finding in found.warnings),
        shape.only if shape else None,
    )


def with_item(schema: Schema, name: str, items: str) -> Schema:
    """Add a name that stands for an item of the list that an expression gives."""
    shape = _Looking(items, schema, secrets=False).look("expression")
    return schema.with_shape(name, shape.items() if shape else ANY)


class _Looking:
    """One look at one text."""

    def __init__(self, text: str, schema: Schema, *, secrets: bool) -> None:
        self.text = text
        self.findings = Findings(text)
        self._secrets = secrets
        roots = dict(schema.roots)
        if secrets:
            roots.setdefault("secrets", Shape(frozenset({"record"})))
        self._scope = Scope(roots, self.findings)

    def look(self, kind: Use) -> Shape | None:
        """Answer what the text gives, noting everything on the way; None when it cannot be read."""
        try:
            return self._look(kind)
        except RecursionError:
            self.findings.problem(Fault("too_deep", "This is nested too deeply to be looked at."))
            return None

    def _look(self, kind: Use) -> Shape | None:
        try:
            if kind in ("value", "template"):
                return self._template(pieces_of(bounded_text(self.text)), kind)
            node = parse(self.text)
        except Fault as fault:
            self.findings.problem(fault)
            return None
        shape = self._expression(node)
        if kind == "condition":
            self._condition(node, shape)
        return shape

    def _expression(self, node: Node) -> Shape:
        if not self._secrets:
            try:
                refuse_secrets(node)
            except Fault as fault:
                self.findings.problem(fault)
                return ANY
        self._certain_faults(node)
        return shape_of(node, self._scope)

    def _certain_faults(self, node: Node) -> None:
        fault = fault_of(node)
        if fault is not None:
            self.findings.problem(fault)
            return
        for child in children(node):
            self._certain_faults(child)

    def _condition(self, node: Node, shape: Shape) -> None:
        if "boolean" not in shape.kinds:
            message = f"This condition gives {shape.words()}, not yes or no."
            self._scope.problem("not_boolean", message, node)
        self._always(node, "This condition")

    def _always(self, node: Node, what: str) -> None:
        answer = truth(node)
        if answer is not None:
            word = "yes" if answer else "no"
            self._scope.warn(f"always_{word}", f"{what} is always {word}.", node)
        elif isinstance(node, Logic | Not):
            for child in children(node):
                self._always(child, "This part")

    def _template(self, pieces: list[str | Node], kind: Use) -> Shape:
        if kind == "value" and len(pieces) == 1 and not isinstance(pieces[0], str):
            return self._expression(pieces[0])
        for piece in pieces:
            if not isinstance(piece, str):
                self._written(piece, self._expression(piece))
        return TEXT

    def _written(self, node: Node, shape: Shape) -> None:
        """Note what cannot stand in a text."""
        if not shape.kinds - {"list", "record"}:
            message = f"{called(node)} is {shape.words()}; use join(list, separator) or one of its fields."
            self._scope.problem("wrong_type", message, node)
        elif shape.kinds == {"null"}:
            self._scope.problem("missing_value", "There is no value here (null).", node)
        else:
            self._scope.no_null(node, shape, "written in a text")
