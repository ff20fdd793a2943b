"""Members of staff: the list, and one person's record."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from flowapp.accounts import sign_in_links
from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import Conflict, NotFound, Problem, Refused
from flowapp.rota.eligibility.candidate import Scope
from flowapp.rota.home_scope.changes import set_scope
from flowapp.rota.homes import home
from flowapp.rota.staff import JobRole, Staff
from flowapp.web.page import go_to, show
from flowapp.web.staff.finding import Wanted
from flowapp.web.staff.pages import staff_page
from flowapp.web.staff.presence import NEITHER
from flowapp.web.staff.record import record_page
from flowapp.web.staff.sign_in_link import account_of, made_link_page
from flowapp.web.typed import number_or_none

bp = Blueprint("staff", __name__, url_prefix="/staff")
MOST_TEXT, MOST_CODE = 100, 8


@bp.get("/")
@allow("staff.view")
def index() -> Response:
    """Show the staff of one's homes by name."""
    page = staff_page(reading(), person(), _wanted(), number=request.args.get("page", 1, type=int))
    return show("staff/index.html", page, fragment="people")


def _wanted() -> Wanted:
    role = request.args.get("role", "")
    return Wanted(
        text=request.args.get("q", "").strip()[:MOST_TEXT],
        home=request.args.get("home", "")[:MOST_CODE],
        role=JobRole(role) if role in set(JobRole) else None,
    )


@bp.get("/<int:staff_id>/")
@allow("staff.view")
def show_member(staff_id: int) -> Response:
    """Show one member of staff."""
    found = _load(staff_id, "staff.view")
    return show("staff/member.html", record_page(reading(), person(), found, now=flow().clock.now()))


@bp.post("/<int:staff_id>/sign-in-link")
@allow("account.manage")
def make_sign_in_link(staff_id: int) -> Response:
    """Make a sign-in link and show it, this once: it is in no other answer, so the browser is not sent on."""
    found, cause = _load(staff_id, "account.manage"), cause_of()
    account = account_of(reading(), found)
    if account is None:
        raise Conflict(f"{found.name} has no account yet, so there is nothing to sign in to. Open an account first.")
    user_id, zone = account.id, home(reading(), found.home_id).zone
    token = change(lambda session: sign_in_links.make(session, cause, user_id))
    here = flow().settings.base_url.rstrip("/") or request.host_url.rstrip("/")
    link = here + url_for("account.follow_link", token=token)
    return show("staff/sign_in_link.html", made_link_page(found, link, now=cause.at, zone=zone))


@bp.post("/<int:staff_id>/homes")
@allow("staff.edit")
def set_home(staff_id: int) -> Response:
    """Say that somebody helps out in another home, must not work there, or neither."""
    _load(staff_id, "staff.edit")
    who, cause = person(), cause_of()
    try:
        home_id, kind = _home_chosen()
        change(lambda session: set_scope(session, cause, who, staff_id, home_id=home_id, kind=kind))
    except Refused as refused:
        flash(refused.message, "error")
    else:
        flash("Saved.", "success")
    return go_to(url_for("staff.show_member", staff_id=staff_id, _anchor="where"))


def _home_chosen() -> tuple[int, Scope | None]:
    words = "Choose a home, and what it is to them."
    home_id = number_or_none(request.form.get("care_home", ""), path="care_home", words=words)
    scope = request.form.get("scope", "")
    if home_id is None or scope not in {*Scope, NEITHER}:
        raise Refused([Problem(path="care_home", code="unknown", message=words)])
    return home_id, None if scope == NEITHER else Scope(scope)


def _load(staff_id: int, permission: str) -> Staff:
    found = reading().get(Staff, staff_id)
    if found is None:
        raise NotFound  # in the words that an outsider gets, which do not tell whether there is such a person
    require(person(), permission, On(home_id=found.home_id, staff_id=found.id))
    return found
