"""Turn a leave request down."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from flowapp.actions._leave_output import DecidedLeave, decided_leave, one_leave_request
from flowapp.messaging.in_app import notify
from flowapp.rota import leave_decisions
from flowapp.rota.leave_reopening import before_deciding, reopen
from flowapp.workflows.kinds import Action, ActionFields, Effect, LeaveRequestRef, Run, Text


class RejectLeave(Action):
    """Turn a leave request down; the reason is required, because the person reads it.

    Acts with the rights of the workflow's owner, who may not decide their own leave.
    """

    kind = "reject_leave"
    label = "Turn leave down"
    category = "rota"
    effect = Effect.DB
    undoes = "The leave request waits for a decision again."

    class Fields(ActionFields):
        """What the step is told."""

        leave_request_id: LeaveRequestRef
        reason: Text = Field(min_length=1, max_length=500, description="Why; the person reads it")

    Output = DecidedLeave

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say what the step does, and why."""
        return f"Turn the leave request down: **{fields.get('reason') or 'no reason yet'}**"

    def run(self, fields: Fields, run: Run) -> DecidedLeave:
        """Turn it down; raises Conflict when it is decided already."""
        with one_leave_request(fields.leave_request_id):
            found = leave_decisions.reject(
                run.session, run.cause, run.owner, fields.leave_request_id, reason=fields.reason
            )
        return decided_leave(found, run)

    def undo_note(self, fields: Fields, run: Run) -> dict[str, Any]:
        """Answer how the request stands before the decision; raises NotFound."""
        with one_leave_request(fields.leave_request_id):
            return before_deciding(run.session, fields.leave_request_id)

    def undo(self, note: dict[str, Any], run: Run) -> str:
        """Take the decision back; raises Conflict when the request was changed since, or the leave has begun."""
        with one_leave_request(note["leave_request_id"]):
            return reopen(run.session, run.cause, run.owner, note, tell=notify)
