"""Shift templates: the list with a form for a new one, and changing one."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import KeyReused, form_sent_before, once
from flowapp.http.running import reading
from flowapp.kernel.errors import Conflict, NotAllowed, Problem, Refused
from flowapp.kernel.ids import new_token
from flowapp.rota.homes import home
from flowapp.rota.shift_templates import changes
from flowapp.rota.shift_templates.reading import visible_template
from flowapp.rota.shift_templates.template import ShiftTemplate
from flowapp.web.page import go_to, show
from flowapp.web.rota.asked import asked_home
from flowapp.web.shift_templates.form import TemplateForm, details_of, form_of, read_template_form
from flowapp.web.shift_templates.pages import may_change, template_page, templates_page

bp = Blueprint("shift_templates", __name__, url_prefix="/rota/shift-templates")


@bp.get("/")
@allow("home.view")
def index() -> Response:
    """Show the templates one may see."""
    return _index(TemplateForm(), new_token())


def _index(form: TemplateForm, nonce: str, status: int = 200) -> Response:
    code = request.values.get("home", "")[:8]
    page = templates_page(reading(), person(), form, home=code, nonce=nonce)
    return show("shift_templates/index.html", page, status=status)


@bp.post("/")
@allow("home.edit")
def add() -> Response:
    """Make a template."""
    form, nonce = read_template_form(request.form, is_new=True), request.form.get("nonce", "")
    who, cause, home_id = person(), cause_of(), _home_id()
    try:
        details = details_of(form)

        def write(session: Session) -> int:
            return changes.create(session, cause, who, home_id=home_id, details=details)

        change(lambda session: once(session, nonce, cause.at, lambda: write(session)))
    except KeyReused:
        return _index(form.with_problems(form_sent_before("code").problems), new_token(), 422)
    except Refused as refused:
        return _index(form.with_problems(refused.problems), nonce, 422)
    flash(f"{details.name} is a template now.", "success")
    return go_to(url_for("shift_templates.index"))


def _home_id() -> int | None:
    if not request.form.get("home", ""):
        return None
    found, _ = asked_home(reading(), person(), "home.edit")
    return found.id


@bp.get("/<int:template_id>/")
@allow("home.edit")
def show_template(template_id: int) -> Response:
    """Show one template as a form."""
    found = _load(template_id)
    return _show(found, form_of(changes.details_of(found)))


@bp.post("/<int:template_id>/")
@allow("home.edit")
def change_template(template_id: int) -> Response:
    """Change a template."""
    form, who, cause = read_template_form(request.form, is_new=False), person(), cause_of()
    found, seen = _load(template_id), request.form.get("version", type=int)
    try:
        given = vars(details_of(form))
        change(lambda session: changes.change(session, cause, who, template_id, seen=seen, **given))
    except Refused as refused:
        return _show(found, form.with_problems(refused.problems), 422)
    except Conflict as conflict:
        problem = Problem(path="code", code="conflict", message=conflict.message)
        return _show(_load(template_id), form.with_problems([problem]), 409)
    flash("The template is changed.", "success")
    return go_to(url_for("shift_templates.index"))


def _load(template_id: int) -> ShiftTemplate:
    found = visible_template(reading(), person(), template_id)
    if not may_change(person(), found):
        raise NotAllowed("This template is for every home. Ask an administrator, or make one for your own home.")
    return found


def _show(found: ShiftTemplate, form: TemplateForm, status: int = 200) -> Response:
    name = "" if found.home_id is None else home(reading(), found.home_id).name
    return show("shift_templates/edit.html", template_page(found, form, name), status=status)
