"""Switching a workflow on and off, archiving it and bringing it back."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import Refused
from flowapp.web.page import go_to, show
from flowapp.web.workflows.switching import DONE, TOGGLES, switch_page
from flowapp.workflows.switching import Switch, editable, leads_to, switch
from flowapp.workflows.workflow import Workflow

bp = Blueprint("workflow_switching", __name__, url_prefix="/workflows/<int:workflow_id>")


@bp.post("/toggle/")
@allow("workflow.edit")
def toggle_now(workflow_id: int) -> Response:
    """Switch a workflow on or off; the form says which, so that two who press it do not undo each other's."""
    found = editable(reading(), person(), workflow_id)
    asked = request.form.get("way", "")
    return _switch(found, Switch(asked) if asked in set(TOGGLES.values()) else TOGGLES[found.status])


@bp.get("/delete/")
@allow("workflow.edit")
def delete(workflow_id: int) -> Response:
    """Ask before a workflow is archived."""
    found = editable(reading(), person(), workflow_id)
    leads_to(Switch.ARCHIVE, found)
    return show("workflows/switch.html", switch_page(found, Switch.ARCHIVE))


@bp.post("/delete/")
@allow("workflow.edit")
def delete_now(workflow_id: int) -> Response:
    """Archive a workflow; nothing of it is lost."""
    return _switch(editable(reading(), person(), workflow_id), Switch.ARCHIVE)


def _switch(found: Workflow, way: Switch) -> Response:
    workflow_id, who, cause = found.id, person(), cause_of()
    reason, seen = request.form.get("reason", ""), request.form.get("rev", type=int)
    actions, triggers = flow().actions, flow().triggers

    def write(session: Session) -> int:
        return switch(
            session, cause, who, workflow_id, way, actions=actions, triggers=triggers, reason=reason, seen=seen
        )

    try:
        change(write)
    except Refused as refused:
        errors = {problem.path: problem.message for problem in refused.problems}
        if set(errors) != {"reason"}:
            raise
        return show("workflows/switch.html", switch_page(found, way, reason=reason, errors=errors), status=422)
    flash(DONE[way], "success")
    return go_to(url_for("workflows.show_workflow", workflow_id=workflow_id))
