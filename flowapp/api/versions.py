"""Which version of a thing a program has seen, so that it does not undo what somebody else did since."""

from __future__ import annotations

import re

from flask import Response, request
from werkzeug.exceptions import PreconditionRequired

from flowapp.kernel.errors import Problem, Refused

_VERSION = re.compile(r'(?:W/)?("?)([0-9]{1,9})\1')
_NEEDED = "Send the header If-Match with the version you have seen, so that nobody's change is lost."


def seen_version() -> int | None:
    """Answer the version of `If-Match`, with or without quotes; None when it was not sent."""
    text = request.headers.get("If-Match")
    if text is None:
        return None
    found = _VERSION.fullmatch(text.strip())
    if found is None:
        message = 'If-Match must be the version you have seen, such as "3".'
        raise Refused([Problem(path="If-Match", code="bad_value", message=message)])
    return int(found[2])


def needed_version() -> int:
    """Answer the version of `If-Match`; raises PreconditionRequired when it was not sent."""
    seen = seen_version()
    if seen is None:
        raise PreconditionRequired(_NEEDED)
    return seen


def tagged(response: Response, version: int) -> Response:
    """Let the answer say which version it shows."""
    response.headers["ETag"] = f'"{version}"'
    return response
