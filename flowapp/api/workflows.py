"""Workflows over the API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.accounts.users import User
from flowapp.api.bodies import body_as
from flowapp.engine.manual import start_by_hand
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import flow, reading
from flowapp.rota.homes import CareHome
from flowapp.workflows.document import Document
from flowapp.workflows.sentences import summary
from flowapp.workflows.visible import document_of, visible
from flowapp.workflows.workflow import Workflow, workflow


class ExecuteBody(BaseModel):
    """What a workflow is started with; `context` and `inputs` are put together."""

    model_config = ConfigDict(extra="forbid")

    context: dict[str, Any] = Field(default_factory=dict)
    inputs: dict[str, Any] = Field(default_factory=dict)


def add_to(bp: Blueprint) -> None:
    """Add the calls about workflows."""
    bp.add_url_rule("/workflows", view_func=list_workflows, methods=["GET"])
    bp.add_url_rule("/workflows/<int:workflow_id>", view_func=show_workflow, methods=["GET"])
    bp.add_url_rule("/workflows/<int:workflow_id>/execute", view_func=execute_workflow, methods=["POST"])


@allow("workflow.view")
def list_workflows() -> Response:
    """Answer the workflows of one's homes by name."""
    found = visible(reading(), person())
    text = request.args.get("q", "").strip().lower()
    if status := request.args.get("status"):
        found = [each for each in found if each.status == status]
    if category := request.args.get("category"):
        found = [each for each in found if each.category == category]
    if text:
        found = [each for each in found if text in each.name.lower()]
    return jsonify({"items": [as_body(reading(), each) for each in found], "next": None})


@allow("workflow.view")
def show_workflow(workflow_id: int) -> Response:
    """Answer one workflow with its document."""
    return jsonify(as_body(reading(), _load(workflow_id, "workflow.view")))


@allow("workflow.run", scope="run")
def execute_workflow(workflow_id: int) -> tuple[Response, int, dict[str, str]]:
    """Start a workflow; the same Idempotency-Key starts it once."""
    found = _load(workflow_id, "workflow.run")
    body, cause, key = body_as(ExecuteBody), cause_of(), request.headers.get("Idempotency-Key")

    def write(session: Session) -> int:
        given = body.context | body.inputs
        return start_by_hand(flow().parts, session, cause, found.id, triggers=flow().triggers, inputs=given)

    execution_id = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    address = url_for("api.show_execution", execution_id=execution_id)
    return jsonify({"execution_id": execution_id, "url": address}), 202, {"Location": address}


def _load(workflow_id: int, permission: str) -> Workflow:
    found = workflow(reading(), workflow_id)
    if found.home_id is not None or permission != "workflow.view":
        require(person(), permission, On(home_id=found.home_id, staff_id=None))
    return found


def as_body(session: Session, found: Workflow) -> dict[str, Any]:
    """Write a workflow as JSON."""
    document, number = document_of(session, found)
    home = session.get(CareHome, found.home_id) if found.home_id else None
    owner = session.get(User, found.owner_id)
    return {
        "id": found.id,
        "uid": found.uid,
        "name": found.name,
        "category": found.category,
        "status": found.status,
        "home": home.code if home else None,
        "owner": owner.name if owner else None,
        "rev": found.rev,
        "version": number if found.current_version else None,
        "summary": _summary(document),
        "document": document.as_data(),
        "created_at": found.created_at,
        "updated_at": found.updated_at,
    }


def _summary(document: Document) -> str:
    return summary(document, flow().actions, flow().triggers)
