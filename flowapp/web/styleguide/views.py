"""The style guide, for those who build pages."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from flowapp.http.access import public
from flowapp.web.page import show

bp = Blueprint("styleguide", __name__)


@bp.get("/styleguide")
@public
def styleguide() -> Response:
    """Show every component in every state."""
    return show("styleguide/index.html", None)
