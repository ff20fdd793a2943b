"""Workflows over the API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can, require
from flowapp.accounts.people import On
from flowapp.accounts.users import User
from flowapp.api.bodies import body_as
from flowapp.api.filters import asked_home, asked_text, asked_word
from flowapp.api.lists import page_of
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.workflows import (
    ExecuteBody,
    ExecutionStarted,
    SwitchBody,
    WorkflowAnswer,
    WorkflowPage,
    WorkflowQuery,
)
from flowapp.api.versions import seen_version, tagged
from flowapp.engine.manual import start_by_hand
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import NotAllowed
from flowapp.rota.homes import CareHome
from flowapp.workflows.called import names_in
from flowapp.workflows.document import Category, Document
from flowapp.workflows.drafting import draft_of
from flowapp.workflows.sentences import summary
from flowapp.workflows.switching import Switch, switch
from flowapp.workflows.visible import document_of, visible
from flowapp.workflows.workflow import Workflow, WorkflowStatus, runnable, workflow


def add_to(bp: Blueprint) -> None:
    """Add the calls about workflows."""
    bp.add_url_rule("/workflows", view_func=list_workflows, methods=["GET"])
    bp.add_url_rule("/workflows/<int:workflow_id>", view_func=show_workflow, methods=["GET"])
    bp.add_url_rule("/workflows/<int:workflow_id>/execute", view_func=execute_workflow, methods=["POST"])
    bp.add_url_rule("/workflows/<int:workflow_id>/activate", view_func=activate_workflow, methods=["POST"])
    bp.add_url_rule("/workflows/<int:workflow_id>/pause", view_func=pause_workflow, methods=["POST"])
    bp.add_url_rule("/workflows/<int:workflow_id>", view_func=archive_workflow, methods=["DELETE"])
    bp.add_url_rule("/workflows/<int:workflow_id>/restore", view_func=restore_workflow, methods=["POST"])


@allow("workflow.view")
@documented(Call(query=WorkflowQuery, answer=WorkflowPage))
def list_workflows() -> Response:
    """Answer the workflows of one's homes by name; archived ones only where `status` asks for them."""
    found = visible(reading(), person(), asked_word("status", WorkflowStatus))
    if category := asked_word("category", Category):
        found = [each for each in found if each.category == category]
    if (home := asked_home(reading())) is not None:
        found = [each for each in found if each.home_id == home]
    if text := asked_text("q").lower():
        found = [each for each in found if text in each.name.lower()]

    def fetch(limit: int, after: int | None) -> list[Workflow]:
        start = next((n + 1 for n, each in enumerate(found) if each.id == after), 0)
        return found[start : start + limit]

    return jsonify(page_of(fetch, lambda each: each.id, lambda each: as_body(reading(), each)))


@allow("workflow.view")
@documented(Call(answer=WorkflowAnswer))
def show_workflow(workflow_id: int) -> Response:
    """Answer one workflow with its document; its `rev` is the ETag."""
    found = load(workflow_id, "workflow.view")
    return tagged(jsonify(as_body(reading(), found)), found.rev)


@allow("workflow.run", scope="run")
@documented(Call(body=ExecuteBody, answer=ExecutionStarted, status=202, once=True, conflict=True))
def execute_workflow(workflow_id: int) -> tuple[Response, int, dict[str, str]]:
    """Start a workflow; the same Idempotency-Key starts it once."""
    found = runnable(reading(), workflow_id)
    _let(found.home_id, "workflow.run")
    body, cause, key = body_as(ExecuteBody), cause_of(), request.headers.get("Idempotency-Key")

    def write(session: Session) -> int:
        given = body.context | body.inputs
        return start_by_hand(flow().parts, session, cause, found.id, triggers=flow().triggers, inputs=given)

    execution_id = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    address = url_for("api.show_execution", execution_id=execution_id)
    return jsonify({"execution_id": execution_id, "url": address}), 202, {"Location": address}


@allow("workflow.edit", scope="edit")
@documented(Call(body=SwitchBody, answer=WorkflowAnswer, if_match="may", once=True, conflict=True))
def activate_workflow(workflow_id: int) -> Response:
    """Switch a paused workflow on again."""
    return _switched(workflow_id, Switch.ACTIVATE, body_as(SwitchBody))


@allow("workflow.edit", scope="edit")
@documented(Call(body=SwitchBody, answer=WorkflowAnswer, if_match="may", once=True, conflict=True))
def pause_workflow(workflow_id: int) -> Response:
    """Pause a workflow: what would start it is noted and not run; what runs goes on."""
    return _switched(workflow_id, Switch.PAUSE, body_as(SwitchBody))


@allow("workflow.edit", scope="edit")
@documented(Call(body=SwitchBody, answer=WorkflowAnswer, if_match="may", once=True, conflict=True))
def archive_workflow(workflow_id: int) -> Response:
    """Archive a workflow; it is kept with its runs."""
    return _switched(workflow_id, Switch.ARCHIVE, body_as(SwitchBody))


@allow("workflow.edit", scope="edit")
@documented(Call(body=SwitchBody, answer=WorkflowAnswer, if_match="may", once=True, conflict=True))
def restore_workflow(workflow_id: int) -> Response:
    """Bring an archived workflow back; it is paused, or a draft if it was never published."""
    return _switched(workflow_id, Switch.RESTORE, body_as(SwitchBody))


def _switched(workflow_id: int, way: Switch, body: SwitchBody) -> Response:
    """Switch a workflow once, however often the same call arrives, and answer it as it is then."""
    load(workflow_id, "workflow.edit")
    seen, who, cause, key = seen_version(), person(), cause_of(), request.headers.get("Idempotency-Key")
    actions, triggers = flow().actions, flow().triggers

    def write(session: Session) -> int:
        return switch(
            session, cause, who, workflow_id, way, actions=actions, triggers=triggers, reason=body.reason, seen=seen
        )

    change(lambda session: once(session, key, cause.at, lambda: write(session)))
    found = workflow(reading(), workflow_id)
    return tagged(jsonify(as_body(reading(), found)), found.rev)


def load(workflow_id: int, permission: str) -> Workflow:
    """Answer a workflow with which one may do this; raises NotFound or NotAllowed."""
    found = workflow(reading(), workflow_id)
    _let(found.home_id, permission)
    return found


def _let(home_id: int | None, permission: str) -> None:
    if home_id is not None:
        require(person(), permission, On(home_id=home_id))
    elif permission != "workflow.view" and not can(person(), permission, On(home_id=None)):
        raise NotAllowed("This workflow is the organisation's; somebody responsible for all of it may do this.")


def as_body(session: Session, found: Workflow) -> dict[str, Any]:
    """Write a workflow as JSON."""
    document, number = document_of(session, found)
    draft = draft_of(session, found)
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
        "paused_at": found.paused_at,
        "paused_reason": found.paused_reason,
        "failing_since": found.failing_since,
        "failures_in_a_row": found.failures_in_a_row,
        "version": number if found.current_version else None,
        "draft": draft.number if draft else None,
        "summary": summary_of(document),
        "document": document.as_data(),
        "created_at": found.created_at,
        "updated_at": found.updated_at,
    }


def summary_of(document: Document) -> str:
    """Say what a document does, in words that whoever asks may read."""
    return summary(document, flow().actions, flow().triggers, names_in(reading(), person(), document))
