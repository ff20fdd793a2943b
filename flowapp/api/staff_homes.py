"""The homes in which somebody works, over the API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.orm import Session

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.api.bodies import body_as
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.staff_homes import HomeScopeBody, StaffHomes
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import reading
from flowapp.kernel.errors import NotFound
from flowapp.rota.home_scope.changes import set_scope
from flowapp.rota.home_scope.scopes import homes_worked_in
from flowapp.rota.staff import Staff


def add_to(bp: Blueprint) -> None:
    """Add the calls about where somebody works."""
    bp.add_url_rule("/staff/<int:staff_id>/homes", view_func=list_staff_homes, methods=["GET"])
    bp.add_url_rule("/staff/<int:staff_id>/homes", view_func=set_staff_home, methods=["POST"])


@allow("staff.view")
@documented(Call(answer=StaffHomes))
def list_staff_homes(staff_id: int) -> Response:
    """Answer the homes somebody works in, helps out in, or must not work in; their own first."""
    found = reading().get(Staff, staff_id)
    if found is None:
        raise NotFound
    require(person(), "staff.view", On(home_id=found.home_id, staff_id=staff_id))
    return jsonify(_as_body(reading(), found))


@allow("staff.edit", scope="rota")
@documented(Call(body=HomeScopeBody, answer=StaffHomes, once=True))
def set_staff_home(staff_id: int) -> Response:
    """Say that somebody helps out in a home, must not work there, or neither."""
    body, who, cause, key = body_as(HomeScopeBody), person(), cause_of(), request.headers.get("Idempotency-Key")

    def write(session: Session) -> dict[str, Any]:
        set_scope(session, cause, who, staff_id, home_id=body.care_home_id, kind=body.kind)
        return _as_body(session, session.get_one(Staff, staff_id))

    return jsonify(change(lambda session: once(session, key, cause.at, lambda: write(session))))


def _as_body(session: Session, found: Staff) -> dict[str, Any]:
    items = [
        {"care_home_id": home_id, "name": name, "kind": kind.value}
        for home_id, name, kind in homes_worked_in(session, found)
    ]
    return {"staff_id": found.id, "items": items}
