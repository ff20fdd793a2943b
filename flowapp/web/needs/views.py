"""What a home needs: the list with a form, and changing one line of it."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import KeyReused, form_sent_before, once
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import Conflict, Problem, Refused
from flowapp.kernel.ids import new_token
from flowapp.rota.demand import changes
from flowapp.rota.demand.gaps import HomeNeed
from flowapp.rota.demand.reading import need_as_it_is
from flowapp.rota.homes import home
from flowapp.rota.shift_templates.reading import templates_for
from flowapp.web.needs.form import NeedForm, form_of, plan_of, read_need_form
from flowapp.web.needs.pages import need_page, needs_page
from flowapp.web.page import go_to, show
from flowapp.web.rota.asked import asked_home

bp = Blueprint("needs", __name__, url_prefix="/rota/needs")


@bp.get("/")
@allow("rota.view_all")
def index() -> Response:
    """Show what a home needs."""
    return _index(NeedForm(), new_token())


def _index(form: NeedForm, nonce: str, status: int = 200) -> Response:
    at, homes = asked_home(reading(), person(), "rota.view_all")
    today = flow().clock.now().astimezone(at.zone).date()
    page = needs_page(reading(), person(), at, homes, form, today=today, nonce=nonce)
    return show("needs/index.html", page, status=status)


@bp.post("/")
@allow("home.edit")
def add() -> Response:
    """Say something more that a home needs."""
    form, nonce, who, cause = read_need_form(request.form), request.form.get("nonce", ""), person(), cause_of()
    at, _ = asked_home(reading(), who, "home.edit")
    home_id, code = at.id, at.code
    try:
        plan = plan_of(form, templates_for(reading(), home_id))

        def write(session: Session) -> int:
            return changes.create(session, cause, who, home_id=home_id, plan=plan)

        change(lambda session: once(session, nonce, cause.at, lambda: write(session)))
    except KeyReused:
        return _index(form.with_problems(form_sent_before("name").problems), new_token(), 422)
    except Refused as refused:
        return _index(form.with_problems(refused.problems), nonce, 422)
    flash("It is noted that the home needs this.", "success")
    return go_to(url_for("needs.index", home=code))


@bp.get("/<int:need_id>/")
@allow("home.edit")
def show_need(need_id: int) -> Response:
    """Show one need as a form."""
    found = _load(need_id)
    return _show(found, form_of(changes.plan_of(found)))


@bp.post("/<int:need_id>/")
@allow("home.edit")
def change_need(need_id: int) -> Response:
    """Say otherwise what a home needs."""
    found, form, who, cause = _load(need_id), read_need_form(request.form), person(), cause_of()
    seen, code = request.form.get("version", type=int), home(reading(), found.home_id).code
    try:
        given = vars(plan_of(form, ()))
        change(lambda session: changes.change(session, cause, who, need_id, seen=seen, **given))
    except Refused as refused:
        return _show(found, form.with_problems(refused.problems), 422)
    except Conflict as conflict:
        problem = Problem(path="name", code="conflict", message=conflict.message)
        return _show(_load(need_id), form.with_problems([problem]), 409)
    flash("What the home needs is changed.", "success")
    return go_to(url_for("needs.index", home=code))


def _load(need_id: int) -> HomeNeed:
    found = need_as_it_is(reading(), need_id)
    require(person(), "home.edit", On(home_id=found.home_id))
    return found


def _show(found: HomeNeed, form: NeedForm, status: int = 200) -> Response:
    page = need_page(reading(), found, home(reading(), found.home_id), form)
    return show("needs/edit.html", page, status=status)
