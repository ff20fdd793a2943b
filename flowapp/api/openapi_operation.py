"""One call of the API, as the document says it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

from werkzeug.routing import Rule

from flowapp.accounts.permissions import PERMISSIONS
from flowapp.api.openapi_call import Call
from flowapp.api.openapi_errors import error_answers
from flowapp.api.openapi_examples import example_of
from flowapp.api.openapi_schemas import Schemas
from flowapp.http.access import READ_METHODS
from flowapp.http.numbers import LARGEST

_PLACE = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
_KINDS = {"int": {"type": "integer", "minimum": 0, "maximum": LARGEST}}
_IN_ADDRESSES = {"week": "The week as its year and number, such as 2026-W48"}
_DONE_ONCE = "Your own word for this request: the same request with it is answered as the first one was, for 72 hours."
_VERSION = "The version you have seen, such as 3; when somebody changed it since, the call is refused with 409."


def path_of(rule: Rule) -> str:
    """Write an address as the document does: `/api/v1/shifts/{shift_id}`."""
    return _PLACE.sub(lambda found: f"{{{found['name']}}}", rule.rule)


def method_of(rule: Rule) -> str:
    """Answer the one method of a rule."""
    (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
    return method


def operation(rule: Rule, view: Callable[..., Any], call: Call, schemas: Schemas) -> dict[str, Any]:
    """Answer what the document says about one rule and its view."""
    summary, more = _words(view)
    access, scope = view.access, view.scope  # type: ignore[attr-defined]
    method = method_of(rule)
    made: dict[str, Any] = {
        "operationId": view.__name__,
        "tags": [tag_of(view)],
        "summary": summary,
        "description": " ".join(filter(None, (more, _needs(access, scope)))),
        "security": [{"token": [scope] if scope else []}] if access != "public" else [],
        "parameters": [*_places(rule), *_questions(call, schemas), *_headers(call, method)],
        "responses": _answer(call, schemas)
        | error_answers(call, method=method, has_place=bool(rule.arguments), is_public=access == "public"),
    }
    if call.body is not None:
        schema = schemas.all[call.body.__name__]
        content = {"schema": schemas.of_sent(call.body), "example": example_of(schema, schemas.all)}
        made["requestBody"] = {"required": bool(schema.get("required")), "content": {"application/json": content}}
    return made


def tag_of(view: Callable[..., Any]) -> str:
    """Answer the noun a call is about, after the module it is in: `Leave requests`."""
    return str(inspect.unwrap(view).__module__).rpartition(".")[2].replace("_", " ").capitalize()


def _words(view: Callable[..., Any]) -> tuple[str, str]:
    """Answer a docstring's first sentence without its full stop, and what follows it."""
    text = " ".join((view.__doc__ or "").split())
    first, _, more = text.partition(". ")
    return first.removesuffix("."), more


def _needs(access: str, scope: str | None) -> str:
    needed = f"Needs a token with the scope `{scope}`" if scope else "Needs a token"
    if access == "public":
        return "Needs no token."
    known = PERMISSIONS.get(access)
    return f"{needed}, of somebody who may: {_begin_small(known.description)}." if known else f"{needed}."


def _begin_small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _places(rule: Rule) -> Iterator[dict[str, Any]]:
    for found in _PLACE.finditer(rule.rule):
        schema = _KINDS.get(found["kind"] or "", {"type": "string"})
        name = found["name"].replace("_", " ").removesuffix(" id")
        words = f"The {name}'s number" if found["kind"] == "int" else _IN_ADDRESSES.get(name, f"The {name}")
        yield {"name": found["name"], "in": "path", "required": True, "description": words, "schema": schema}


def _questions(call: Call, schemas: Schemas) -> Iterator[dict[str, Any]]:
    for name, field in (schemas.of_query(call.query) if call.query else {}).items():
        words = field.get("description", "")
        schema = {key: part for key, part in field.items() if key != "description"}
        yield {"name": name, "in": "query", "required": False, "description": words, "schema": schema}


def _headers(call: Call, method: str) -> Iterator[dict[str, Any]]:
    if call.once and method not in READ_METHODS:
        schema: dict[str, Any] = {"type": "string", "maxLength": 255}
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": _DONE_ONCE,
            "schema": schema,
        }
    if call.if_match:
        needed = call.if_match == "must"
        schema = {"type": "string", "pattern": '^("?)[0-9]{1,9}\\1$'}
        yield {"name": "If-Match", "in": "header", "required": needed, "description": _VERSION, "schema": schema}


def _answer(call: Call, schemas: Schemas) -> dict[str, Any]:
    place = schemas.of_answer(call.answer)
    content = {"schema": place, "example": example_of(place, schemas.all, whole=True)}
    words = schemas.all[str(place["$ref"]).rpartition("/")[2]].get("description", "It is done.")
    return {str(call.status): {"description": words, "content": {call.media: content}}}
