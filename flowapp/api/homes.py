"""Care homes over the API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy import select

from flowapp.accounts.can import homes_of, require
from flowapp.accounts.people import On
from flowapp.api.lists import page_of
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.homes import HomeDetailAnswer, HomePage
from flowapp.api.schemas.values import ListQuery
from flowapp.http.access import allow, person
from flowapp.http.running import reading
from flowapp.rota.homes import CareHome, home
from flowapp.rota.units import Unit, units_of


def add_to(bp: Blueprint) -> None:
    """Add the calls about homes."""
    bp.add_url_rule("/homes", view_func=list_homes, methods=["GET"])
    bp.add_url_rule("/homes/<int:home_id>", view_func=show_home, methods=["GET"])


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
    """Answer one home with its units."""
    require(person(), "home.view", On(home_id=home_id))
    found = home(reading(), home_id)
    return jsonify(as_body(found) | {"units": [_unit(unit) for unit in units_of(reading(), home_id)]})


def as_body(found: CareHome) -> dict[str, Any]:
    """Write a home as JSON."""
    return {
        "id": found.id,
        "uid": found.uid,
        "code": found.code,
        "name": found.name,
        "nation": found.nation,
        "timezone": found.timezone,
        "leave_year_start": found.leave_year_start,
        "is_active": found.is_active,
    }


def _unit(unit: Unit) -> dict[str, Any]:
    return {"id": unit.id, "uid": unit.uid, "name": unit.name, "kind": unit.kind, "beds": unit.beds}
