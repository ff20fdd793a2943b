"""Executions over the API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from flowapp.api.filters import asked_word
from flowapp.api.lists import page_of, whole
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.executions import ExecutionDetailAnswer, ExecutionPage, ExecutionQuery
from flowapp.engine import queries
from flowapp.engine.execution import ExecutionStatus
from flowapp.engine.undoing.undo_view import UndoLine, undo_view
from flowapp.http.access import allow, person
from flowapp.http.running import flow, reading
from flowapp.http.undoing import undo_run
from flowapp.kernel.errors import Problem, Refused
from flowapp.workflows.called import names_in
from flowapp.workflows.sentences import done_sentence, plain_words
from flowapp.workflows.steps.workflow import Names


def add_to(bp: Blueprint) -> None:
    """Add the calls about executions."""
    bp.add_url_rule("/executions", view_func=list_executions, methods=["GET"])
    bp.add_url_rule("/executions/<int:execution_id>", view_func=show_execution, methods=["GET"])
    bp.add_url_rule("/executions/<int:execution_id>/undo", view_func=undo_execution, methods=["POST"])


@allow("execution.view")
@documented(Call(query=ExecutionQuery, answer=ExecutionPage))
def list_executions() -> Response:
    """Answer the executions of one's homes, the newest first."""
    filters = queries.Filters(
        workflow_id=whole("workflow", None, least=1),
        status=asked_word("status", ExecutionStatus),
        trigger_type=request.args.get("trigger") or None,
        text=request.args.get("q", "").strip()[:100],
        since=_moment("since"),
        until=_moment("until"),
    )

    def fetch(limit: int, before: int | None) -> list[queries.ExecutionRow]:
        return queries.executions(reading(), person(), filters, limit=limit, before=before)

    return jsonify(page_of(fetch, lambda row: row.execution.id, row_body))


def _moment(name: str) -> datetime | None:
    text = request.args.get(name)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment.astimezone(UTC)  # which the first and the last day of the calendar may not survive
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None:
        message = f"{name} must be a moment with its offset, such as 2026-03-14T09:00:00+00:00."
        raise Refused([Problem(path=name, code="bad_value", message=message)])
    return moment


@allow("execution.view")
@documented(Call(answer=ExecutionDetailAnswer))
def show_execution(execution_id: int) -> Response:
    """Answer one execution with its steps."""
    return _detail(execution_id)


@allow("execution.manage", scope="run")
@documented(Call(answer=ExecutionDetailAnswer, conflict=True))
def undo_execution(execution_id: int) -> Response:
    """Undo what an execution did, its last step first; a second time changes nothing.

    `undone` tells what became of each step. What was changed since is refused and left; messages stay sent.
    """
    undo_run(execution_id)
    return _detail(execution_id)


def _detail(execution_id: int) -> Response:
    found = queries.detail(reading(), person(), execution_id)
    names = names_in(reading(), person(), found.document)
    steps = [_step(found, row, names) for row in found.steps if row.row is not None]
    undone = undo_view(reading(), found, flow().actions).tried
    whole = {"retried_as": found.retried_as, "steps": steps, "undone": [_undone(found, line) for line in undone]}
    return jsonify(row_body(found) | whole)


def _undone(found: queries.ExecutionDetail, line: UndoLine) -> dict[str, Any]:
    body: dict[str, Any] = {
        "execution_id": line.execution_id,
        "path": line.path,
        "action": line.action,
        "sentence": plain_words(line.sentence),
        "state": line.state,
        "undone_at": line.at,
    }
    if not found.masked and not (found.sparing and line.execution_id != found.execution.id):
        body |= {"reason": line.words, "undone_by": line.by}
    return body


def row_body(row: queries.ExecutionRow) -> dict[str, Any]:
    """Write an execution as JSON; what one may not see is left out."""
    found = row.execution
    trigger: dict[str, Any] = {"type": found.trigger_type, "id": found.trigger_id}
    if found.event_seq is not None:
        trigger["event_id"] = found.causation_id
    body: dict[str, Any] = {
        "id": found.id,
        "uid": found.uid,
        "workflow": {"id": found.workflow_id, "name": row.workflow_name},
        "version": row.version,
        "status": found.status,
        "trigger": trigger,
        "parent": {"execution_id": found.parent_id, "path": found.parent_path} if found.parent_id else None,
        "started_by": found.started_by,
        "context": found.context,
        "result": found.result,
        "reason": found.reason,
        "error": found.error,
        "created_at": found.created_at,
        "started_at": found.started_at,
        "finished_at": found.finished_at,
        "duration_ms": round(row.duration.total_seconds() * 1000) if row.duration is not None else None,
        "retry_of": found.retry_of,
        "given_up_at": found.given_up_at,
        "given_up_by": found.given_up_by,
    }
    if row.masked:
        for name in ("started_by", "context", "result", "reason", "error", "given_up_by"):
            del body[name]
    elif row.sparing:
        del body["result"]
    return body


def _step(found: queries.ExecutionDetail, row: queries.StepRow, names: Names) -> dict[str, Any]:
    kept = row.row
    assert kept is not None
    given = None if found.masked or found.sparing else kept.input
    took = (kept.finished_at - kept.started_at) if kept.finished_at and kept.started_at else None
    body: dict[str, Any] = {
        "path": row.path,
        "step_id": row.step.id,
        "name": row.step.name,
        "type": row.step.type,
        "sentence": plain_words(done_sentence(row.step, given, flow().actions, names)),
        "status": kept.status,
        "attempt": kept.attempt,
        "started_at": kept.started_at,
        "finished_at": kept.finished_at,
        "duration_ms": round(took.total_seconds() * 1000) if took is not None else None,
    }
    if row.step.type == "action":
        body["action"] = row.step.action
    if not found.masked:
        body |= {"error": kept.error, "explanation": kept.explanation}
        if not found.sparing or queries.is_own_leave(found, row):
            body |= {"input": kept.input, "output": kept.output}
    if found.traces:
        body["traces"] = [each.trace for each in row.attempts if each.trace]
    return body
