"""Cancel a shift."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from flowapp.actions._shift_output import ShiftOutput, one_shift, shift_after
from flowapp.rota import shift_changes
from flowapp.rota.shift_undoing import before_changing, reinstate
from flowapp.workflows.kinds import Action, ActionFields, Effect, Run, ShiftRef, Text


class CancelShift(Action):
    """Cancel a shift that is not needed any more; its record stays, and whoever had it is free.

    Acts with the rights of the workflow's owner.
    """

    kind = "cancel_shift"
    label = "Cancel a shift"
    category = "rota"
    effect = Effect.DB
    undoes = "The shift is planned again, for whoever had it."

    class Fields(ActionFields):
        """What the step is told."""

        shift_id: ShiftRef
        reason: Text = Field(min_length=1, max_length=500, description="Why; whoever had the shift reads it")

    Output = ShiftOutput

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say what the step does, and why."""
        return f"Cancel the shift: **{fields.get('reason') or 'no reason yet'}**"

    def run(self, fields: Fields, run: Run) -> ShiftOutput:
        """Cancel it; raises Conflict when it is cancelled already, or worked."""
        with one_shift(fields.shift_id):
            shift_changes.cancel(run.session, run.cause, run.owner, fields.shift_id, reason=fields.reason)
            return ShiftOutput(**shift_after(run, fields.shift_id))

    def undo_note(self, fields: Fields, run: Run) -> dict[str, Any]:
        """Answer how the shift stands before; raises NotFound."""
        with one_shift(fields.shift_id):
            return before_changing(run.session, fields.shift_id)

    def undo_note_afterwards(self, note: dict[str, Any], output: ShiftOutput, run: Run) -> dict[str, Any]:
        """Answer the note with the version that this step left."""
        return note | {"version": output.version}

    def undo(self, note: dict[str, Any], run: Run) -> str:
        """Plan it again; raises Conflict when it was changed since."""
        with one_shift(note["shift_id"]):
            return reinstate(run.session, run.cause, run.owner, note)
