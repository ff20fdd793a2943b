"""Refusing requests that another site makes in a visitor's name.

Two guards on every unsafe request of a page: the browser's own word about where it comes from, and a token that
only our pages know. Programs with a token of their own send no cookie and need neither.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from flask import Response, current_app, g, request
from flask_login import current_user

from flowapp.http.access import READ_METHODS, Visitor, wants_json
from flowapp.kernel.errors import FlowError

COOKIE = "flowapp_form"
FIELD = "csrf_token"
HEADER = "X-CSRFToken"
OWN_SITES = ("same-origin", "none")


class FormExpired(FlowError):
    """This form was open for too long, or came from another site. Nothing was changed; please try again."""

    code = "form_expired"


def csrf_token() -> str:
    """Answer the token of this visitor's forms."""
    if isinstance(current_user._get_current_object(), Visitor):
        return str(current_user.csrf)
    return _sign(_anonymous())


def guard() -> None:
    """Refuse an unsafe request of a page that does not bring the token; raises FormExpired."""
    if request.method in READ_METHODS or wants_json() or request.path.startswith("/hooks/"):
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in OWN_SITES:
        raise FormExpired
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise FormExpired  # older browsers send this and not the header before
    sent = request.headers.get(HEADER) or request.form.get(FIELD, "")
    if not hmac.compare_digest(sent.encode(), csrf_token().encode()):
        raise FormExpired


def keep_cookie(response: Response) -> Response:
    """Give a visitor who is not signed in the cookie that their form's token belongs to."""
    made = g.pop("form_cookie", None)
    if made:
        response.set_cookie(COOKIE, made, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def _anonymous() -> str:
    found = request.cookies.get(COOKIE) or g.get("form_cookie")
    if not found:
        found = g.form_cookie = secrets.token_urlsafe(16)
    return str(found)


def _sign(text: str) -> str:
    key = str(current_app.secret_key).encode()
    return hmac.new(key, b"form:" + text.encode(), hashlib.sha256).hexdigest()
