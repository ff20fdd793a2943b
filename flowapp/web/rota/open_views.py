"""The shifts that nobody has."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from flowapp.http.access import allow, person
from flowapp.http.running import flow, reading
from flowapp.web.page import show
from flowapp.web.rota.open_pages import open_page

bp = Blueprint("open_shifts", __name__, url_prefix="/rota/open")


@bp.get("/")
@allow("rota.view")
def index() -> Response:
    """Show what is open in the next four weeks."""
    return show("rota/open.html", open_page(reading(), person(), now=flow().clock.now()))
