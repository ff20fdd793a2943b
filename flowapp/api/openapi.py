"""The OpenAPI document of the API, made from its code: addresses, views, what is noted on them, and models."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from flask import Flask, Response, jsonify
from werkzeug.routing import Rule

from flowapp.accounts.tokens import Scope
from flowapp.api.openapi_call import Call, call_of
from flowapp.api.openapi_errors import error_components
from flowapp.api.openapi_operation import method_of, operation, path_of, tag_of
from flowapp.api.openapi_schemas import Schemas
from flowapp.http.access import public
from flowapp.http.api_description import api_description
from flowapp.kernel.errors import FlowError

ADDRESS = "/api/openapi.json"
_WORDS = f"""What FlowApp's pages can do, for programs.

Send `Authorization: Bearer <token>`; a token may do what its user may do, within its scopes ({", ".join(Scope)}).
JSON in and out: decimals are numbers with all their digits, days are written 2026-03-14, moments carry their
offset. Lists take `limit` and `cursor`. What is refused is answered as `application/problem+json`."""


class Undocumented(FlowError):
    """A call of the API does not say what it takes and answers: put @documented on its view."""

    code = "undocumented"


class _Found(NamedTuple):
    rule: Rule
    view: Callable[..., Any]
    call: Call


@public
def show_document() -> Response:
    """Answer this description."""
    return jsonify(api_description())


def document(app: Flask) -> dict[str, Any]:
    """Make the document; raises Undocumented, naming the view."""
    found = sorted(_calls(app), key=lambda each: (each.rule.rule, method_of(each.rule)))
    schemas = Schemas(each.call for each in found)
    paths: dict[str, dict[str, Any]] = {}
    for rule, view, call in found:
        paths.setdefault(path_of(rule), {})[method_of(rule).lower()] = operation(rule, view, call, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "FlowApp", "version": "1", "description": _WORDS},
        "servers": [{"url": "/"}],
        "tags": _tags(found),
        "paths": paths,
        "components": {
            "schemas": schemas.all,
            "responses": error_components(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": _TOKEN}},
        },
    }


_TOKEN = "Made with `flask flow token create --user EMAIL`, and shown once."


def _calls(app: Flask) -> Iterator[_Found]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            view = app.view_functions[rule.endpoint]
            call = call_of(view)
            if call is None:
                raise Undocumented(f"{view.__module__}.{view.__name__} does not say what it takes and answers.")
            yield _Found(rule, view, call)


def _tags(found: list[_Found]) -> list[dict[str, str]]:
    modules = {tag_of(view): sys.modules[inspect.unwrap(view).__module__] for _, view, _ in found}
    return [{"name": name, "description": (module.__doc__ or "").strip()} for name, module in sorted(modules.items())]
