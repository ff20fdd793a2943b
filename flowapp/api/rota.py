"""One week of a home's rota over the API: what publishing it would show, and publishing it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.orm import Session

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.api.bodies import body_as
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.rota import PublishWeekBody, WeekAnswer
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import reading
from flowapp.messaging.in_app import notify
from flowapp.rota.demand.gaps import Gap
from flowapp.rota.homes import home
from flowapp.rota.publishing.preview import preview
from flowapp.rota.publishing.publish import publish_week
from flowapp.rota.week.week import Week, read_week


def add_to(bp: Blueprint) -> None:
    """Add the calls about a week."""
    bp.add_url_rule("/homes/<int:home_id>/rota/<string:week>", view_func=show_week, methods=["GET"])
    bp.add_url_rule("/homes/<int:home_id>/rota/<string:week>/publish", view_func=publish_rota, methods=["POST"])


@allow("rota.view_all")
@documented(Call(answer=WeekAnswer))
def show_week(home_id: int, week: str) -> Response:
    """Answer what is not published in a week such as 2026-W48, what is lacking, and who cannot work their shift."""
    require(person(), "rota.view_all", On(home_id=home_id))
    home(reading(), home_id)
    return jsonify(_as_body(reading(), home_id, read_week(week)))


@allow("rota.publish", scope="rota")
@documented(Call(body=PublishWeekBody, answer=WeekAnswer, once=True))
def publish_rota(home_id: int, week: str) -> Response:
    """Let staff see a week, and tell each of them once; nothing happens when they see all of it already."""
    body, who, cause, key = body_as(PublishWeekBody), person(), cause_of(), request.headers.get("Idempotency-Key")
    require(who, "rota.publish", On(home_id=home_id))
    wanted = read_week(week)

    def write(session: Session) -> dict[str, Any]:
        publish_week(session, cause, who, home_id, wanted, tell=notify, reason=body.reason)
        return _as_body(session, home_id, wanted)

    return jsonify(change(lambda session: once(session, key, cause.at, lambda: write(session))))


def _as_body(session: Session, home_id: int, week: Week) -> dict[str, Any]:
    found = preview(session, home_id, week)
    return {
        "care_home_id": home_id,
        "week": week.text,
        "first_day": week.monday,
        "last_day": week.sunday,
        "published": found.published,
        "to_publish": [shift.id for shift in found.to_publish],
        "open": found.open,
        "gaps": [_gap(each) for each in found.gaps],
        "breaches": [
            {"shift_id": each.shift_id, "staff_id": each.staff_id, "rule": each.code, "text": each.words}
            for each in found.breaches
        ],
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "date": gap.day,
        "need_id": gap.need.id,
        "unit_id": gap.need.unit_id,
        "role": gap.need.role,
        "needed": gap.need.fewest,
        "planned": gap.planned,
        "text": gap.words,
    }
