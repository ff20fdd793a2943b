"""NUL, the one sign that PostgreSQL keeps in no text, and that nobody can type: refused wherever it comes in."""

from __future__ import annotations

from collections.abc import Iterator

from flask import request

from flowapp.http.access import wants_json
from flowapp.kernel.errors import NotFound, Problem, Refused
from flowapp.kernel.signs import NUL


def guard() -> None:
    """Refuse a request with NUL in its address or in its form; raises NotFound and Refused.

    `api.bodies` looks into JSON.
    """
    if NUL in request.path:
        raise NotFound
    if any(NUL in text for text in _sent()):
        message = (
            "What was sent holds a NUL character, which no text may hold. Remove it where you copied the text from, "
            "or type the text again."
        )
        raise Refused([Problem(path="", code="nul", message=message)])


def _sent() -> Iterator[str]:
    asked = (request.args,) if request.query_string else ()
    for fields in asked if wants_json() else (*asked, request.form):
        for name, texts in fields.lists():
            yield name
            yield from texts
