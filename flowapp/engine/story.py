"""Why an execution came out as it did, in a sentence or two."""

from __future__ import annotations

from collections.abc import Mapping

from flowapp.engine.plan import Path, Plan
from flowapp.workflows.document import ActionStep
from flowapp.workflows.kinds import Action
from flowapp.workflows.sentences import plain_words, step_sentence


class Story:
    """What was found and what was done, gathered step by step."""

    def __init__(self, plan: Plan, actions: Mapping[str, Action]) -> None:
        self._plan = plan
        self._actions = actions
        self._found: list[str] = []
        self._did: list[str] = []

    def add(self, path: Path, explanation: str | None) -> None:
        """Add a step that is settled; an explanation is what a condition found."""
        step = self._plan.nodes[path].step
        if explanation:
            self._found.append(explanation)
        elif isinstance(step, ActionStep) and step.enabled:
            self._did.append(plain_words(step_sentence(step, self._actions)))

    @property
    def reason(self) -> str:
        """What was found, and what was done because of it: `Days requested was 2, … So: approve the leave request.`"""
        did = ", then ".join([*self._did[:1], *(each[:1].lower() + each[1:] for each in self._did[1:])])
        if not self._found:
            return f"{did}." if did else "Nothing had to be done."
        found = " ".join(self._found)
        return f"{found} So: {did[:1].lower()}{did[1:]}." if did else f"{found} So nothing had to be done."
