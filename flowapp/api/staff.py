"""Members of staff over the API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy import ColumnElement, or_, select, true

from flowapp.accounts.can import can, homes_of, require
from flowapp.accounts.people import On, Person
from flowapp.api.filters import asked_home, asked_text, asked_word
from flowapp.api.lists import page_of
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.staff import StaffAnswer, StaffPage, StaffQuery
from flowapp.http.access import allow, person
from flowapp.http.running import reading
from flowapp.kernel.errors import NotFound
from flowapp.rota.staff import JobRole, Staff


def add_to(bp: Blueprint) -> None:
    """Add the calls about members of staff."""
    bp.add_url_rule("/staff", view_func=list_staff, methods=["GET"])
    bp.add_url_rule("/staff/<int:staff_id>", view_func=show_staff, methods=["GET"])


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
    """Answer one member of staff."""
    found = reading().get(Staff, staff_id)
    if found is None:
        raise NotFound
    require(person(), "staff.view", On(home_id=found.home_id, staff_id=staff_id))
    return jsonify(as_body(found, person()))


def as_body(found: Staff, who: Person) -> dict[str, Any]:
    """Write a member of staff as JSON; the terms of the contract only for themselves and whoever looks after them."""
    body: dict[str, Any] = {
        "id": found.id,
        "uid": found.uid,
        "employee_no": found.employee_no,
        "name": found.name,
        "email": found.email,
        "care_home_id": found.home_id,
        "unit_id": found.unit_id,
        "role": found.role,
        "status": found.status,
        "version": found.version,
    }
    on = On(home_id=found.home_id, staff_id=found.id)
    if found.id == who.staff_id or can(who, "staff.edit", on):
        body |= {
            "contract": found.contract,
            "contracted_hours": found.contracted_hours,
            "start_date": found.start_date,
            "end_date": found.end_date,
        }
    return body
