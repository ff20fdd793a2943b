"""Writing workflows over the API: drafts, publishing, and the versions there were."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.users import User
from flowapp.api.bodies import body_as
from flowapp.api.lists import page_of
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.run_changes import NothingMore
from flowapp.api.schemas.values import ListQuery
from flowapp.api.schemas.workflow_authoring import (
    DraftBody,
    PublishBody,
    PublishedAnswer,
    VersionAnswer,
    VersionPage,
    WorkflowBody,
)
from flowapp.api.schemas.workflows import WorkflowAnswer
from flowapp.api.versions import needed_version, seen_version, tagged
from flowapp.api.workflows import as_body, load, summary_of
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.numbers import LARGEST
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import NotFound
from flowapp.rota.homes import CareHome
from flowapp.workflows import drafting
from flowapp.workflows.reading import kept_document, read_document
from flowapp.workflows.switching import require_editing
from flowapp.workflows.workflow import Version, Workflow, version, workflow

EDIT = "workflow.edit"


def add_to(bp: Blueprint) -> None:
    """Add the calls that write workflows."""
    one = "/workflows/<int:workflow_id>"
    bp.add_url_rule("/workflows", view_func=create_workflow, methods=["POST"])
    bp.add_url_rule(f"{one}/draft", view_func=save_workflow_draft, methods=["PUT"])
    bp.add_url_rule(f"{one}/publish", view_func=publish_workflow, methods=["POST"])
    bp.add_url_rule(f"{one}/versions", view_func=list_workflow_versions, methods=["GET"])
    bp.add_url_rule(f"{one}/versions/<int:number>", view_func=show_workflow_version, methods=["GET"])
    bp.add_url_rule(f"{one}/versions/<int:number>/restore", view_func=restore_workflow_version, methods=["POST"])


@allow(EDIT, scope="edit")
@documented(Call(body=WorkflowBody, answer=WorkflowAnswer, status=201, once=True))
def create_workflow() -> tuple[Response, int, dict[str, str]]:
    """Make a workflow, a draft at first; it acts with the rights of whoever makes it."""
    body, who, cause, key = body_as(WorkflowBody), person(), cause_of(), request.headers.get("Idempotency-Key")
    home_id = None if body.home is None else _home(reading(), body.home)
    require_editing(who, home_id)
    document = read_document(body.document)

    def write(session: Session) -> int:
        return drafting.begin_draft(session, cause, who, document, home_id=home_id)

    made = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return _answer(made), 201, {"Location": url_for("api.show_workflow", workflow_id=made)}


@allow(EDIT, scope="edit")
@documented(Call(body=DraftBody, answer=WorkflowAnswer, if_match="must", conflict=True))
def save_workflow_draft(workflow_id: int) -> Response:
    """Write the draft of a workflow.

    What is published goes on as it is until the draft is published; runs keep the version they began with.
    """
    load(workflow_id, EDIT)
    seen, who, cause = needed_version(), person(), cause_of()
    document = read_document(body_as(DraftBody).document)
    change(lambda session: drafting.save_draft(session, cause, who, workflow_id, document, seen=seen))
    return _answer(workflow_id)


@allow(EDIT, scope="edit")
@documented(Call(body=PublishBody, answer=PublishedAnswer, if_match="may", once=True, conflict=True))
def publish_workflow(workflow_id: int) -> Response:
    """Publish the draft; the first time, this switches the workflow on.

    Whoever publishes what acts with rights they do not have becomes its owner, and it acts with theirs.
    """
    load(workflow_id, EDIT)
    seen, who, note, actions, triggers = (
        seen_version(),
        person(),
        body_as(PublishBody).note,
        flow().actions,
        flow().triggers,
    )
    cause = cause_of()

    def act(session: Session) -> int:
        return drafting.publish_draft(
            session, cause, who, workflow_id, actions=actions, triggers=triggers, note=note, seen=seen
        )

    number = _once(act)
    return tagged(jsonify({"version": number}), workflow(reading(), workflow_id).rev)


@allow("workflow.view")
@documented(Call(query=ListQuery, answer=VersionPage))
def list_workflow_versions(workflow_id: int) -> Response:
    """Answer the versions of a workflow, the newest first; one without `published_at` is the draft."""
    found = load(workflow_id, "workflow.view")

    def fetch(limit: int, after: int | None) -> list[Version]:
        query = select(Version).where(Version.workflow_id == found.id).order_by(Version.number.desc()).limit(limit)
        return list(reading().scalars(query.where(Version.number < after) if after else query))

    return jsonify(page_of(fetch, lambda each: each.number, lambda each: _row(found, each)))


@allow("workflow.view")
@documented(Call(answer=VersionAnswer))
def show_workflow_version(workflow_id: int, number: int) -> Response:
    """Answer one version of a workflow with its document."""
    found = load(workflow_id, "workflow.view")
    kept = version(reading(), found.id, number)
    document = kept_document(kept.document)
    return jsonify(_row(found, kept) | {"summary": summary_of(document), "document": document.as_data()})


@allow(EDIT, scope="edit")
@documented(Call(body=NothingMore, answer=WorkflowAnswer, if_match="may", once=True, conflict=True))
def restore_workflow_version(workflow_id: int, number: int) -> Response:
    """Make an earlier version the draft; publish it to let it run. A draft that was there gives way to it."""
    load(workflow_id, EDIT)
    body_as(NothingMore)
    seen, who, cause = seen_version(), person(), cause_of()

    def act(session: Session) -> int:
        drafting.restore_version(session, cause, who, workflow_id, number, seen=seen)
        return workflow_id

    return _answer(_once(act))


def _once(act: Callable[[Session], int]) -> int:
    """Change a workflow once, however often the same call arrives."""
    key, at = request.headers.get("Idempotency-Key"), flow().clock.now()
    number: int = change(lambda session: once(session, key, at, lambda: act(session)))
    return number


def _answer(workflow_id: int) -> Response:
    found = workflow(reading(), workflow_id)
    return tagged(jsonify(as_body(reading(), found)), found.rev)


def _home(session: Session, named: str | int) -> int:
    """Answer the number of a home; one that does not exist is answered like one that somebody may not see."""
    text = str(named).strip()
    if text.isdecimal() and len(text) < len(str(LARGEST)):
        where = CareHome.id == int(text)
    else:
        where = CareHome.code == text.upper()
    found = session.scalar(select(CareHome.id).where(where))
    if found is None:
        raise NotFound
    return found


def _row(found: Workflow, kept: Version) -> dict[str, Any]:
    by = reading().get(User, kept.published_by_id) if kept.published_by_id else None
    return {
        "number": kept.number,
        "name": kept_document(kept.document).name,
        "current": kept.number == found.current_version,
        "note": kept.note,
        "published_at": kept.published_at,
        "published_by": by.name if by else None,
    }
