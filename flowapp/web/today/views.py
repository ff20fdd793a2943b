"""The first page: what needs one today."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from flowapp.http.access import person, signed_in
from flowapp.http.running import flow, reading
from flowapp.web.page import show
from flowapp.web.today.pages import today_page

bp = Blueprint("today", __name__)


@bp.get("/")
@signed_in
def today() -> Response:
    """Show what needs one, and what the workflows did lately."""
    page = today_page(reading(), person(), now=flow().clock.now(), zone=flow().settings.zone)
    return show("today/index.html", page)
