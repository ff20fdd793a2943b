"""What homes need, over the API; a need is never deleted, it ends with a last day."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import homes_of, require
from flowapp.accounts.people import On
from flowapp.api.bodies import body_as
from flowapp.api.filters import asked_home
from flowapp.api.lists import page_of
from flowapp.api.need_bodies import NeedBody, NeedChange, as_body
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.needs import NeedAnswer, NeedPage, NeedQuery
from flowapp.api.versions import needed_version, tagged
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import reading
from flowapp.rota.demand import changes
from flowapp.rota.demand.gaps import HomeNeed
from flowapp.rota.demand.need import Demand
from flowapp.rota.demand.reading import all_needs, need_as_it_is


def add_to(bp: Blueprint) -> None:
    """Add the calls about what homes need."""
    bp.add_url_rule("/needs", view_func=list_needs, methods=["GET"])
    bp.add_url_rule("/needs", view_func=create_need, methods=["POST"])
    bp.add_url_rule("/needs/<int:need_id>", view_func=show_need, methods=["GET"])
    bp.add_url_rule("/needs/<int:need_id>", view_func=update_need, methods=["PATCH"])


@allow("rota.view_all")
@documented(Call(query=NeedQuery, answer=NeedPage))
def list_needs() -> Response:
    """Answer what the homes need whose whole rota one may see."""
    home_id, homes = asked_home(reading()), homes_of(person(), "rota.view_all")

    def fetch(limit: int, after: int | None) -> list[HomeNeed]:
        query = all_needs().where(Demand.id > (after or 0)).order_by(Demand.id).limit(limit)
        if homes is not None:
            query = query.where(Demand.home_id.in_(homes))
        if home_id is not None:
            query = query.where(Demand.home_id == home_id)
        return [HomeNeed(*row) for row in reading().execute(query)]

    return jsonify(page_of(fetch, lambda found: found.id, as_body))


@allow("rota.view_all")
@documented(Call(answer=NeedAnswer))
def show_need(need_id: int) -> Response:
    """Answer one need; its version is the ETag."""
    found = need_as_it_is(reading(), need_id)
    require(person(), "rota.view_all", On(home_id=found.home_id))
    return _answer(as_body(found))


@allow("home.edit", scope="rota")
@documented(Call(body=NeedBody, answer=NeedAnswer, status=201, once=True))
def create_need() -> tuple[Response, int, dict[str, str]]:
    """Say something more that a home needs."""
    body, who, cause, key = body_as(NeedBody), person(), cause_of(), request.headers.get("Idempotency-Key")
    plan = body.plan()

    def write(session: Session) -> dict[str, Any]:
        made = changes.create(session, cause, who, home_id=body.care_home_id, plan=plan)
        return as_body(need_as_it_is(session, made))

    made = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return _answer(made), 201, {"Location": url_for("api.show_need", need_id=made["id"])}


@allow("home.edit", scope="rota")
@documented(Call(body=NeedChange, answer=NeedAnswer, if_match="must", conflict=True))
def update_need(need_id: int) -> Response:
    """Say otherwise what a home needs; a last day ends it."""
    seen, given, who, cause = needed_version(), body_as(NeedChange).given(), person(), cause_of()

    def write(session: Session) -> dict[str, Any]:
        changes.change(session, cause, who, need_id, seen=seen, **given)
        return as_body(need_as_it_is(session, need_id))

    return _answer(change(write))


def _answer(body: dict[str, Any]) -> Response:
    return tagged(jsonify(body), body["version"])
