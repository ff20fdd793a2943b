"""What the checker finds, with its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from flowapp.expressions.errors import Fault
from flowapp.expressions.nodes import Node


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or odd; lines and columns count from 1.

    Codes are those of ExpressionError, and for warnings also `may_be_missing`, `may_not_have_run`,
    `never_equal`, `always_yes` and `always_no`.
    """

    code: str
    message: str
    line: int
    column: int
    length: int
    suggestion: str | None = None


@dataclass(slots=True)
class Findings:
    """The findings of one text, in the order of their places, each once."""

    text: str
    problems: list[tuple[int, Finding]] = field(default_factory=list)
    warnings: list[tuple[int, Finding]] = field(default_factory=list)

    def problem(self, fault: Fault) -> None:
        """Add what must be mended."""
        self._add(self.problems, fault, fault.code)

    def warn(self, code: str, message: str, node: Node, suggestion: str | None = None) -> None:
        """Add what is only odd."""
        fault = Fault("syntax", message, suggestion=suggestion, start=node.start, end=node.end)
        self._add(self.warnings, fault, code)

    def _add(self, kept: list[tuple[int, Finding]], fault: Fault, code: str) -> None:
        error = fault.error(self.text)
        finding = Finding(code, error.message, error.line, error.column, error.length, error.suggestion)
        if all(finding != other for _, other in kept):
            kept.append((max(fault.start, 0), finding))
            kept.sort(key=lambda pair: pair[0])
