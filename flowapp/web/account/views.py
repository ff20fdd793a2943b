"""Signing in and out, and one's own account."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from flowapp.accounts import sessions
from flowapp.accounts.sign_in import sign_in as check_sign_in
from flowapp.http.access import person, public, signed_in, visitor
from flowapp.http.returning import safe_return
from flowapp.http.running import flow
from flowapp.http.signing_in import give_cookie, take_cookie
from flowapp.kernel.errors import Refused
from flowapp.web.account.pages import AccountPage, SignInPage
from flowapp.web.page import go_to, show

bp = Blueprint("account", __name__)


@bp.get("/sign-in")
@public
def sign_in() -> Response:
    """Show the form to sign in."""
    return show("account/sign_in.html", SignInPage(next=request.args.get("next", "")))


@bp.post("/sign-in")
@public
def sign_in_now() -> Response:
    """Sign in, and go on to where one wanted to be."""
    email, next_ = request.form.get("email", ""), request.form.get("next", "")
    password, address = request.form.get("password", ""), request.remote_addr or ""
    now, database = flow().clock.now(), flow().database
    try:
        found = check_sign_in(database, email=email, password=password, address=address, now=now)
    except Refused as refused:
        problems = tuple((problem.path or "email", problem.message) for problem in refused.problems)
        return show("account/sign_in.html", SignInPage(email=email, next=next_, problems=problems), status=422)
    browser = request.headers.get("User-Agent", "")
    raw = database.write(lambda session: sessions.open(session, found, now, user_agent=browser))
    return give_cookie(go_to(safe_return(next_) or url_for("today.today")), raw)


@bp.post("/sign-out")
@signed_in
def sign_out() -> Response:
    """End this session."""
    session_id = visitor().session_id
    if session_id is not None:
        flow().database.write(lambda session: sessions.close(session, session_id))
    return take_cookie(go_to(url_for("account.sign_in")))


@bp.get("/account")
@signed_in
def account() -> Response:
    """Show one's own account."""
    who = person()
    facts = (("Name", who.name), ("Email address", who.email), ("Role", who.role.label))
    return show("account/account.html", AccountPage(facts=facts))
