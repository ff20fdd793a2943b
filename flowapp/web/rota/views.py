"""The rota: one week of one home, and copying the week before into it."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import KeyReused, once
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import Conflict
from flowapp.kernel.ids import new_token
from flowapp.rota.week.copying import copy_week
from flowapp.web.page import go_to, show
from flowapp.web.rota.asked import asked
from flowapp.web.rota.pages import week_page

bp = Blueprint("rota", __name__, url_prefix="/rota")


@bp.get("/")
@allow("rota.view")
def index() -> Response:
    """Show a week of one home."""
    wanted = asked(reading(), person(), "rota.view", flow().clock.now())
    page = week_page(reading(), person(), wanted, day=request.args.get("day", ""), nonce=new_token())
    return show("rota/week.html", page, status=422 if wanted.error else 200)


@bp.post("/copy")
@allow("shift.edit")
def copy() -> Response:
    """Plan the shifts of the week before again."""
    who, cause, nonce = person(), cause_of(), request.form.get("nonce", "")
    wanted = asked(reading(), who, "rota.view", cause.at)
    home_id, week, same = wanted.home.id, wanted.week, request.form.get("as") == "same"
    require(who, "shift.edit", On(home_id=home_id))
    if wanted.error:
        return show("rota/week.html", week_page(reading(), who, wanted, day="", nonce=nonce), status=422)

    def write(session: Session) -> str:
        return copy_week(session, cause, who, home_id, week, same_people=same).sentence

    code = wanted.home.code
    try:
        flash(change(lambda session: once(session, nonce, cause.at, lambda: write(session))), "success")
    except KeyReused:
        raise Conflict("This form was sent before, with something else in it. Open the week again.") from None
    return go_to(url_for("rota.index", week=week.text, home=code))
