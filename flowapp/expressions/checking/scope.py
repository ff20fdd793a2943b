"""Where the checker is: the names there, what conditions before it make sure of, and what it has found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flowapp.expressions.checking.findings import Findings
from flowapp.expressions.checking.shapes import KINDS, Shape
from flowapp.expressions.errors import Code, Fault
from flowapp.expressions.format import unparse
from flowapp.expressions.nodes import Call, Comparison, Literal, Logic, Name, Node, Not, Path, Test


@dataclass(frozen=True, slots=True)
class Scope:
    """The names and findings; by what was asked before, `present` names exist and `filled` ones have a value.

    `lenient` is inside default(…) and exists(…), where a name may be missing.
    """

    roots: Mapping[str, Shape]
    findings: Findings
    present: frozenset[Node] = frozenset()
    filled: frozenset[Node] = frozenset()
    lenient: bool = False

    def problem(self, code: Code, message: str, node: Node, suggestion: str | None = None) -> None:
        """Note what must be mended."""
        fault = Fault(code, message, suggestion=suggestion, start=node.start, end=node.end)
        self.findings.problem(fault)

    def warn(self, code: str, message: str, node: Node, suggestion: str | None = None) -> None:
        """Note what is only odd."""
        self.findings.warn(code, message, node, suggestion)

    def with_name(self, name: str, shape: Shape) -> Scope:
        """Answer the inside of a loop."""
        return replace(self, roots={**self.roots, name: shape})

    def forgiving(self) -> Scope:
        """Answer the inside of default(…) and exists(…)."""
        return replace(self, lenient=True)

    def strict(self) -> Scope:
        """Answer the inside of anything else."""
        return replace(self, lenient=False) if self.lenient else self

    def after(self, *conditions: Node, outcome: bool) -> Scope:
        """Answer where we are once these conditions have come out so."""
        present, filled = set(self.present), set(self.filled)
        for condition in conditions:
            for node, has_value in _facts(condition, outcome):
                present.update(_prefixes(node))
                filled.update(_prefixes(node) if has_value else _prefixes(node)[:-1])
        return replace(self, present=frozenset(present), filled=frozenset(filled))

    def no_null(self, node: Node, shape: Shape, doing: str) -> None:
        """Warn when a value that must not be null here may be."""
        if "null" in shape.kinds and len(shape.kinds) > 1 and shape.kinds != KINDS and not self.lenient:
            message = f"{called(node)} may be null (no value), which cannot be {doing}. Use default(…, …)."
            self.warn("may_be_missing", message, node)


def called(node: Node) -> str:
    """Answer a part as it is written, to name it in a sentence."""
    written = unparse(node)
    return written if len(written) <= 60 else f"{written[:59]}…"


def _facts(node: Node, outcome: bool) -> Iterable[tuple[Name | Path, bool]]:
    """Answer the names that are certain to be there, and whether they have a value, when it came out so."""
    match node:
        case Not(operand=inner):
            yield from _facts(inner, not outcome)
        case Logic(word=word, operands=parts) if (word == "and") is outcome:
            for part in parts:
                yield from _facts(part, outcome)
        case Test(operand=Name() | Path() as name, negated=negated) if negated is outcome:
            yield name, True
        case Comparison(sign="==" | "!=" as sign, left=Name() | Path() as name, right=Literal(value=value)):
            same = (sign == "==") is outcome
            if same is (value is not None):
                yield name, True
        case Call(name="exists", arguments=(Name() | Path() as name,)) if outcome:
            yield name, False


def _prefixes(node: Name | Path) -> list[Node]:
    if isinstance(node, Name):
        return [node]
    return [node.base, *(Path(node.base, node.parts[: end + 1]) for end in range(len(node.parts)))]
