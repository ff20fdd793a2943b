"""Types of training, and who needs them: seen and kept by HR."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.events.cause import Cause
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import KeyReused, form_sent_before, once
from flowapp.http.running import reading
from flowapp.kernel.errors import Conflict, Refused
from flowapp.kernel.ids import new_token
from flowapp.rota.training import type_changes
from flowapp.rota.training.type_details import TypeDetails
from flowapp.rota.training.types import TrainingType, training_type
from flowapp.web.page import go_to, show
from flowapp.web.training.type_form import TypeForm, form_of, need_of, read_need, read_type_form, said_of
from flowapp.web.training.type_pages import type_page, types_page

bp = Blueprint("training_types", __name__, url_prefix="/training/types")


@bp.get("/")
@allow("training.edit")
def index() -> Response:
    """Show every type of training."""
    return show("training/types.html", types_page(reading()))


@bp.get("/new/")
@allow("training.edit")
def new() -> Response:
    """Show the form for a new type of training."""
    return _show_new(TypeForm(), new_token())


@bp.post("/new/")
@allow("training.edit")
def create() -> Response:
    """Add a type of training."""
    form, nonce = read_type_form(request.form, new=True), request.form.get("nonce", "")
    who, cause = person(), cause_of()
    try:
        details = TypeDetails(**said_of(form))

        def write(session: Session) -> int:
            return type_changes.create(session, cause, who, details)

        made = change(lambda session: once(session, nonce, cause.at, lambda: write(session)))
    except KeyReused:
        return _show_new(form.with_problems(form_sent_before("name").problems, otherwise="name"), new_token(), 422)
    except Refused as refused:
        return _show_new(form.with_problems(refused.problems, otherwise="name"), nonce, 422)
    flash("Added. Say below who needs it.", "success")
    return go_to(url_for("training_types.show_type", type_id=made))


def _show_new(form: TypeForm, nonce: str, status: int = 200) -> Response:
    return show("training/type.html", type_page(reading(), None, form, nonce=nonce), status=status)


@bp.get("/<int:type_id>/")
@allow("training.edit")
def show_type(type_id: int) -> Response:
    """Show one type of training."""
    found = training_type(reading(), type_id)
    return _show(found, form_of(found))


@bp.post("/<int:type_id>/")
@allow("training.edit")
def change_type(type_id: int) -> Response:
    """Change what is known of a type of training."""
    form = read_type_form(request.form, new=False)

    def act(session: Session, cause: Cause) -> None:
        seen = request.form.get("rev", type=int)
        type_changes.change(session, cause, person(), type_id, seen=seen, **said_of(form))

    return _change(training_type(reading(), type_id), form, act, "Saved.", otherwise="name")


@bp.post("/<int:type_id>/needed")
@allow("training.edit")
def need(type_id: int) -> Response:
    """Say who needs a type of training."""
    found = training_type(reading(), type_id)
    form = read_need(request.form, form_of(found))

    def act(session: Session, cause: Cause) -> None:
        type_changes.require_training(session, cause, person(), type_id, **need_of(form))

    return _change(found, form, act, "Saved.", otherwise="grace_days")


@bp.post("/requirements/<int:requirement_id>/drop")
@allow("training.edit")
def drop_need(requirement_id: int) -> Response:
    """Say that a type of training is no longer needed so."""
    who, cause = person(), cause_of()
    type_id = change(lambda session: type_changes.drop_requirement(session, cause, who, requirement_id))
    flash("Taken away.", "success")
    return go_to(url_for("training_types.show_type", type_id=type_id))


def _change(
    found: TrainingType, form: TypeForm, act: Callable[[Session, Cause], None], done: str, *, otherwise: str
) -> Response:
    type_id, cause = found.id, cause_of()
    try:
        change(lambda session: act(session, cause))
    except Refused as refused:
        return _show(training_type(reading(), type_id), form.with_problems(refused.problems, otherwise=otherwise), 422)
    except Conflict as conflict:
        now = training_type(reading(), type_id)
        return _show(now, form_of(now), 409, conflict=conflict.message)
    flash(done, "success")
    return go_to(url_for("training_types.show_type", type_id=type_id))


def _show(found: TrainingType, form: TypeForm, status: int = 200, *, conflict: str = "") -> Response:
    return show("training/type.html", type_page(reading(), found, form, conflict=conflict), status=status)
