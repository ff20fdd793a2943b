"""The mails that FlowApp sent, keeps, or tries to send."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.numbers import LARGEST
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import Conflict, NotFound
from flowapp.messaging.outbox import Mail, MailStatus, send_again
from flowapp.web.outbox.pages import mail_page, outbox_page
from flowapp.web.page import go_to, show

bp = Blueprint("outbox", __name__, url_prefix="/outbox")


@bp.get("/")
@allow("mail.view")
def index() -> Response:
    """Show the mails about one's homes, the newest first."""
    status = request.args.get("status", "")
    page = outbox_page(
        reading(),
        person(),
        status=MailStatus(status) if status in set(MailStatus) else None,
        before=min(request.args.get("before", LARGEST, type=int), LARGEST) if "before" in request.args else None,
        has_server=flow().smtp is not None,
        now=flow().clock.now(),
        zone=flow().settings.zone,
    )
    return show("outbox/index.html", page, fragment="mails")


@bp.get("/<int:mail_id>/")
@allow("mail.view")
def show_mail(mail_id: int) -> Response:
    """Show one mail with its text."""
    return _show(_load(mail_id, "mail.view"))


@bp.post("/<int:mail_id>/send-again")
@allow("mail.retry")
def send_again_now(mail_id: int) -> Response:
    """Send a mail once more that failed, or was kept because there was no mail server."""
    _load(mail_id, "mail.retry")
    cause = cause_of()
    try:
        change(lambda session: send_again(session, cause, mail_id))
    except Conflict as conflict:
        return _show(_load(mail_id, "mail.view"), problem=conflict.message, status=409)
    flash("The mail waits to be sent again.", "success")
    return go_to(url_for("outbox.show_mail", mail_id=mail_id))


def _load(mail_id: int, permission: str) -> Mail:
    mail = reading().get(Mail, mail_id)
    if mail is None:
        raise NotFound
    require(person(), permission, On(home_id=mail.care_home_id))
    return mail


def _show(mail: Mail, *, problem: str = "", status: int = 200) -> Response:
    page = mail_page(
        reading(),
        person(),
        mail,
        has_server=flow().smtp is not None,
        now=flow().clock.now(),
        zone=flow().settings.zone,
        problem=problem,
    )
    return show("outbox/mail.html", page, status=status)
