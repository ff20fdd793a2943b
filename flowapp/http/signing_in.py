"""Finding out who is asking: a session cookie on pages, a bearer token for programs."""

from __future__ import annotations

from datetime import timedelta

from flask import Request, request
from flask_login import LoginManager
from werkzeug.wrappers import Response

from flowapp.accounts import sessions, tokens
from flowapp.http.access import Visitor, raw_token, wants_json
from flowapp.http.running import flow, reading

login = LoginManager()
login.session_protection = None  # of Flask-Login's own session, in which nobody is signed in; ours is checked below
TOUCH_EVERY = timedelta(minutes=1)


def cookie_name() -> str:
    """Answer the cookie's name; browsers hold a `__Host-` cookie to this very host, but only over HTTPS."""
    return "__Host-flowapp" if request.is_secure else "flowapp"


@login.request_loader  # type: ignore[untyped-decorator]
def visitor_of(_: Request) -> Visitor | None:
    """Answer who sends this request, or None."""
    return _program() if wants_json() else _browser()


def _program() -> Visitor | None:
    raw = raw_token()
    now = flow().clock.now()
    bearer = tokens.look_up(reading(), raw, now) if raw else None
    if bearer is None:
        return None
    if bearer.last_used_at is None or now - bearer.last_used_at > TOUCH_EVERY:
        flow().database.write_if_free(lambda session: tokens.touch(session, bearer.token_id, now))
    return Visitor(person=bearer.person, csrf="", scopes=bearer.scopes)


def _browser() -> Visitor | None:
    raw = request.cookies.get(cookie_name())
    if not raw:
        return None
    now = flow().clock.now()
    found = sessions.look_up(reading(), raw, now)
    if found is None:
        return None
    if now - found.last_seen_at > TOUCH_EVERY:
        flow().database.write_if_free(lambda session: sessions.touch(session, found.session_id, now))
    return Visitor(person=found.person, csrf=found.csrf, session_id=found.session_id)


def give_cookie(response: Response, raw: str) -> Response:
    """Let the browser keep a session; it ends with the browser at the latest."""
    response.set_cookie(cookie_name(), raw, httponly=True, samesite="Lax", secure=request.is_secure, path="/")
    return response


def take_cookie(response: Response) -> Response:
    """Let the browser forget its session."""
    response.delete_cookie(cookie_name(), path="/", httponly=True, samesite="Lax", secure=request.is_secure)
    return response
