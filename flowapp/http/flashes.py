"""The cookie that carries a short message to the next page; who is signed in is not in it."""

from __future__ import annotations

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface


class FlashCookies(SecureCookieSessionInterface):
    """Flask's own signed cookie, sent over HTTPS only where the page came over HTTPS."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Answer what came along; an empty one at once where nothing did, as for every call of a program."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def get_cookie_secure(self, app: Flask) -> bool:
        """Say whether the cookie may not travel over plain HTTP."""
        return request.is_secure
