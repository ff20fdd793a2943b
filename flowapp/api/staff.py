"""Members of staff over the API; nobody is deleted, whoever goes is a leaver."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from flowapp.accounts.can import homes_of, require
from flowapp.accounts.people import On, Person
from flowapp.api.bodies import body_as
from flowapp.api.filters import asked_home, asked_text, asked_word
from flowapp.api.lists import page_of
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.staff import StaffAnswer, StaffPage, StaffQuery
from flowapp.api.staff_bodies import StaffBody, StaffChange, as_body
from flowapp.api.versions import needed_version, tagged
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import reading
from flowapp.kernel.errors import NotFound
from flowapp.rota import staff_changes
from flowapp.rota.staff import JobRole, Staff, member


def add_to(bp: Blueprint) -> None:
    """Add the calls about members of staff."""
    bp.add_url_rule("/staff", view_func=list_staff, methods=["GET"])
    bp.add_url_rule("/staff", view_func=create_staff, methods=["POST"])
    bp.add_url_rule("/staff/<int:staff_id>", view_func=show_staff, methods=["GET"])
    bp.add_url_rule("/staff/<int:staff_id>", view_func=update_staff, methods=["PATCH"])


@allow("staff.view")
@documented(Call(query=StaffQuery, answer=StaffPage))
def list_staff() -> Response:
    """Answer the members of staff one may see, the first one first; `q` looks in names and staff numbers."""
    who, wanted = person(), _wanted()

    def fetch(limit: int, after: int | None) -> list[Staff]:
        query = select(Staff).where(Staff.id > (after or 0), _seen_by(who), *wanted).order_by(Staff.id).limit(limit)
        return list(reading().scalars(query))

    return jsonify(page_of(fetch, lambda found: found.id, lambda found: as_body(found, who)))


def _wanted() -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if (home_id := asked_home(reading())) is not None:
        found.append(Staff.home_id == home_id)
    if role := asked_word("role", JobRole):
        found.append(Staff.role == role)
    if text := asked_text("q"):
        found.append(
            or_(Staff.name.icontains(text, autoescape=True), Staff.employee_no.icontains(text, autoescape=True))
        )
    return found


def _seen_by(who: Person) -> ColumnElement[bool]:
    homes = homes_of(who, "staff.view")
    if homes is None:
        return true()
    return or_(Staff.home_id.in_(homes), Staff.id == who.staff_id)


@allow("staff.view")
@documented(Call(answer=StaffAnswer))
def show_staff(staff_id: int) -> Response:
    """Answer one member of staff; the version is the ETag."""
    found = reading().get(Staff, staff_id)
    if found is None:
        raise NotFound
    require(person(), "staff.view", On(home_id=found.home_id, staff_id=staff_id))
    return _answer(as_body(found, person()))


@allow("staff.edit", scope="rota")
@documented(Call(body=StaffBody, answer=StaffAnswer, status=201, once=True))
def create_staff() -> tuple[Response, int, dict[str, str]]:
    """Add a member of staff to a home."""
    body, who, cause, key = body_as(StaffBody), person(), cause_of(), request.headers.get("Idempotency-Key")
    details = body.details()

    def write(session: Session) -> dict[str, Any]:
        made = staff_changes.create(session, cause, who, home_id=body.care_home_id, details=details)
        return as_body(member(session, made), who)

    made = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return _answer(made), 201, {"Location": url_for("api.show_staff", staff_id=made["id"])}


@allow("staff.edit", scope="rota")
@documented(Call(body=StaffChange, answer=StaffAnswer, if_match="must", conflict=True))
def update_staff(staff_id: int) -> Response:
    """Change what is known of a member of staff; a leaver's shifts to come are open again, and their tokens end."""
    seen, given, who, cause = needed_version(), body_as(StaffChange).given(), person(), cause_of()

    def write(session: Session) -> dict[str, Any]:
        staff_changes.change(session, cause, who, staff_id, seen=seen, **given)
        return as_body(member(session, staff_id), who)

    return _answer(change(write))


def _answer(body: dict[str, Any]) -> Response:
    return tagged(jsonify(body), body["version"])
