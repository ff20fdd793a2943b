"""Answering with a page, or with one block of it when htmx asks."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, make_response, redirect, render_template, request
from jinja2_fragments.flask import render_block
from werkzeug.wrappers import Response as AnyResponse


def show(template: str, page: object, *, fragment: str = "main", status: int = 200) -> Response:
    """Answer with the page, or with one block of it when htmx asks.

    `page` is a frozen dataclass that holds exactly what the template may use. Going back in the history asks for
    the whole page, so that is what it gets.
    """
    partial = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    body = render_block(template, fragment, page=page) if partial else render_template(template, page=page)
    response = make_response(body, status)
    response.headers["Vary"] = "HX-Request"
    return response


def go_to(address: str) -> AnyResponse:
    """Send the browser to another page after a change."""
    return redirect(address, HTTPStatus.SEE_OTHER)
