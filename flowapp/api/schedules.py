"""Schedules over the API: seeing when one would be due, without a workflow."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from flowapp.api.bodies import body_as
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.schedules import PreviewAnswer, PreviewBody
from flowapp.http.access import allow
from flowapp.http.running import flow
from flowapp.kernel.cron import next_after
from flowapp.kernel.cron_reading import CronError
from flowapp.kernel.cron_words import in_words
from flowapp.kernel.errors import BadSetting, Problem, Refused
from flowapp.rota.wall_time import zone_of


def add_to(bp: Blueprint) -> None:
    """Add the calls about schedules."""
    bp.add_url_rule("/schedules/preview", view_func=preview_schedule, methods=["POST"])


@allow("workflow.view")
@documented(Call(body=PreviewBody, answer=PreviewAnswer))
def preview_schedule() -> Response:
    """Say in words when a schedule is due, and give the next times. Changes nothing.

    A fixed time that the clocks skip is due right after the gap, one that comes twice is due the first time.
    """
    body = body_as(PreviewBody)
    zone = _zone(body.timezone)
    after = body.after or flow().clock.now()
    if after.tzinfo is None:
        after = after.replace(tzinfo=zone)
    field = "cron"
    try:
        words, field = in_words(body.cron), "after"
        return jsonify({"words": words, "next": _next(body.cron, zone, after, body.count)})
    except CronError as error:
        raise Refused([Problem(path=field, code=error.code, message=error.message)]) from None


def _next(cron: str, zone: ZoneInfo, after: datetime, count: int) -> list[str]:
    found = []
    for _ in range(count):
        after = next_after(cron, zone, after)
        found.append(after.astimezone(zone).isoformat())
    return found


def _zone(name: str) -> ZoneInfo:
    try:
        return zone_of(name)
    except BadSetting as error:
        raise Refused([Problem(path="timezone", code="unknown_timezone", message=error.message)]) from None
