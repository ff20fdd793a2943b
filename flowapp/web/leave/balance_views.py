"""What leave would take, answered beside the form while its dates are being chosen."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from flowapp.http.access import allow, person
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import NotFound, Refused
from flowapp.kernel.ids import new_token
from flowapp.web.leave.balance import takes, takes_nothing
from flowapp.web.leave.forms import read_leave_form
from flowapp.web.leave.pages import leave_page
from flowapp.web.page import show

bp = Blueprint("leave_balance", __name__, url_prefix="/leave/balance")


@bp.get("/")
@allow("leave.request")
def index() -> Response:
    """Say what the leave takes: a block for htmx, else the leave page with what was chosen."""
    return _answer(request.args)


@bp.post("/")
@allow("leave.request")
def look() -> Response:
    """Say the same to a browser without JavaScript.

    It changes nothing, but is posted: the reason and the form's token do not belong into an address.
    """
    return _answer(request.form)


def _answer(typed: MultiDict[str, str]) -> Response:
    who, now = person(), flow().clock.now()
    if who.staff_id is None:
        raise NotFound("Your account does not belong to a member of staff, so there is no leave to ask for.")
    form, status = read_leave_form(typed), 200
    try:
        answer = takes(reading(), who.staff_id, form, now)
    except Refused as refused:
        answer, form, status = takes_nothing(refused), form.with_problems(refused.problems), 422
    page = leave_page(reading(), who, form, typed.get("nonce") or new_token(), now)
    return show("leave/index.html", replace(page, takes=answer), fragment="takes", status=status)
