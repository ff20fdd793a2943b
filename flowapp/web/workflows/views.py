"""The list of workflows, one of them, and starting one by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.engine.entry.flood import drop_held, start_held
from flowapp.engine.manual import start_by_hand
from flowapp.events.cause import Cause
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import KeyReused, form_sent_before, once
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import NotFound, Refused
from flowapp.kernel.ids import new_token
from flowapp.web.page import go_to, show
from flowapp.web.workflows.execute import ExecutePage, execute_page, typed_inputs
from flowapp.web.workflows.held import NOTHING_HELD, dropped_words, started_words
from flowapp.web.workflows.pages import manual, workflow_page, workflows_page
from flowapp.workflows.called import names_in
from flowapp.workflows.visible import document_of
from flowapp.workflows.workflow import Workflow, WorkflowStatus

HeldAnswer = Callable[..., int]  # start_held or drop_held
bp = Blueprint("workflows", __name__, url_prefix="/workflows")


@bp.get("/")
@allow("workflow.view")
def index() -> Response:
    """Show the workflows of one's homes."""
    asked = request.args.get("status", "")
    status = WorkflowStatus(asked) if asked in set(WorkflowStatus) else None
    return show("workflows/index.html", workflows_page(reading(), person(), flow(), status))


@bp.get("/<int:workflow_id>/")
@allow("workflow.view")
def show_workflow(workflow_id: int) -> Response:
    """Show one workflow, step by step."""
    found = _load(workflow_id, "workflow.view")
    page = workflow_page(reading(), person(), flow(), found, now=flow().clock.now(), zone=flow().settings.zone)
    return show("workflows/workflow.html", page)


@bp.get("/<int:workflow_id>/execute/")
@allow("workflow.run")
def execute(workflow_id: int) -> Response:
    """Show the form to start a workflow by hand."""
    _, page = _form(workflow_id)
    return show("workflows/execute.html", page)


@bp.post("/<int:workflow_id>/execute/")
@allow("workflow.run")
def execute_now(workflow_id: int) -> Response:
    """Start a workflow by hand."""
    found, page = _form(workflow_id)
    cause, nonce = cause_of(), request.form.get("nonce", "")
    try:
        inputs = typed_inputs(page.inputs, request.form)
        execution_id = change(
            lambda session: once(
                session,
                nonce,
                cause.at,
                lambda: start_by_hand(flow().parts, session, cause, found.id, triggers=flow().triggers, inputs=inputs),
            )
        )
    except KeyReused:
        first = page.inputs[0].name if page.inputs else ""
        problems = {first: form_sent_before(first).message}
        return show("workflows/execute.html", page.with_problems(problems, request.form), status=422)
    except Refused as refused:
        problems = {problem.path: problem.message for problem in refused.problems}
        return show("workflows/execute.html", page.with_problems(problems, request.form), status=422)
    return go_to(url_for("executions.show_execution", execution_id=execution_id))


@bp.post("/<int:workflow_id>/held/start")
@allow("workflow.run")
def start_held_runs(workflow_id: int) -> Response:
    """Let all runs start that are held because too many came at once."""
    return _answer(workflow_id, start_held, started_words)


@bp.post("/<int:workflow_id>/held/drop")
@allow("workflow.run")
def drop_held_runs(workflow_id: int) -> Response:
    """Start none of the runs that are held because too many came at once."""
    return _answer(workflow_id, drop_held, dropped_words)


def _answer(workflow_id: int, answer: HeldAnswer, words: Callable[[int], str]) -> Response:
    found, cause = _load(workflow_id, "workflow.run"), cause_of()
    number, more = 0, 1
    while more:  # a transaction for some at a time: nobody else has to wait for all of them
        more = change(partial(_answered, answer, cause, found.id, number))
        number += more
    flow().loop.ring()
    flash(words(number) if number else NOTHING_HELD, "success" if number else "info")
    return go_to(url_for("workflows.show_workflow", workflow_id=found.id))


def _answered(answer: HeldAnswer, cause: Cause, workflow_id: int, before: int, session: Session) -> int:
    return answer(flow().parts, session, cause, workflow_id, before=before)


def _load(workflow_id: int, permission: str) -> Workflow:
    found = reading().get(Workflow, workflow_id)
    if found is None:
        raise NotFound  # in the words that an outsider gets, which do not tell whether there is such a workflow
    if found.home_id is not None or permission != "workflow.view":
        require(person(), permission, On(home_id=found.home_id, staff_id=None))
    return found


def _form(workflow_id: int) -> tuple[Workflow, ExecutePage]:
    found = _load(workflow_id, "workflow.run")
    document, _ = document_of(reading(), found)
    spec = manual(document)
    if spec is None:
        raise NotFound("This workflow is not started by hand.")
    names = names_in(reading(), person(), document)
    return found, execute_page(found, document, spec, flow(), new_token(), names)
