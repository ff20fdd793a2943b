"""Plan a shift."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import Field

from flowapp.actions._homes import one_home
from flowapp.actions._shift_fields import Clock, Job, Skills, UnitRef, planned, unit_of
from flowapp.actions._shift_output import ShiftOutput, one_shift, shift_after
from flowapp.rota import shift_changes
from flowapp.rota.shift_plan import ShiftPlan
from flowapp.rota.shift_undoing import call_off
from flowapp.workflows.kinds import Action, ActionFields, Effect, HomeRef, Run, StaffRef, Text


class CreateShift(Action):
    """Plan a shift, open unless it is given to somebody at once.

    Acts with the rights of the workflow's owner; every rule is asked of whoever is given the shift.
    """

    kind = "create_shift"
    label = "Create a shift"
    category = "rota"
    effect = Effect.DB
    undoes = "The shift is cancelled."

    class Fields(ActionFields):
        """What the step is told."""

        home: HomeRef | None = Field(default=None, description="The care home; that of the workflow if empty")
        unit: UnitRef = ""
        role: Job
        date: dt.date = Field(description="The day on which it starts")
        start: Clock
        end: Clock = Field(description="By the clock of the home, such as 20:00; the next day when not after the start")
        skills: Skills = Field(default_factory=list)
        staff_id: StaffRef | None = Field(default=None, description="Whoever is given it at once; open if empty")
        notes: Text = Field(default="", max_length=2000, description="What to note about it")

    Output = ShiftOutput

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say what the step does."""
        times = f"{fields.get('start', '…')} to {fields.get('end', '…')}"
        return f"Create a shift on **{fields.get('date', '…')}** from **{times}**"

    def run(self, fields: Fields, run: Run) -> ShiftOutput:
        """Plan it; raises Refused when the plan makes no sense, or a rule forbids giving it to them."""
        home_id = one_home(run, fields.home)
        given = planned(fields.model_dump(include={"role", "date", "start", "end", "skills", "notes"}))
        plan = ShiftPlan(unit_id=unit_of(run, home_id, fields.unit), **given)
        shift_id = shift_changes.create(
            run.session, run.cause, run.owner, home_id=home_id, plan=plan, staff_id=fields.staff_id
        )
        return ShiftOutput(**shift_after(run, shift_id))

    def undo_note(self, fields: Fields, run: Run) -> dict[str, Any]:
        """Answer nothing yet: there is no shift before."""
        return {}

    def undo_note_afterwards(self, note: dict[str, Any], output: ShiftOutput, run: Run) -> dict[str, Any]:
        """Answer which shift it was, as this step left it."""
        return {"shift_id": output.shift_id, "version": output.version}

    def undo(self, note: dict[str, Any], run: Run) -> str:
        """Cancel it; raises Conflict when it was changed since."""
        with one_shift(note["shift_id"]):
            return call_off(run.session, run.cause, run.owner, note)
