"""Trying a condition on what happened, without a workflow: nothing is saved and nothing is done."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from flowapp.http.access import allow, person
from flowapp.http.running import flow, reading
from flowapp.web.expressions.form import read_condition
from flowapp.web.expressions.pages import try_page
from flowapp.web.page import show

bp = Blueprint("expressions", __name__, url_prefix="/workflows/expressions")


@bp.get("/")
@allow("workflow.view")
def index() -> Response:
    """Show the field, with a condition in it when the address brings one."""
    return _answer(request.args)


@bp.post("/")
@allow("workflow.view")
def look() -> Response:
    """Say what the condition means, while it is being made: the field alone for htmx, else the whole page.

    It changes nothing, but is posted: a condition may be longer than an address.
    """
    return _answer(request.form)


def _answer(typed: MultiDict[str, str]) -> Response:
    page = try_page(
        reading(),
        person(),
        typed.get("event", ""),
        read_condition(typed, "condition"),
        surroundings=flow().parts.surroundings,
        now=flow().clock.now(),
        zone=flow().settings.zone,
    )
    # Another event brings other names, so then more than the field changes.
    fragment = "attempt" if "names" in request.args else "field"
    return show("expressions/index.html", page, fragment=fragment, status=422 if page.errors else 200)
