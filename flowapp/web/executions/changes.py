"""What people do with runs: cancel, retry, skip a step, say whether it was done, give up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.engine import queries
from flowapp.engine.people import calling_off, doubts, giving_up, retrying, skipping
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import KeyReused, form_sent_before, once
from flowapp.http.running import flow, reading
from flowapp.http.undoing import undo_cancelled
from flowapp.kernel.errors import Conflict, Refused
from flowapp.kernel.ids import new_token
from flowapp.web.executions.hands import step_in_hand
from flowapp.web.executions.pages import run_page
from flowapp.web.executions.undoing import done_words
from flowapp.web.page import go_to, show
from flowapp.workflows.called import names_in

bp = Blueprint("run_changes", __name__, url_prefix="/workflows/executions")
Act = Callable[[Session], int | None]  # the number of the run to show, where it is another
Afterwards = Callable[[], tuple[str, str]]  # what is said then, and in which tone


@dataclass(frozen=True, kw_only=True)
class AskPage:
    """A question before something that cannot be taken back."""

    title: str
    run: str
    run_url: str
    sentence: str
    action: str
    nonce: str
    path: str = ""
    reason: str = ""
    undo: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field."""
        return tuple(self.errors.items())


@bp.get("/<int:execution_id>/cancel/")
@allow("execution.manage")
def ask_to_cancel(execution_id: int) -> Response:
    """Ask why a run is cancelled."""
    return _ask_to_cancel(_load(execution_id))


@bp.post("/<int:execution_id>/cancel/")
@allow("execution.manage")
def cancel(execution_id: int) -> Response:
    """Cancel a run."""
    found, reason, undo = _load(execution_id), request.form.get("reason", ""), "undo" in request.form
    cause, parts = cause_of(), flow().parts

    def act(session: Session) -> None:
        calling_off.cancel(parts, session, cause, execution_id, reason=reason, undo=undo)

    def undone() -> tuple[str, str]:
        if not undo_cancelled(execution_id):
            return "The run is cancelled. It had done nothing that can be undone.", "success"
        words, tone = done_words(reading(), person(), flow(), execution_id)
        return f"The run is cancelled. {words}", tone

    try:
        return _changed(execution_id, act, "The run is cancelled.", undone if undo else None)
    except KeyReused:
        return _ask_to_cancel(found, reason=reason, undo=undo, errors={"reason": form_sent_before("reason").message})
    except Refused as refused:
        return _ask_to_cancel(found, reason=reason, undo=undo, errors={"reason": refused.message})


def _ask_to_cancel(
    found: queries.ExecutionDetail, *, reason: str = "", undo: bool = False, errors: dict[str, str] | None = None
) -> Response:
    page = AskPage(
        title="Cancel this run",
        run=found.workflow_name,
        run_url=_address(found.execution.id),
        sentence="Everything under way in it ends, and this cannot be taken back. What it has done stays done, unless "
        "you have it undone.",
        action=url_for("run_changes.cancel", execution_id=found.execution.id),
        nonce=new_token(),
        reason=reason,
        undo=undo,
        errors=errors or {},
    )
    return show("executions/cancel.html", page, status=422 if errors else 200)


@bp.get("/<int:execution_id>/skip/")
@allow("execution.manage")
def ask_to_skip(execution_id: int) -> Response:
    """Ask whether a step shall really be passed over."""
    found, path = _load(execution_id), request.args.get("path", "")
    known = {row.path for row in found.steps}
    failed = (found.execution.error or {}).get("path")
    path = path if path in known else failed if failed in known else ""
    names = names_in(reading(), person(), found.document)
    step = f"“{step_in_hand(found, flow(), path, names).sentence}”" if path else "The step that waits"
    page = AskPage(
        title="Skip this step",
        run=found.workflow_name,
        run_url=_address(execution_id),
        sentence=f"{step} is left out, and the run goes on after it. Later steps find nothing where they would have "
        "read what it gave. This cannot be taken back.",
        action=url_for("run_changes.skip", execution_id=execution_id),
        nonce=new_token(),
        path=path,
    )
    return show("executions/skip.html", page)


