"""Publishing a week: first what will be published and what is wrong with it, then the button."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import KeyReused, form_sent_before, once
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import Refused
from flowapp.kernel.ids import new_token
from flowapp.messaging.in_app import notify
from flowapp.rota.publishing.publish import publish_week
from flowapp.web.filters import plural
from flowapp.web.page import go_to, show
from flowapp.web.rota.asked import Asked, asked
from flowapp.web.rota.publish_pages import publish_page

bp = Blueprint("rota_publishing", __name__, url_prefix="/rota/publish")


@bp.get("/")
@allow("rota.publish")
def look() -> Response:
    """Show what publishing a week would show to staff."""
    wanted = _asked()
    page = publish_page(reading(), wanted, nonce=new_token())
    return show("rota/publish.html", page, status=422 if wanted.error else 200)


@bp.post("/")
@allow("rota.publish")
def publish() -> Response:
    """Publish a week."""
    wanted, reason, nonce = _asked(), request.form.get("reason", ""), request.form.get("nonce", "")
    who, cause, home_id, week, code = person(), cause_of(), wanted.home.id, wanted.week, wanted.home.code
    if wanted.error:
        return show("rota/publish.html", publish_page(reading(), wanted, nonce=nonce, reason=reason), status=422)

    def write(session: Session) -> int:
        return publish_week(session, cause, who, home_id, week, tell=notify, reason=reason)

    try:
        count = change(lambda session: once(session, nonce, cause.at, lambda: write(session)))
    except KeyReused:
        error = form_sent_before("reason").message
        page = publish_page(reading(), _asked(), nonce=new_token(), reason=reason, error=error)
        return show("rota/publish.html", page, status=422)
    except Refused as refused:
        page = publish_page(reading(), _asked(), nonce=nonce, reason=reason, error=refused.message)
        return show("rota/publish.html", page, status=422)
    flash(_done(count), "success")
    return go_to(url_for("rota.index", week=week.text, home=code))


def _asked() -> Asked:
    found = asked(reading(), person(), "rota.view", flow().clock.now())
    require(person(), "rota.publish", On(home_id=found.home.id))
    return found


def _done(count: int) -> str:
    return f"{plural(count, 'shift is', 'shifts are')} published." if count else "This week is published already."
