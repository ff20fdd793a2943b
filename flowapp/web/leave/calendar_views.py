"""The team calendar: who is away, month by month."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from flowapp.http.access import allow, person
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import NotFound, Refused
from flowapp.web.leave.calendar import calendar_page
from flowapp.web.leave.calendar_month import month_of, read_month
from flowapp.web.leave.calendar_reading import calendar_homes
from flowapp.web.page import show

bp = Blueprint("team_calendar", __name__, url_prefix="/leave/calendar")


@bp.get("/")
@allow("leave.view")
def index() -> Response:
    """Show a month of one home."""
    now, homes = flow().clock.now(), calendar_homes(reading(), person())
    code = request.args.get("home", "")
    home = next((each for each in homes if each.code == code), None) if code else homes[0]
    if home is None:
        raise NotFound
    month, text, error = month_of(now.astimezone(home.zone).date()), request.args.get("month", ""), ""
    try:
        month = read_month(text) if text else month
    except Refused as refused:
        error = refused.message
    page = calendar_page(reading(), person(), home, homes, month, now=now, error=error)
    return show("leave/calendar.html", page, status=422 if error else 200)
