"""What is looked out for in a home, over the API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy.orm import Session

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.api.bodies import body_as
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.watches import WatchAnswer, WatchBody
from flowapp.api.versions import needed_version, tagged
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.running import reading
from flowapp.rota.homes import home
from flowapp.rota.watches.changes import look_out
from flowapp.rota.watches.watch import watch_of


def add_to(bp: Blueprint) -> None:
    """Add the calls about what is looked out for."""
    bp.add_url_rule("/homes/<int:home_id>/watch", view_func=show_watch, methods=["GET"])
    bp.add_url_rule("/homes/<int:home_id>/watch", view_func=replace_watch, methods=["PUT"])


@allow("home.view")
@documented(Call(answer=WatchAnswer))
def show_watch(home_id: int) -> Response:
    """Answer after how many minutes a home misses people and handovers; version 0 where nobody has said so yet."""
    require(person(), "home.view", On(home_id=home_id))
    home(reading(), home_id)
    return _answer(as_body(reading(), home_id))


@allow("home.edit", scope="rota")
@documented(Call(body=WatchBody, answer=WatchAnswer, if_match="must", conflict=True))
def replace_watch(home_id: int) -> Response:
    """Say after how many minutes a home misses people and handovers."""
    seen, wanted, who, cause = needed_version(), body_as(WatchBody).model_dump(), person(), cause_of()

    def write(session: Session) -> dict[str, Any]:
        look_out(session, cause, who, home_id, **wanted, seen=seen)
        return as_body(session, home_id)

    return _answer(change(write))


def as_body(session: Session, home_id: int) -> dict[str, Any]:
    """Write what a home is watched for as JSON."""
    found = watch_of(session, home_id)
    return {
        "care_home_id": home_id,
        "no_show_minutes": None if found is None else found.no_show_minutes,
        "handover_minutes": None if found is None else found.handover_minutes,
        "version": 0 if found is None else found.version,
    }


def _answer(body: dict[str, Any]) -> Response:
    return tagged(jsonify(body), body["version"])
