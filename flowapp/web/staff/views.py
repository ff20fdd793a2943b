"""Members of staff: the list, and one person's record."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.http.access import allow, person
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import NotFound
from flowapp.rota.staff import JobRole, Staff
from flowapp.web.page import show
from flowapp.web.staff.finding import Wanted
from flowapp.web.staff.pages import staff_page
from flowapp.web.staff.record import record_page

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
    found = reading().get(Staff, staff_id)
    if found is None:
        raise NotFound  # in the words that an outsider gets, which do not tell whether there is such a person
    require(person(), "staff.view", On(home_id=found.home_id, staff_id=found.id))
    return show("staff/member.html", record_page(reading(), person(), found, now=flow().clock.now()))
