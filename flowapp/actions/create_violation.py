"""Write down that a rule is broken."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from flowapp.actions._duty_output import CreatedViolation, MaybeDay, MaybeNumber, violation_facts
from flowapp.rota.compliance.raising import Report, report, unreport
from flowapp.rota.compliance.reading import violation_as_it_is
from flowapp.rota.compliance.rule import SHIPPED, Severity
from flowapp.rota.compliance.violation import LONGEST_DESCRIPTION
from flowapp.workflows.kinds import Action, ActionFields, Effect, Run, Text


class CreateViolation(Action):
    """Write down that a rule is broken: it appears under Compliance until it is put right.

    What is broken already is not written a second time.
    """

    kind = "create_violation"
    label = "Record a violation"
    category = "rota"
    effect = Effect.DB
    undoes = "The violation is taken out again, if nobody has touched it."

    class Fields(ActionFields):
        """What the step is told."""

        rule: Text = Field(min_length=1, max_length=40, description="The code of the rule, such as WTD_48_HOURS")
        severity: Severity = Field(description="How bad it is: info, low, medium, high or critical")
        description: Text = Field(min_length=1, max_length=LONGEST_DESCRIPTION, description="What is broken")
        staff_id: MaybeNumber = Field(default=None, description="Whoever it is about")
        shift_id: MaybeNumber = Field(default=None, description="The shift it is about")
        certificate_id: MaybeNumber = Field(default=None, description="The certificate it is about")
        due_on: MaybeDay = Field(default=None, description="The day by which it should be put right")

    Output = CreatedViolation

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say which rule is said to be broken."""
        code = str(fields.get("rule", ""))
        name = SHIPPED[code].name if code in SHIPPED else "a rule" if "${" in code else code
        what = str(fields.get("description", ""))
        return f"Record that **{name}** is broken" + (f": {what}" if what and "${" not in what else "")

    def run(self, fields: Fields, run: Run) -> CreatedViolation:
        """Write it down, or answer the one that is there; raises Refused for a rule that there is not."""
        named = fields.staff_id is not None or fields.shift_id is not None
        told = Report(**fields.model_dump(), home_id=None if named else run.home_id)
        made = report(run.session, run.cause, run.owner, told)
        facts = violation_facts(violation_as_it_is(run.session, made.violation_id))
        return CreatedViolation(**facts, created=made.created)

    def undo_note(self, fields: Fields, run: Run) -> dict[str, Any]:
        """Answer what is known before: nothing."""
        return {}

    def undo_note_afterwards(self, note: Any, output: CreatedViolation, run: Run) -> Any:
        """Answer which violation was written; None where it was there already."""
        return {"violation_id": output.violation_id} if output.created else None

    def undo(self, note: dict[str, Any], run: Run) -> str:
        """Take it out again; raises Conflict when somebody has touched it."""
        unreport(run.session, run.cause, run.owner, note["violation_id"])
        return "The violation is taken out again."
