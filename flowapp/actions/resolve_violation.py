"""Say that a broken rule was put right."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from flowapp.actions._duty_output import ViolationOutput, violation_facts
from flowapp.kernel.errors import NotFound
from flowapp.rota.compliance import changes
from flowapp.rota.compliance.reading import KnownViolation, violation_as_it_is, visible_violation
from flowapp.workflows.kinds import Action, ActionFields, Effect, Run, Text


class ResolveViolation(Action):
    """Say that a broken rule was put right, and how.

    Acts with the rights of the workflow's owner.
    """

    kind = "resolve_violation"
    label = "Resolve a violation"
    category = "rota"
    effect = Effect.DB
    undoes = "The violation counts as broken again."

    class Fields(ActionFields):
        """What the step is told."""

        violation_id: int = Field(description="Which violation; usually ${context.violation_id}")
        resolution: Text = Field(min_length=1, max_length=2000, description="How it was put right")

    Output = ViolationOutput

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say what the step does."""
        return f"Resolve the violation: **{fields.get('resolution', '')}**"

    def run(self, fields: Fields, run: Run) -> ViolationOutput:
        """Put it right; raises Conflict when it is over already."""
        self._load(fields.violation_id, run)
        changes.resolve(run.session, run.cause, run.owner, fields.violation_id, resolution=fields.resolution)
        return ViolationOutput(**violation_facts(violation_as_it_is(run.session, fields.violation_id)))

    def undo_note(self, fields: Fields, run: Run) -> dict[str, Any]:
        """Answer how the violation stands before."""
        known = self._load(fields.violation_id, run)
        return {"violation_id": known.id, "status": known.status.value, "version": known.version}

    def undo(self, note: dict[str, Any], run: Run) -> str:
        """Let it count as broken again; raises Conflict when it was changed, or found again, since."""
        self._load(note["violation_id"], run)
        changes.back_to(run.session, run.cause, run.owner, note["violation_id"], note_of=note)
        return "The violation counts as broken again."

    def _load(self, violation_id: int, run: Run) -> KnownViolation:
        try:
            return visible_violation(run.session, run.owner, violation_id)
        except NotFound as error:
            raise NotFound(f"There is no violation number {violation_id}.") from error
