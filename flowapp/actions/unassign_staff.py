"""Take somebody off a shift."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from flowapp.actions._shift_output import ShiftOutput, one_shift, shift_after
from flowapp.kernel.errors import Conflict
from flowapp.rota import shift_changes
from flowapp.rota.eligibility.answer import Reason
from flowapp.rota.shift_reading import visible_shift
from flowapp.rota.shift_undoing import before_changing, give_back
from flowapp.workflows.kinds import Action, ActionFields, Effect, Run, ShiftRef, StaffRef, Text


class UnassignStaff(Action):
    """Take somebody off a shift, which is open again.

    Acts with the rights of the workflow's owner.
    """

    kind = "unassign_staff"
    label = "Take somebody off a shift"
    category = "rota"
    effect = Effect.DB
    undoes = "They have the shift again."

    class Fields(ActionFields):
        """What the step is told."""

        shift_id: ShiftRef
        staff_id: StaffRef
        reason: Text = Field(default="", max_length=500, description="Why; the person may read it")

    class Output(ShiftOutput):
        """What later steps may read."""

        warnings: list[Reason] = Field(description="Always empty: nothing stands in the way of being free")

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say what the step does."""
        return "Take somebody off the shift"

    def run(self, fields: Fields, run: Run) -> Output:
        """Take them off it; raises Conflict when somebody else has it, or nobody."""
        with one_shift(fields.shift_id):
            shift = visible_shift(run.session, run.owner, fields.shift_id)
            if shift.staff_id != fields.staff_id:
                has = f"{shift.staff_name} has" if shift.staff_name else "Nobody has"
                raise Conflict(
                    f"{has} shift number {shift.id}, so member of staff {fields.staff_id} stays as they are."
                )
            shift_changes.unassign(run.session, run.cause, run.owner, shift.id, reason=fields.reason)
            return self.Output(**shift_after(run, shift.id), warnings=[])

    def undo_note(self, fields: Fields, run: Run) -> dict[str, Any]:
        """Answer how the shift stands before; raises NotFound."""
        with one_shift(fields.shift_id):
            return before_changing(run.session, fields.shift_id)

    def undo_note_afterwards(self, note: dict[str, Any], output: Output, run: Run) -> dict[str, Any]:
        """Answer the note with the version that this step left."""
        return note | {"version": output.version}

    def undo(self, note: dict[str, Any], run: Run) -> str:
        """Give it back to them; raises Conflict when it was changed since, Refused when a rule forbids it by now."""
        with one_shift(note["shift_id"]):
            return give_back(run.session, run.cause, run.owner, note)
