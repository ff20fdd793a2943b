"""How calls are refused, as the document says it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flowapp.api.openapi_call import Call
from flowapp.http.access import READ_METHODS

_WORDS = {
    400: ("Unreadable", "The body is no JSON object that can be read."),
    401: ("NoToken", "There is no token, or it does not hold any more."),
    403: ("NotAllowed", "The token's scopes, or the rights of its user, do not reach so far."),
    404: ("NotFound", "It does not exist, or one may not see it."),
    409: ("Conflict", "As it stands this cannot be done, or somebody changed it since."),
    413: ("TooLarge", "The body is larger than 2 MiB."),
    415: ("NotJson", "The body does not say that it is JSON: send Content-Type: application/json."),
    422: ("Refused", "What was sent breaks a rule; `problems` names each place, and how to mend it."),
    428: ("VersionNeeded", "The header If-Match is missing."),
    503: ("Busy", "The database is busy with something long. Nothing was changed; try again in a minute."),
}


def error_answers(call: Call, *, method: str, has_place: bool, is_public: bool) -> dict[str, Any]:
    """Answer the refusals that a call may give, by their status; `has_place` says that its address has a number."""
    statuses = _statuses(call, method=method, has_place=has_place, is_public=is_public)
    return {str(status): {"$ref": f"#/components/responses/{_WORDS[status][0]}"} for status in sorted(set(statuses))}


def _statuses(call: Call, *, method: str, has_place: bool, is_public: bool) -> Iterator[int]:
    if not is_public:
        yield from (401, 403)
    if has_place or call.body:  # a body may name what one may not see
        yield 404
    if call.body:
        yield from (400, 413, 415)
    if call.body or call.query or call.once or call.if_match:
        yield 422
    if call.conflict or call.if_match:
        yield 409
    if call.if_match == "must":
        yield 428
    if method not in READ_METHODS:
        yield 503


def error_components() -> dict[str, Any]:
    """Answer every refusal once, to be pointed to."""
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {"application/problem+json": {"schema": schema}}
    return {name: {"description": words, "content": content} for name, words in _WORDS.values()}
