"""The cookie that carries a short message to the next page; who is signed in is not in it."""

from __future__ import annotations

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface


class FlashCookies(SecureCookieSessionInterface):
    """Flask's own signed cookie, sent over HTTPS only where the page came over HTTPS."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Say whether the cookie may not travel over plain HTTP."""
        return request.is_secure
