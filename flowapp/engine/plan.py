"""A document laid out for running: every step by its path in the document, with what comes after and inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from flowapp.engine.places import Path, place_of
from flowapp.workflows.document import AnyStep, Document, lane_prefix, lanes

__all__ = ["Node", "Path", "Plan", "make_plan"]


@dataclass(frozen=True, kw_only=True)
class Node:
    """A step and its place: the id of the next step of its list, and of the first of each list inside it."""

    path: Path
    step: AnyStep
    following: str | None
    firsts: Mapping[str, str | None]


@dataclass(frozen=True)
class Plan:
    """A document laid out; never changed, so that it may be kept for all executions of a version."""

    document: Document
    first: Path
    nodes: Mapping[Path, Node]  # by their paths in the document, turns written as `[]`

    @cached_property
    def looks_elsewhere(self) -> bool:
        """Whether one of its steps waits for events or starts other workflows."""
        return any(node.step.type in ("wait", "workflow") for node in self.nodes.values())

    def node(self, path: Path) -> Node:
        """Answer the step that a path leads to."""
        return self.nodes.get(path) or self.nodes[place_of(path).static]


def make_plan(document: Document) -> Plan:
    """Lay out a document; one without steps can be looked at, and not run."""
    nodes: dict[Path, Node] = {}
    _lay_out(document.steps, "", nodes)
    return Plan(document, document.steps[0].id if document.steps else "", nodes)


def _lay_out(steps: tuple[AnyStep, ...], prefix: str, nodes: dict[Path, Node]) -> None:
    for index, step in enumerate(steps):
        path = f"{prefix}{step.id}"
        inside = dict(lanes(step))
        following = steps[index + 1].id if index + 1 < len(steps) else None
        firsts = {lane: each[0].id if each else None for lane, each in inside.items()}
        nodes[path] = Node(path=path, step=step, following=following, firsts=firsts)
        for lane, each in inside.items():
            _lay_out(each, lane_prefix(path, lane), nodes)
