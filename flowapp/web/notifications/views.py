"""What FlowApp told somebody."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from flowapp.http.access import allow, person
from flowapp.http.running import flow, reading
from flowapp.messaging import in_app
from flowapp.web.filters import When, when
from flowapp.web.page import go_to, show

bp = Blueprint("notifications", __name__, url_prefix="/notifications")
MOST = 50


@dataclass(frozen=True, kw_only=True)
class Item:
    """One notification."""

    id: str
    title: str
    message: str
    href: str
    unread: bool
    when: When


@dataclass(frozen=True, kw_only=True)
class NotificationsPage:
    """Somebody's notifications, the newest first."""

    items: tuple[Item, ...]
    unread: int
    sentence: str


@bp.get("/")
@allow("notification.view")
def index() -> Response:
    """Show one's notifications."""
    now, zone = flow().clock.now(), flow().settings.zone
    items = tuple(
        Item(
            id=f"notification-{each.id}",
            title=each.title,
            message=each.message,
            href=each.link or "",
            unread=each.read_at is None,
            when=when(each.created_at, now=now, zone=zone),
        )
        for each in in_app.latest(reading(), person().user_id, limit=MOST)
    )
    unread = in_app.unread_count(reading(), person().user_id)
    sentence = f"{unread} new." if unread else ""
    return show("notifications/index.html", NotificationsPage(items=items, unread=unread, sentence=sentence))


@bp.post("/read-all")
@allow("notification.view")
def read_all() -> Response:
    """Mark all of one's notifications as read."""
    who, now = person(), flow().clock.now()
    flow().database.write(lambda session: in_app.mark_all_read(session, who.user_id, now))
    flash("All marked as read.", "success")
    return go_to(url_for("notifications.index"))
