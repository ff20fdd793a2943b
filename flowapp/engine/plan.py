"""A document laid out for running: every step by its path, with what comes before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flowapp.workflows.document import ActionStep, ConditionStep, Document, lanes

Path = str


@dataclass(frozen=True, kw_only=True)
class Node:
    """A step and its place: the steps of its list, and the step the list belongs to."""

    path: Path
    step: ActionStep | ConditionStep
    siblings: tuple[Path, ...]
    index: int
    parent: Path | None

    @property
    def following(self) -> Path | None:
        """The next step of the same list."""
        return self.siblings[self.index + 1] if self.index + 1 < len(self.siblings) else None


@dataclass(frozen=True)
class Plan:
    """A document laid out; never changed, so that it may be kept for all executions of a version."""

    document: Document
    first: Path
    nodes: Mapping[Path, Node]

    def first_of(self, node: Node, lane: str) -> Path | None:
        """Answer the first step of one of a step's own lists, or None when the list is empty."""
        inside = dict(lanes(node.step))[lane]
        return f"{node.path}.{lane}.{inside[0].id}" if inside else None


def make_plan(document: Document) -> Plan:
    """Lay out a document that has at least one step."""
    nodes: dict[Path, Node] = {}
    _lay_out(document.steps, "", None, nodes)
    return Plan(document, document.steps[0].id, nodes)


def _lay_out(
    steps: tuple[ActionStep | ConditionStep, ...], prefix: str, parent: Path | None, nodes: dict[Path, Node]
) -> None:
    siblings = tuple(f"{prefix}{step.id}" for step in steps)
    for index, (path, step) in enumerate(zip(siblings, steps, strict=True)):
        nodes[path] = Node(path=path, step=step, siblings=siblings, index=index, parent=parent)
        for lane, inside in lanes(step):
            _lay_out(inside, f"{path}.{lane}.", path, nodes)
