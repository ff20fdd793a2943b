"""The readable page about the API, made from its description."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from flowapp.http.access import API_PAGE, public
from flowapp.http.api_description import api_description
from flowapp.web.api_docs.pages import api_docs_page
from flowapp.web.page import show

bp = Blueprint("api_docs", __name__)


@bp.get(API_PAGE)
@public
def api_docs() -> Response:
    """Show every call of the API: what it takes, what it answers, and who may."""
    return show("api_docs/index.html", api_docs_page(api_description()))
