"""Care homes over the API; none is deleted, because its rota and its audit stay."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import homes_of, require
from flowapp.accounts.people import On
from flowapp.api.bodies import body_as
from flowapp.api.home_bodies import HomeBody, HomeChange, as_body, as_whole_body
from flowapp.api.lists import page_of
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.homes import HomeDetailAnswer, HomePage
from flowapp.api.schemas.values import ListQuery
from flowapp.api.versions import needed_version, tagged
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import reading
from flowapp.rota import home_changes
from flowapp.rota.homes import CareHome


def add_to(bp: Blueprint) -> None:
    """Add the calls about homes."""
    bp.add_url_rule("/homes", view_func=list_homes, methods=["GET"])
    bp.add_url_rule("/homes", view_func=create_home, methods=["POST"])
    bp.add_url_rule("/homes/<int:home_id>", view_func=show_home, methods=["GET"])
    bp.add_url_rule("/homes/<int:home_id>", view_func=update_home, methods=["PATCH"])


@allow("home.view")
@documented(Call(query=ListQuery, answer=HomePage))
def list_homes() -> Response:
    """Answer the homes one may see, the first one first."""

    def fetch(limit: int, after: int | None) -> list[CareHome]:
        query = select(CareHome).where(CareHome.id > (after or 0)).order_by(CareHome.id).limit(limit)
        homes = homes_of(person(), "home.view")
        if homes is not None:
            query = query.where(CareHome.id.in_(homes))
        return list(reading().scalars(query))

    return jsonify(page_of(fetch, lambda found: found.id, as_body))


@allow("home.view")
@documented(Call(answer=HomeDetailAnswer))
def show_home(home_id: int) -> Response:
    """Answer one home with its units; its version is the ETag."""
    require(person(), "home.view", On(home_id=home_id))
    return _answer(as_whole_body(reading(), home_id))


@allow("home.edit", scope="rota")
@documented(Call(body=HomeBody, answer=HomeDetailAnswer, status=201, once=True))
def create_home() -> tuple[Response, int, dict[str, str]]:
    """Open a care home; for those who look after every home."""
    details, who, cause, key = body_as(HomeBody).details(), person(), cause_of(), request.headers.get("Idempotency-Key")

    def write(session: Session) -> dict[str, Any]:
        return as_whole_body(session, home_changes.create(session, cause, who, details))

    made = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return _answer(made), 201, {"Location": url_for("api.show_home", home_id=made["id"])}


@allow("home.edit", scope="rota")
@documented(Call(body=HomeChange, answer=HomeDetailAnswer, if_match="must", conflict=True))
def update_home(home_id: int) -> Response:
    """Change what is known of a home; closing and opening it is for those who look after every home."""
    seen, given, who, cause = needed_version(), body_as(HomeChange).given(), person(), cause_of()

    def write(session: Session) -> dict[str, Any]:
        home_changes.change(session, cause, who, home_id, seen=seen, **given)
        return as_whole_body(session, home_id)

    return _answer(change(write))


def _answer(body: dict[str, Any]) -> Response:
    return tagged(jsonify(body), body["version"])
