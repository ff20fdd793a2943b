"""What every answer says about itself to the browser."""

from __future__ import annotations

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
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def guard(response: Response) -> Response:
    """Forbid everything that our pages do not need, and keep private pages out of every cache."""
    headers = response.headers
    headers.extend(ALWAYS)
    if request.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
    headers["Cache-Control"] = _caching()
    return response


def _caching() -> str:
    if request.endpoint == "static":
        return f"public, max-age={A_YEAR}, immutable" if "v" in request.args else "no-cache"
    return "no-store"
