"""Change a shift."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import Field

from flowapp.actions._homes import one_home
from flowapp.actions._shift_fields import Clock, Job, Skills, UnitRef, planned, unit_of
from flowapp.actions._shift_output import ShiftOutput, one_shift, shift_fields
from flowapp.rota import shift_changes
from flowapp.rota.shift_plan import differences
from flowapp.rota.shift_reading import shift_as_it_is, visible_shift
from flowapp.rota.shift_undoing import before_changing, plan_as_before
from flowapp.workflows.kinds import (
    Action,
    ActionFields,
    Effect,
    HomeRef,
    Run,
    ShiftRef,
    StaffRef,
    StepFailed,
    Text,
)

PLAN = ("role", "date", "start", "end", "skills", "notes")


class UpdateShift(Action):
    """Change a shift: its day, its times, the job it needs or whoever has it; what is left out stays.

    Acts with the rights of the workflow's owner; whoever has the shift must still be able to work it.
    """

    kind = "update_shift"
    label = "Change a shift"
    category = "rota"
    effect = Effect.DB
    undoes = "The shift is planned as it was before."

    class Fields(ActionFields):
        """What the step is told."""

        shift_id: ShiftRef
        home: HomeRef | None = Field(default=None, description="The care home; it has to be the home it is in")
        unit: UnitRef | None = Field(default=None, description="A unit of the home: its name or number")
        role: Job | None = Field(default=None, description="The job it needs, such as Carer or SCW")
        date: dt.date | None = Field(default=None, description="The day on which it starts")
        start: Clock | None = Field(default=None, description="By the clock of the home, such as 08:00")
        end: Clock | None = Field(default=None, description="By the clock of the home, such as 20:00")
        skills: Skills | None = Field(default=None, description="Codes of the training it needs, such as MEDICATION")
        staff_id: StaffRef | None = Field(default=None, description="Whoever is given it instead")
        notes: Text | None = Field(default=None, max_length=2000, description="What to note about it")

    class Output(ShiftOutput):
        """What later steps may read."""

        changes: list[str] = Field(description="The names of the fields that have another value now")

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say what the step does."""
        named = [name for name in ("unit", *PLAN, "staff_id") if name in fields]
        return f"Change the shift: **{', '.join(named).replace('staff_id', 'who has it') or 'nothing yet'}**"

    def run(self, fields: Fields, run: Run) -> Output:
        """Change it; raises Refused when the plan makes no sense, or whoever has it could not work it so."""
        with one_shift(fields.shift_id):
            before = visible_shift(run.session, run.owner, fields.shift_id)
            self._check_home(fields, run, before.home_id)
            given = planned(fields.model_dump(include={*PLAN}, exclude_none=True))
            if fields.unit is not None:
                given["unit_id"] = unit_of(run, before.home_id, fields.unit)
            if given:
                shift_changes.update(run.session, run.cause, run.owner, before.id, **given)
            if fields.staff_id is not None and fields.staff_id != before.staff_id:
                shift_changes.assign(
                    run.session, run.cause, run.owner, before.id, staff_id=fields.staff_id, replacing=before.staff_id
                )
            after = shift_as_it_is(run.session, before.id)
        changes = [each.field for each in differences(before.plan, after.plan)]
        changes += ["staff_id"] if before.staff_id != after.staff_id else []
        return self.Output(**shift_fields(after), changes=changes)

    def undo_note(self, fields: Fields, run: Run) -> dict[str, Any]:
        """Answer how the shift was planned before; raises NotFound."""
        with one_shift(fields.shift_id):
            return before_changing(run.session, fields.shift_id)

    def undo_note_afterwards(self, note: dict[str, Any], output: Output, run: Run) -> dict[str, Any] | None:
        """Answer the note with the version that this step left; None when nothing was changed."""
        return note | {"version": output.version} if output.changes else None

    def undo(self, note: dict[str, Any], run: Run) -> str:
        """Plan it as before; raises Conflict when it was changed since."""
        with one_shift(note["shift_id"]):
            return plan_as_before(run.session, run.cause, run.owner, note)

    @staticmethod
    def _check_home(fields: Any, run: Run, home_id: int) -> None:
        if fields.home is not None and one_home(run, fields.home) != home_id:
            message = "A shift stays in its home. Cancel it, and create one in the other home."
            raise StepFailed("another_home", message)
