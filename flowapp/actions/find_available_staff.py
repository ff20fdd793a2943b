"""Find who can take a shift."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from flowapp.actions._shift_output import one_shift
from flowapp.rota.eligibility.answer import Availability, availability
from flowapp.rota.eligibility.candidates import candidates
from flowapp.workflows.kinds import Action, ActionFields, ActionOutput, Effect, Run, ShiftRef


class FindAvailableStaff(Action):
    """Find who can take a shift, the best first, and why the others cannot.

    Acts with the rights of the workflow's owner. The best is somebody whom a workflow may put on it, so without a rule
    that somebody would have to overrule.
    """

    kind = "find_available_staff"
    label = "Find who can take a shift"
    category = "rota"
    effect = Effect.READ

    class Fields(ActionFields):
        """What the step is told."""

        shift_id: ShiftRef
        limit: int | None = Field(default=None, ge=1, le=500, description="How many of each list to name; all if empty")

    class Output(Availability, ActionOutput):
        """What later steps may read."""

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say what the step does."""
        return "Find who can take the shift"

    def run(self, fields: Fields, run: Run) -> Output:
        """Ask every rule of everybody; raises NotFound."""
        with one_shift(fields.shift_id):
            found = candidates(run.session, run.owner, fields.shift_id, run.now)
        return self.Output(**availability(found, limit=fields.limit))
