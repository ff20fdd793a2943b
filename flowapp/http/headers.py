"""What every answer says about itself to the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "manifest-src 'self'",
    )
)
A_YEAR = 31_536_000
FEED = "feed.read"
ALWAYS = [
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
]


def always(application: Callable[..., Any]) -> Callable[..., Any]:
    """Answer a WSGI application whose every answer forbids the browser what our pages do not need.

    Outside Flask, which would look at each of these headers anew for each answer.
    """

    def answering(environ: Any, start_response: Any) -> Any:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, headers + ALWAYS, *error)

        return application(environ, start)

    return answering


def guard(response: Response) -> Response:
    """Keep private pages out of every cache, and browsers that came over HTTPS with it."""
    headers = response.headers
    if request.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
    headers["Cache-Control"] = _caching()
    return response


def _caching() -> str:
    if request.endpoint == "static":
        return f"public, max-age={A_YEAR}, immutable" if "v" in request.args else "no-cache"
    # A calendar may keep what it was sent, and asks each time whether that is still right.
    return "private, no-cache" if request.endpoint == FEED else "no-store"
