"""Give a shift to somebody."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from flowapp.actions._shift_output import ShiftOutput, one_shift, shift_after
from flowapp.rota import shift_changes
from flowapp.rota.eligibility.answer import Reason, reasons
from flowapp.rota.eligibility.finding import Mode
from flowapp.rota.shift_assigning import Overruling
from flowapp.rota.shift_undoing import before_changing, take_off_again
from flowapp.workflows.kinds import Action, ActionFields, Effect, Run, ShiftRef, StaffRef, Text


class AssignStaff(Action):
    """Give an open shift to somebody who can take it.

    Acts with the rights of the workflow's owner. Every rule is asked again as it happens; a workflow overrules none.
    """

    kind = "assign_staff"
    label = "Give a shift to somebody"
    category = "rota"
    effect = Effect.DB
    undoes = "The shift is open again."

    class Fields(ActionFields):
        """What the step is told."""

        shift_id: ShiftRef
        staff_id: StaffRef
        reason: Text = Field(default="", max_length=500, description="Why them; kept with the shift")

    class Output(ShiftOutput):
        """What later steps may read."""

        warnings: list[Reason] = Field(description="What is to be known of it all the same")

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say what the step does."""
        return "Give the shift to somebody"

    def run(self, fields: Fields, run: Run) -> Output:
        """Give it to them; raises Refused with every rule that forbids it, Conflict when it is not open."""
        with one_shift(fields.shift_id):
            grounds = shift_changes.assign(
                run.session,
                run.cause,
                run.owner,
                fields.shift_id,
                staff_id=fields.staff_id,
                overruling=Overruling(reason=fields.reason),
            )
            warnings = tuple(each for each in grounds.findings if each.mode is Mode.WARN)
            return self.Output(
                **shift_after(run, fields.shift_id), warnings=[Reason(**each) for each in reasons(warnings)]
            )

    def undo_note(self, fields: Fields, run: Run) -> dict[str, Any]:
        """Answer how the shift stands before; raises NotFound."""
        with one_shift(fields.shift_id):
            return before_changing(run.session, fields.shift_id)

    def undo_note_afterwards(self, note: dict[str, Any], output: Output, run: Run) -> dict[str, Any]:
        """Answer the note with the version that this step left."""
        return note | {"version": output.version}

    def undo(self, note: dict[str, Any], run: Run) -> str:
        """Take them off it; raises Conflict when it was changed since."""
        with one_shift(note["shift_id"]):
            return take_off_again(run.session, run.cause, run.owner, note)
