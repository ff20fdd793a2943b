"""Times closed to leave: everybody sees those of their home, and whoever looks after a home changes its own."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.running import reading
from flowapp.kernel.errors import Conflict, NotAllowed, Problem, Refused
from flowapp.rota.embargoes import changes
from flowapp.rota.embargoes.changes import may_edit, seen_embargo
from flowapp.rota.embargoes.details import details_of
from flowapp.rota.leave_embargo import LeaveEmbargo
from flowapp.web.embargoes.form import EmbargoForm, details_in, form_of, read_form, seen_in
from flowapp.web.embargoes.pages import embargo_page, embargoes_page
from flowapp.web.page import go_to, show

bp = Blueprint("embargoes", __name__, url_prefix="/settings/closed-to-leave")


@bp.get("/")
@allow("home.view")
def index() -> Response:
    """Show the times closed to leave."""
    return show("embargoes/index.html", embargoes_page(reading(), person(), EmbargoForm()))


@bp.post("/")
@allow("home.edit")
def add() -> Response:
    """Close leave for some time."""
    who, cause, form = person(), cause_of(), read_form(request.form)
    try:
        details = details_in(form)
        if details.home_id is None and not may_edit(who, None):
            raise Refused([Problem(path="home", code="missing", message="Choose the home in which leave is closed.")])
        change(lambda session: changes.create(session, cause, who, details))
    except Refused as refused:
        form = form.with_problems(refused.problems)
        return show("embargoes/index.html", embargoes_page(reading(), who, form), status=422)
    flash("The days are closed to leave.", "success")
    return go_to(url_for("embargoes.index"))


@bp.get("/<int:embargo_id>/")
@allow("home.edit")
def show_embargo(embargo_id: int) -> Response:
    """Show the form of one."""
    row = _load(embargo_id)
    return _show(row, form_of(details_of(row), row.version))


@bp.post("/<int:embargo_id>/")
@allow("home.edit")
def change_embargo(embargo_id: int) -> Response:
    """Say anew when leave is closed."""
    row, who, cause, form = _load(embargo_id), person(), cause_of(), read_form(request.form)
    try:
        given, seen = asdict(details_in(form)), seen_in(form)
        change(lambda session: changes.change(session, cause, who, embargo_id, seen=seen, **given))
    except Refused as refused:
        return _show(row, form.with_problems(refused.problems), status=422)
    except Conflict as conflict:
        told = [Problem(path="message", code=conflict.code, message=conflict.message)]
        return _show(_load(embargo_id), form.with_problems(told), status=409)
    flash("The change is kept.", "success")
    return go_to(url_for("embargoes.index"))


@bp.post("/<int:embargo_id>/remove")
@allow("home.edit")
def remove(embargo_id: int) -> Response:
    """Open the days to leave again."""
    _load(embargo_id)
    who, cause = person(), cause_of()
    change(lambda session: changes.remove(session, cause, who, embargo_id))
    flash("The days are open to leave again.", "success")
    return go_to(url_for("embargoes.index"))


def _load(embargo_id: int) -> LeaveEmbargo:
    row = seen_embargo(reading(), person(), embargo_id)
    if not may_edit(person(), row.home_id):
        raise NotAllowed
    return row


def _show(row: LeaveEmbargo, form: EmbargoForm, *, status: int = 200) -> Response:
    return show("embargoes/embargo.html", embargo_page(reading(), person(), row, form), status=status)
