"""Why an execution came out as it did, in a sentence or two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flowapp.engine.execution import StepStatus
from flowapp.engine.places import place_of
from flowapp.engine.plan import Path, Plan
from flowapp.workflows.kinds import Action
from flowapp.workflows.sentences import done_sentence, plain_words
from flowapp.workflows.steps.action import ActionStep
from flowapp.workflows.steps.workflow import WorkflowStep


class Story:
    """What was found and what was done, gathered step by step."""

    def __init__(self, plan: Plan, actions: Mapping[str, Action]) -> None:
        self._plan = plan
        self._actions = actions
        self._found: list[str] = []
        self._did: list[str] = []
        self._told: set[Path] = set()

    def add_all(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add the rows of the steps that were done before."""
        for row in rows:
            if row["status"] is StepStatus.COMPLETED and row["error"] is None:
                self.add(row["path"], row["explanation"], row["input"])

    def add(self, path: Path, explanation: str | None, given: object = None) -> None:
        """Add a step that is done; an explanation is what a condition found, or which run it was; `given` its fields.

        Of the turns of a loop, one is told.
        """
        node = self._plan.node(path)
        if place_of(path).scope:
            if node.path in self._told:
                return
            self._told.add(node.path)
        if isinstance(node.step, WorkflowStep):
            self._did.append((explanation or "").removesuffix("."))
        elif explanation:
            self._found.append(explanation)
        elif isinstance(node.step, ActionStep):
            self._did.append(plain_words(done_sentence(node.step, given, self._actions)))

    @property
    def reason(self) -> str:
        """What was found, and what was done because of it: `Days requested was 2, … So: approve the leave request.`"""
        did = ", then ".join([*self._did[:1], *(each[:1].lower() + each[1:] for each in self._did[1:])])
        if not self._found:
            return f"{did}." if did else "Nothing had to be done."
        found = " ".join(self._found)
        return f"{found} So: {did[:1].lower()}{did[1:]}." if did else f"{found} So nothing had to be done."
