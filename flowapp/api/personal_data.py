"""Personal data over the API: handed over whole, and taken out of leavers."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.personal_data import AnonymisedAnswer, PersonalDataAnswer
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of
from flowapp.http.running import db, flow, reading
from flowapp.http.tables import metadata
from flowapp.kernel.errors import NotFound
from flowapp.rota.personal_data.anonymising import anonymise
from flowapp.rota.personal_data.exporting import as_document, held_about
from flowapp.rota.staff import Staff


def add_to(bp: Blueprint) -> None:
    """Add the calls about personal data."""
    bp.add_url_rule("/staff/<int:staff_id>/personal-data", view_func=show_personal_data, methods=["GET"])
    bp.add_url_rule("/staff/<int:staff_id>/anonymise", view_func=anonymise_staff, methods=["POST"])


@allow("staff.export")
@documented(Call(answer=PersonalDataAnswer))
def show_personal_data(staff_id: int) -> Response:
    """Answer everything that is held about somebody."""
    found = _load(staff_id, "staff.export")
    return jsonify(as_document(found, held_about(reading(), metadata(), staff_id), flow().clock.now()))


@allow("staff.anonymise", scope="rota")
@documented(Call(answer=AnonymisedAnswer, conflict=True))
def anonymise_staff(staff_id: int) -> Response:
    """Take out of everything who a leaver was; it cannot be undone. A second call is a conflict."""
    _load(staff_id, "staff.anonymise")
    cause = cause_of()
    db.session.remove()
    done = anonymise(flow().database, metadata(), cause, staff_id)
    return jsonify({"id": staff_id, "changed": dict(done.changed), "still_named_in_workflows": list(done.versions)})


def _load(staff_id: int, permission: str) -> Staff:
    found = reading().get(Staff, staff_id)
    if found is None:
        raise NotFound
    require(person(), permission, On(home_id=found.home_id, staff_id=staff_id))
    return found
