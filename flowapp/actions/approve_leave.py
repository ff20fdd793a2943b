"""Approve a leave request."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from flowapp.actions._leave_output import DecidedLeave, decided_leave, one_leave_request
from flowapp.messaging.in_app import notify
from flowapp.rota import leave_decisions
from flowapp.rota.leave_reopening import before_deciding, reopen
from flowapp.workflows.kinds import Action, ActionFields, Effect, LeaveRequestRef, Run, Text


class ApproveLeave(Action):
    """Approve a leave request: the hours are taken from the balance, and the rota is told.

    Acts with the rights of the workflow's owner, who may not decide their own leave.
    """

    kind = "approve_leave"
    label = "Approve leave"
    category = "rota"
    effect = Effect.DB
    undoes = "The leave request waits for a decision again, and its hours are given back."

    class Fields(ActionFields):
        """What the step is told."""

        leave_request_id: LeaveRequestRef
        reason: Text = Field(default="", max_length=500, description="Why; the person reads it")

    Output = DecidedLeave

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say what the step does."""
        return "Approve the leave request"

    def run(self, fields: Fields, run: Run) -> DecidedLeave:
        """Approve it; raises Refused when a rule forbids it, Conflict when it is decided already."""
        with one_leave_request(fields.leave_request_id):
            found = leave_decisions.approve(
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
