"""The style guide, for those who build pages."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from flowapp.http.access import public
from flowapp.http.running import flow
from flowapp.kernel.errors import NotFound
from flowapp.web.page import show

bp = Blueprint("styleguide", __name__)


@bp.get("/styleguide")
@public
def styleguide() -> Response:
    """Show every component in every state; only where there is a demo, never in a home that is at work."""
    settings = flow().settings
    if not (settings.demo or settings.testing):
        raise NotFound("The style guide is for those who build FlowApp.")
    return show("styleguide/index.html", None)
