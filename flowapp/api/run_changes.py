"""What people do with executions, over the API."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.orm import Session

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.api.bodies import body_as
from flowapp.api.executions import row_body
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.executions import ExecutionAnswer
from flowapp.api.schemas.run_changes import CancelBody, NothingMore, RetryBody, SkipBody, StepBody
from flowapp.engine import queries
from flowapp.engine.people import calling_off, doubts, giving_up, retrying, skipping
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import flow, reading
from flowapp.http.undoing import undo_cancelled


def add_to(bp: Blueprint) -> None:
    """Add the calls that change executions."""
    for name, view in (
        ("cancel", cancel_execution),
        ("retry", retry_execution),
        ("skip", skip_step),
        ("was-done", step_was_done),
        ("do-again", do_step_again),
        ("give-up", give_up_execution),
    ):
        bp.add_url_rule(f"/executions/<int:execution_id>/{name}", view_func=view, methods=["POST"])


@allow("execution.manage", scope="run")
@documented(Call(body=CancelBody, answer=ExecutionAnswer, once=True, conflict=True))
def cancel_execution(execution_id: int) -> Response:
    """End an execution that is under way; the reason is required, since people read it.

    With `undo` what it did is undone then. If that is cut short, the same call goes on with it.
    """
    body, cause, parts = body_as(CancelBody), cause_of(), flow().parts

    def act(session: Session) -> None:
        calling_off.cancel(parts, session, cause, execution_id, reason=body.reason, undo=body.undo)

    answer = _changed(execution_id, act)
    if body.undo:
        undo_cancelled(execution_id)
    return answer


@allow("execution.manage", scope="run")
@documented(Call(body=RetryBody, answer=ExecutionAnswer, once=True, conflict=True))
def retry_execution(execution_id: int) -> Response:
    """Try an execution again.

    From the failed step it is the same execution that goes on; from the start a new one is begun and answered, one
    however often it is asked for.
    """
    body, cause, parts = body_as(RetryBody), cause_of(), flow().parts

    def act(session: Session) -> int:
        if body.from_ == "failed":
            return retrying.retry_step(parts, session, cause, execution_id)
        return retrying.retry_from_start(parts, session, cause, execution_id, which=body.version)

    return _changed(execution_id, act)


@allow("execution.manage", scope="run")
@documented(Call(body=SkipBody, answer=ExecutionAnswer, once=True, conflict=True))
def skip_step(execution_id: int) -> Response:
    """Pass over the step that failed, or one that waits or is uncertain; its output is null."""
    body, cause, parts = body_as(SkipBody), cause_of(), flow().parts

    def act(session: Session) -> None:
        skipping.skip(parts, session, cause, execution_id, body.path)

    return _changed(execution_id, act)


@allow("execution.manage", scope="run")
@documented(Call(body=StepBody, answer=ExecutionAnswer, once=True, conflict=True))
def step_was_done(execution_id: int) -> Response:
    """Say that an uncertain step was done; its output is null."""
    body, cause, parts = body_as(StepBody), cause_of(), flow().parts
    return _changed(execution_id, lambda s: doubts.was_done(parts, s, cause, execution_id, body.path))


@allow("execution.manage", scope="run")
@documented(Call(body=StepBody, answer=ExecutionAnswer, once=True, conflict=True))
def do_step_again(execution_id: int) -> Response:
    """Let an uncertain step be done again."""
    body, cause, parts = body_as(StepBody), cause_of(), flow().parts
    return _changed(execution_id, lambda s: doubts.do_again(parts, s, cause, execution_id, body.path))


@allow("execution.manage", scope="run")
@documented(Call(body=NothingMore, answer=ExecutionAnswer, once=True, conflict=True))
def give_up_execution(execution_id: int) -> Response:
    """Say that a failed execution is dealt with, so that it needs no attention any more."""
    body_as(NothingMore)
    cause = cause_of()
    return _changed(execution_id, lambda session: giving_up.give_up(session, cause, execution_id))


def _changed(execution_id: int, act: Callable[[Session], int | None]) -> Response:
    """Change an execution once, however often the same call arrives, and answer the one that is under way then."""
    found = queries.detail(reading(), person(), execution_id)
    require(person(), "execution.manage", On(home_id=found.execution.home_id))
    key, at = request.headers.get("Idempotency-Key"), flow().clock.now()
    number = change(lambda session: once(session, key, at, lambda: act(session) or execution_id))
    return jsonify(row_body(queries.detail(reading(), person(), number)))
