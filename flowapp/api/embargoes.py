"""Times closed to leave over the API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy.orm import Session

from flowapp.api.bodies import body_as
from flowapp.api.lists import page_of
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.embargoes import EmbargoAnswer, EmbargoBody, EmbargoChange, EmbargoPage
from flowapp.api.schemas.values import ListQuery
from flowapp.api.shift_bodies import NoBody
from flowapp.api.versions import needed_version, tagged
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import reading
from flowapp.rota.embargoes import changes
from flowapp.rota.embargoes.changes import embargoes_seen, seen_embargo
from flowapp.rota.leave_embargo import LeaveEmbargo


def add_to(bp: Blueprint) -> None:
    """Add the calls about times closed to leave."""
    bp.add_url_rule("/embargoes", view_func=list_embargoes, methods=["GET"])
    bp.add_url_rule("/embargoes", view_func=create_embargo, methods=["POST"])
    bp.add_url_rule("/embargoes/<int:embargo_id>", view_func=show_embargo, methods=["GET"])
    bp.add_url_rule("/embargoes/<int:embargo_id>", view_func=update_embargo, methods=["PATCH"])
    bp.add_url_rule("/embargoes/<int:embargo_id>", view_func=delete_embargo, methods=["DELETE"])


@allow("home.view")
@documented(Call(query=ListQuery, answer=EmbargoPage))
def list_embargoes() -> Response:
    """Answer the times closed to leave in the homes one may see."""
    found = sorted(embargoes_seen(reading(), person()), key=lambda row: row.id)

    def fetch(limit: int, after: int | None) -> list[LeaveEmbargo]:
        return [row for row in found if after is None or row.id > after][:limit]

    return jsonify(page_of(fetch, lambda row: row.id, as_body))


@allow("home.view")
@documented(Call(answer=EmbargoAnswer))
def show_embargo(embargo_id: int) -> Response:
    """Answer one; its version is the ETag."""
    return _answer(as_body(seen_embargo(reading(), person(), embargo_id)))


@allow("home.edit", scope="rota")
@documented(Call(body=EmbargoBody, answer=EmbargoAnswer, status=201, once=True))
def create_embargo() -> tuple[Response, int, dict[str, str]]:
    """Close leave for some time."""
    details, who, cause = body_as(EmbargoBody).details(), person(), cause_of()
    key = request.headers.get("Idempotency-Key")

    def write(session: Session) -> dict[str, Any]:
        return as_body(seen_embargo(session, who, changes.create(session, cause, who, details)))

    made = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return _answer(made), 201, {"Location": url_for("api.show_embargo", embargo_id=made["id"])}


@allow("home.edit", scope="rota")
@documented(Call(body=EmbargoChange, answer=EmbargoAnswer, if_match="must", conflict=True))
def update_embargo(embargo_id: int) -> Response:
    """Say anew when leave is closed."""
    seen, given, who, cause = needed_version(), body_as(EmbargoChange).given(), person(), cause_of()

    def write(session: Session) -> dict[str, Any]:
        changes.change(session, cause, who, embargo_id, seen=seen, **given)
        return as_body(seen_embargo(session, who, embargo_id))

    return _answer(change(write))


@allow("home.edit", scope="rota")
@documented(Call(body=NoBody, answer=EmbargoAnswer, if_match="must", conflict=True))
def delete_embargo(embargo_id: int) -> Response:
    """Open the days to leave again. Answers what was closed."""
    body_as(NoBody)
    seen, who, cause = needed_version(), person(), cause_of()

    def write(session: Session) -> dict[str, Any]:
        body = as_body(seen_embargo(session, who, embargo_id))
        changes.remove(session, cause, who, embargo_id, seen=seen)
        return body

    return jsonify(change(write))


def _answer(body: dict[str, Any]) -> Response:
    return tagged(jsonify(body), body["version"])


def as_body(row: LeaveEmbargo) -> dict[str, Any]:
    """Write a time closed to leave as JSON."""
    return {
        "id": row.id,
        "care_home_id": row.home_id,
        "unit_id": row.unit_id,
        "role": row.role,
        "first_day": row.first_day,
        "last_day": row.last_day,
        "yearly_from": row.yearly_from,
        "yearly_to": row.yearly_to,
        "message": row.message,
        "hard": row.hard,
        "version": row.version,
    }
