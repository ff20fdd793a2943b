"""Setting up a FlowApp of one's own; open while it is empty, to whoever has the link printed at start."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.accounts import sessions
from flowapp.accounts.passwords import hash_password
from flowapp.accounts.users import person_of
from flowapp.events.cause import SYSTEM, Cause
from flowapp.http.access import public
from flowapp.http.first_setup import forget_key, is_key, is_open
from flowapp.http.running import flow, reading
from flowapp.http.signing_in import give_cookie
from flowapp.kernel.errors import NotFound, Refused
from flowapp.web.page import go_to, show
from flowapp.web.setup.checking import check_step, plan_of
from flowapp.web.setup.form import SetupForm, Step, read_setup_form, with_sent_list
from flowapp.web.setup.pages import setup_page
from flowapp.web.setup.writing import set_up

bp = Blueprint("setup", __name__, url_prefix="/setup")
LEADS_HERE = ("/", "/sign-in")
STEPS = tuple(Step)


@dataclass(frozen=True)
class WaitingPage:
    """How to get the link, for those who came without it."""

    sentence: str = "This FlowApp is empty: there is no care home in it, and nobody can sign in yet."


@bp.before_app_request
def lead_here() -> Response | None:
    """Send whoever comes to an empty FlowApp to the page that says how to set it up."""
    if request.method == "GET" and request.path in LEADS_HERE and is_open(flow().settings, reading()):
        return go_to(url_for("setup.begin"))
    return None


@bp.get("/")
@public
def begin() -> Response:
    """Show the first page to whoever has the link, and to others how to get it."""
    _must_be_open()
    key = request.args.get("key", "")
    if not key:
        return show("setup/waiting.html", WaitingPage())
    _must_be_key(key)
    return _show(SetupForm(key=key, timezone=flow().settings.timezone))


@bp.post("/")
@public
def go_on() -> Response:
    """Go a page on or back; the last one writes everything and signs in."""
    _must_be_open()
    form = read_setup_form(request.form)
    _must_be_key(form.key)
    number = STEPS.index(form.step)
    if request.form.get("go") == "back":
        return _show(form.at(STEPS[max(number - 1, 0)]))
    password = request.form.get("password", "")
    try:
        form = with_sent_list(form, request.files.get("people_file"))
        check_step(form, password=password)
    except Refused as refused:
        return _show(form.with_problems(refused.problems), status=422)
    return _finish(form, password) if form.step is STEPS[-1] else _show(form.at(STEPS[number + 1]))


def _finish(form: SetupForm, password: str) -> Response:
    for step in STEPS[:-1]:
        earlier = form.at(step)
        try:
            check_step(earlier)
        except Refused as refused:
            return _show(earlier.with_problems(refused.problems), status=422)
    plan, hashed = plan_of(form), hash_password(password)
    app, browser, now = flow(), request.headers.get("User-Agent", ""), flow().clock.now()

    def write(session: Session) -> str:
        cause = Cause(actor=SYSTEM, at=now)
        admin = set_up(session, cause, plan, password_hash=hashed, actions=app.actions, triggers=app.triggers)
        person = person_of(session, admin)
        if person is None:
            raise NotFound
        return sessions.open(session, person, now, user_agent=browser)

    raw = app.database.write(write)
    forget_key(app.settings)
    flash(f"{plan.home_name} is set up. You are signed in as its administrator.", "success")
    return give_cookie(go_to(url_for("today.today")), raw)


def _must_be_open() -> None:
    if not is_open(flow().settings, reading()):
        raise NotFound


def _must_be_key(key: str) -> None:
    if not is_key(flow().settings, key):
        raise NotFound


def _show(form: SetupForm, *, status: int = 200) -> Response:
    return show("setup/step.html", setup_page(form), status=status)
