"""Runs: the list, and the story of one."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from flowapp.engine.execution import ExecutionStatus
from flowapp.engine.queries import Filters
from flowapp.http.access import allow, person
from flowapp.http.numbers import LARGEST
from flowapp.http.running import flow, reading
from flowapp.http.undoing import undo_run
from flowapp.web.executions.pages import run_page, runs_page
from flowapp.web.executions.undoing import done_words, undo_page
from flowapp.web.page import go_to, show

bp = Blueprint("executions", __name__, url_prefix="/workflows/executions")
MOST_TEXT = 100


@bp.get("/")
@allow("execution.view")
def index() -> Response:
    """Show the runs of one's homes, the newest first."""
    page = runs_page(
        reading(),
        person(),
        _filters(),
        before=_number("before"),
        now=flow().clock.now(),
        zone=flow().settings.zone,
    )
    return show("executions/index.html", page, fragment="results")


def _filters() -> Filters:
    status = request.args.get("status", "")
    return Filters(
        workflow_id=_number("workflow"),
        status=ExecutionStatus(status) if status in set(ExecutionStatus) else None,
        attention=status == "attention",
        text=request.args.get("q", "").strip()[:MOST_TEXT],
    )


def _number(name: str) -> int | None:
    found = request.args.get(name, type=int)
    return None if found is None else max(0, min(found, LARGEST))


@bp.get("/<int:execution_id>/")
@allow("execution.view")
def show_execution(execution_id: int) -> Response:
    """Tell the story of one run."""
    return _run(execution_id)


@bp.get("/<int:execution_id>/live")
@allow("execution.view")
def live(execution_id: int) -> Response:
    """Answer the story's own block while the run goes on; the whole page without htmx."""
    return _run(execution_id)


@bp.get("/<int:execution_id>/undo-preview")
@allow("execution.manage")
def undo_preview(execution_id: int) -> Response:
    """Show what undoing a run would do, before it is done."""
    return show("executions/undo.html", undo_page(reading(), person(), flow(), execution_id))


@bp.post("/<int:execution_id>/undo")
@allow("execution.manage")
def undo(execution_id: int) -> Response:
    """Undo a run."""
    undo_run(execution_id)
    flash(*done_words(reading(), person(), flow(), execution_id))
    return go_to(url_for("executions.show_execution", execution_id=execution_id))


def _run(execution_id: int) -> Response:
    page = run_page(reading(), person(), flow(), execution_id, now=flow().clock.now(), zone=flow().settings.zone)
    return show("executions/execution.html", page, fragment="run")
