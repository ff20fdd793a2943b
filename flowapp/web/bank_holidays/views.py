"""The bank holidays of a home, and the local days it keeps beside them."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import Conflict, Problem, Refused
from flowapp.rota.local_days import changes
from flowapp.web.bank_holidays.pages import DayForm, holidays_page, home_with
from flowapp.web.page import go_to, show

bp = Blueprint("bank_holidays", __name__, url_prefix="/settings/bank-holidays")
MOST_CODE, YEAR_DIGITS = 8, 4


@bp.get("/")
@allow("home.view")
def index() -> Response:
    """Show the bank holidays of one home in one year."""
    return _show(request.args.get("home", ""), _year(), DayForm())


@bp.post("/")
@allow("home.edit")
def add() -> Response:
    """Let a home keep a local day."""
    who, cause, code = person(), cause_of(), request.form.get("home", "")
    form = DayForm(day=request.form.get("day", "").strip(), name=request.form.get("name", "").strip())
    home_id = home_with(reading(), who, code)
    try:
        day = _day(form.day)
        change(lambda session: changes.add(session, cause, who, home_id, day=day, name=form.name))
    except Refused as refused:
        errors = {problem.path: problem.message for problem in refused.problems}
        return _show(code, _this_year(), DayForm(day=form.day, name=form.name, errors=errors), status=422)
    flash("The home keeps the day.", "success")
    return go_to(url_for("bank_holidays.index", home=code, year=day.year))


@bp.post("/remove")
@allow("home.edit")
def remove() -> Response:
    """Let a home keep a local day no more."""
    who, cause, code = person(), cause_of(), request.form.get("home", "")
    home_id = home_with(reading(), who, code)
    try:
        day = _day(request.form.get("day", ""))
        change(lambda session: changes.remove(session, cause, who, home_id, day=day))
    except (Conflict, Refused) as refused:
        flash(refused.message, "error")
        return go_to(url_for("bank_holidays.index", home=code))
    flash("The home keeps the day no more.", "success")
    return go_to(url_for("bank_holidays.index", home=code, year=day.year))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = "Enter the day, such as 12 July 2027."
        raise Refused([Problem(path="day", code="bad_date", message=message)]) from None


def _year() -> int:
    text = request.args.get("year", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) == YEAR_DIGITS else _this_year()


def _this_year() -> int:
    return flow().clock.now().astimezone(flow().settings.zone).year


def _show(code: str, year: int, form: DayForm, *, status: int = 200) -> Response:
    page = holidays_page(reading(), person(), code=code[:MOST_CODE], year=year, form=form)
    return show("bank_holidays/index.html", page, status=status)
