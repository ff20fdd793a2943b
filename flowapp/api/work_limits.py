"""What the rules of working time know of somebody, over the API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy.orm import Session

from flowapp.accounts.can import can, require
from flowapp.accounts.people import On, Person
from flowapp.api.bodies import body_as
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.work_limits import WorkLimitsAnswer, WorkLimitsChange
from flowapp.api.versions import needed_version, tagged
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.running import reading
from flowapp.kernel.errors import NotFound
from flowapp.rota.staff import Staff
from flowapp.rota.work_limits import changes
from flowapp.rota.work_limits.limits import limits_of


def add_to(bp: Blueprint) -> None:
    """Add the calls about what the rules know of somebody."""
    bp.add_url_rule("/staff/<int:staff_id>/work-limits", view_func=show_work_limits, methods=["GET"])
    bp.add_url_rule("/staff/<int:staff_id>/work-limits", view_func=update_work_limits, methods=["PATCH"])


@allow("staff.private")
@documented(Call(answer=WorkLimitsAnswer))
def show_work_limits(staff_id: int) -> Response:
    """Answer what the rules know of somebody; the version is that of their record."""
    found = reading().get(Staff, staff_id)
    if found is None:
        raise NotFound
    require(person(), "staff.private", On(home_id=found.home_id, staff_id=staff_id))
    return _answer(as_body(found, person()))


@allow("staff.edit", scope="rota")
@documented(Call(body=WorkLimitsChange, answer=WorkLimitsAnswer, if_match="must", conflict=True))
def update_work_limits(staff_id: int) -> Response:
    """Change what the rules know of somebody."""
    seen, given, who, cause = needed_version(), body_as(WorkLimitsChange).given(), person(), cause_of()

    def write(session: Session) -> dict[str, Any]:
        changes.change(session, cause, who, staff_id, seen=seen, **given)
        return as_body(session.get_one(Staff, staff_id), who)

    return _answer(change(write))


def _answer(body: dict[str, Any]) -> Response:
    return tagged(jsonify(body), body["version"])


def as_body(found: Staff, who: Person) -> dict[str, Any]:
    """Write what the rules know of somebody as JSON; what occupational health wrote only for them and HR."""
    limits = limits_of(found)
    body = limits.columns() | {"staff_id": found.id, "version": found.version}
    for name in ("born", "opted_out_on", "night_assessed_on"):
        body[name] = body[name].isoformat() if body[name] else None
    if not can(who, "staff.health", On(home_id=found.home_id, staff_id=found.id)):
        del body["restriction_note"]
    return body
