"""Signing in and out, choosing a password by a sign-in link, and one's own account."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.accounts import sessions, sign_in_links
from flowapp.accounts.passwords import check_password, hash_password
from flowapp.accounts.people import Person
from flowapp.accounts.sign_in import sign_in as check_sign_in
from flowapp.http.access import person, public, signed_in, visitor
from flowapp.http.returning import safe_return
from flowapp.http.running import flow, reading
from flowapp.http.signing_in import give_cookie, take_cookie
from flowapp.kernel.errors import Refused
from flowapp.web.account.pages import AccountPage, LinkOverPage, PasswordPage, SignInPage
from flowapp.web.feed.pages import calendar_part
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


@bp.get("/sign-in-links/<string:token>/")
@public
def follow_link(token: str) -> Response:
    """Show the form to choose a password, and leave the link unused: programs that preview links follow them too."""
    try:
        found = sign_in_links.look_up(reading(), token, flow().clock.now())
    except sign_in_links.LinkOver as over:
        return _over(over)
    return _choose(token, found)


@bp.post("/sign-in-links/<string:token>/")
@public
def use_link(token: str) -> Response:
    """Take the password that was chosen, and sign in."""
    now, password, browser = flow().clock.now(), request.form.get("password", ""), request.headers.get("User-Agent", "")
    try:
        found = sign_in_links.look_up(reading(), token, now)
        check_password(password, email=found.email)
        hashed = hash_password(password)

        def write(session: Session) -> str:
            person = sign_in_links.use(session, token, hashed, now)
            return sessions.open(session, person, now, user_agent=browser)

        raw = flow().database.write(write)
    except sign_in_links.LinkOver as over:
        return _over(over)
    except Refused as refused:
        return _choose(token, found, refused)
    flash("Your password is kept. You are signed in.", "success")
    return give_cookie(go_to(url_for("today.today")), raw)


def _choose(token: str, found: Person, refused: Refused | None = None) -> Response:
    problems = tuple((problem.path, problem.message) for problem in refused.problems) if refused else ()
    action = url_for("account.use_link", token=token)
    page = PasswordPage(name=found.name, email=found.email, action=action, problems=problems)
    return show("account/password.html", page, status=422 if refused else 200)


def _over(over: sign_in_links.LinkOver) -> Response:
    return show("account/link_over.html", LinkOverPage(sentence=over.message), status=HTTPStatus.GONE)


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
    calendar = calendar_part(reading(), who, zone=flow().settings.zone)
    return show("account/account.html", AccountPage(facts=facts, calendar=calendar))