@bp.post("/<int:execution_id>/skip/")
@allow("execution.manage")
def skip(execution_id: int) -> Response:
    """Skip a step."""
    path, cause, parts = request.form.get("path") or None, cause_of(), flow().parts
    _load(execution_id)

    def act(session: Session) -> None:
        skipping.skip(parts, session, cause, execution_id, path)

    return _done(execution_id, act, "The step is skipped.")


@bp.post("/<int:execution_id>/retry")
@allow("execution.manage")
def retry(execution_id: int) -> Response:
    """Retry a run from the failed step, or from the start with the same or the current version."""
    _load(execution_id)
    begin, cause, parts = request.form.get("from", "failed"), cause_of(), flow().parts

    def act(session: Session) -> int:
        if begin not in ("start", "current"):
            return retrying.retry_step(parts, session, cause, execution_id)
        which: retrying.Which = "current" if begin == "current" else "same"
        return retrying.retry_from_start(parts, session, cause, execution_id, which=which)

    return _done(execution_id, act, "The run is retried.")


@bp.post("/<int:execution_id>/give-up")
@allow("execution.manage")
def give_up(execution_id: int) -> Response:
    """Say that a failed run is dealt with."""
    _load(execution_id)
    cause = cause_of()
    return _done(
        execution_id,
        lambda session: giving_up.give_up(session, cause, execution_id),
        "Given up. The run needs no attention any more.",
    )


@bp.post("/<int:execution_id>/was-done")
@allow("execution.manage")
def was_done(execution_id: int) -> Response:
    """Say that a step was done that may or may not have been."""
    _load(execution_id)
    path, cause, parts = request.form.get("path", ""), cause_of(), flow().parts
    return _done(
        execution_id, lambda s: doubts.was_done(parts, s, cause, execution_id, path), "The step counts as done."
    )


@bp.post("/<int:execution_id>/do-again")
@allow("execution.manage")
def do_again(execution_id: int) -> Response:
    """Let a step be done again that was not done."""
    _load(execution_id)
    path, cause, parts = request.form.get("path", ""), cause_of(), flow().parts
    return _done(
        execution_id, lambda s: doubts.do_again(parts, s, cause, execution_id, path), "The step is done again."
    )


def _load(execution_id: int) -> queries.ExecutionDetail:
    found = queries.detail(reading(), person(), execution_id)
    require(person(), "execution.manage", On(home_id=found.execution.home_id))
    return found


def _changed(execution_id: int, act: Act, words: str, afterwards: Afterwards | None = None) -> Response:
    """Change a run once, however often the form is sent, and show the one that is under way then."""
    nonce, at, tone = request.form.get("nonce", ""), flow().clock.now(), "success"

    try:
        number = change(lambda session: once(session, nonce, at, lambda: act(session) or execution_id))
        if afterwards is not None:
            words, tone = afterwards()
    except Conflict as conflict:
        return _told(execution_id, conflict.message, 409)
    flash(words, tone)
    return go_to(_address(number))


def _done(execution_id: int, act: Act, words: str) -> Response:
    """Do the same where there is nothing to type: what is refused is told on the run's page."""
    try:
        return _changed(execution_id, act, words)
    except KeyReused:
        return _told(execution_id, form_sent_before("").message, 422)
    except Refused as refused:
        return _told(execution_id, refused.message, 422)


def _told(execution_id: int, problem: str, status: int) -> Response:
    now, zone = flow().clock.now(), flow().settings.zone
    page = run_page(reading(), person(), flow(), execution_id, now=now, zone=zone, problem=problem)
    return show("executions/execution.html", page, fragment="run", status=status)


def _address(execution_id: int) -> str:
    return url_for("executions.show_execution", execution_id=execution_id)
