"""Answering with a page, or with one block of it when htmx asks."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final

from flask import Response, make_response, redirect, render_template, request
from jinja2_fragments.flask import render_block
from werkzeug.wrappers import Response as AnyResponse

# No page may hold these, not even where it shows again what somebody sent.
NOT_IN_HTML: Final = re.compile("[\\x00-\\x08\\x0b\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff]")


def show(template: str, page: object, *, fragment: str = "main", status: int = 200) -> Response:
    """Answer with the page, or with one block of it when htmx asks.

    `page` is a frozen dataclass that holds exactly what the template may use. Going back in the history asks for
    the whole page, so that is what it gets.
    """
    partial = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    body = render_block(template, fragment, page=page) if partial else render_template(template, page=page)
    response = make_response(NOT_IN_HTML.sub("\ufffd", body), status)
    response.headers["Vary"] = "HX-Request"
    return response


def go_to(address: str) -> AnyResponse:
    """Send the browser to another page after a change."""
    return redirect(address, HTTPStatus.SEE_OTHER)
