"""Reading a calendar at its secret address, and making and taking back one's own."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from flowapp.http.access import person, public, signed_in
from flowapp.http.changes import cause_of, change
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import NotFound
from flowapp.rota.feed import address
from flowapp.rota.feed.entries import entries_of
from flowapp.rota.feed.writing import calendar_text
from flowapp.web.feed.pages import made_address_page
from flowapp.web.page import go_to, show

bp = Blueprint("feed", __name__)


@bp.get("/ics/<string:token>.ics")
@public
def read(token: str) -> AnyResponse:
    """Answer a calendar to whoever has its address; an unchanged one is not sent again."""
    whose, now = address.whose(reading(), token), flow().clock.now()
    if whose.staff_id is None:
        raise NotFound
    entries = entries_of(reading(), whose.staff_id, now)
    text = calendar_text(entries, name="My shifts", host=urlsplit(_here()).hostname or "flowapp", now=now)
    answer = Response(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="shifts.ics"'
    answer.add_etag()
    return answer.make_conditional(request)


@bp.post("/account/calendar")
@signed_in
def make() -> Response:
    """Make an address for one's calendar and show it, this once; an earlier one stops working."""
    who, cause = person(), cause_of()
    token = change(lambda session: address.make(session, cause, who))
    return show("feed/made.html", made_address_page(_here() + url_for("feed.read", token=token)))


@bp.post("/account/calendar/take-back")
@signed_in
def take_back() -> AnyResponse:
    """End the address of one's calendar."""
    who, cause = person(), cause_of()
    if change(lambda session: address.take_back(session, cause, who)):
        flash(
            "The address no longer works. What a telephone has read already stays on it until it is removed.", "success"
        )
    return go_to(url_for("account.account"))


def _here() -> str:
    return flow().settings.base_url.rstrip("/") or request.host_url.rstrip("/")
