"""Who is asking, and whether they may.

Every view says who may use it with one of `public`, `signed_in` or `allow(permission)`; a test goes through all
routes and finds those that do not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from ipaddress import ip_address
from typing import Any, TypeVar, cast

from flask import g, request
from flask_login import current_user

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.kernel.errors import FlowError, NotAllowed

View = TypeVar("View", bound=Callable[..., Any])
READ_METHODS = ("GET", "HEAD", "OPTIONS")
API_PAGE = "/api/docs"  # beside the API, and for people
FOR_WATCHERS = ("/healthz", "/readyz", "/metrics")  # asked by whatever watches the server
# Each of these says that somebody stands between, who may be anybody.
_FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")


class SignInNeeded(FlowError):
    """Please sign in first."""

    code = "sign_in_needed"


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody who is signed in on a page, or a program with a token; `scopes` is None for pages."""

    person: Person
    csrf: str
    session_id: int | None = None
    scopes: frozenset[str] | None = None

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Answer the user's number as text."""
        return str(self.person.user_id)


def visitor() -> Visitor:
    """Answer who is asking; raises SignInNeeded when nobody is signed in."""
    found = current_user._get_current_object()
    if not found.is_authenticated:
        raise SignInNeeded
    return cast(Visitor, found)


def person() -> Person:
    """Answer the person who is asking."""
    return visitor().person


def public(view: View) -> View:
    """Let anybody in."""
    view.access, view.scope = "public", None  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Let everybody in who is signed in."""
    return _guarded(view, "signed_in", lambda: visitor())


def allow(permission: str, *, scope: str | None = None) -> Callable[[View], View]:
    """Let those in who have a permission, for themselves at least; a loader asks again about the record.

    `scope` is what an API token needs; `read` for reading unless another is named.
    """
    needed = scope or "read"
    return lambda view: _guarded(view, permission, lambda: _require(permission, needed), scope=needed)


def local_or(permission: str) -> Callable[[View], View]:
    """Let programs in that run on this very machine, and from elsewhere those with a permission."""

    def guard() -> None:
        if not is_local():
            _require(permission, "read")

    return lambda view: _guarded(view, permission, guard, scope="read")


def is_local() -> bool:
    """Say whether a program of this machine asks for itself, and shows no token.

    A reverse proxy on this machine asks for others, and says so in its headers.
    """
    if raw_token() is not None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _require(permission: str, scope: str) -> None:
    who = visitor()
    if who.scopes is not None and scope not in who.scopes:
        raise NotAllowed(f"This token may not do that: it needs the scope {scope!r}.")
    own = On(home_id=None, staff_id=who.person.staff_id)
    if not (can(who.person, permission) or can(who.person, permission, own)):
        raise NotAllowed


def _guarded(view: View, access: str, guard: Callable[[], Any], *, scope: str | None = None) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        guard()
        return view(*args, **kwargs)

    guarded.access, guarded.scope = access, scope  # type: ignore[attr-defined]
    return cast(View, guarded)


def wants_json() -> bool:
    """Say whether a program is asking, not a person."""
    path = request.path
    return (path.startswith("/api/") and path != API_PAGE) or path in FOR_WATCHERS


def raw_token() -> str | None:
    """Answer the token a program sent, if it sent one."""
    header = request.headers.get("Authorization", "")
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def remember(name: str, value: object) -> None:
    """Keep something for the rest of this request."""
    setattr(g, name, value)
