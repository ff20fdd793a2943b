"""Runs: the list, and the story of one."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from flowapp.engine.execution import ExecutionStatus
from flowapp.engine.queries import Filters
from flowapp.http.access import allow, person
from flowapp.http.numbers import LARGEST
from flowapp.http.running import flow, reading
from flowapp.web.executions.pages import run_page, runs_page
from flowapp.web.page import show

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


def _run(execution_id: int) -> Response:
    page = run_page(reading(), person(), flow(), execution_id, now=flow().clock.now(), zone=flow().settings.zone)
    return show("executions/execution.html", page, fragment="run")
