"""The pages about somebody's personal data, and the file with all of it."""

from __future__ import annotations

from flask import Blueprint, Response, request

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of
from flowapp.http.running import db, flow, reading
from flowapp.http.tables import metadata
from flowapp.kernel import plain
from flowapp.kernel.errors import NotFound, Problem
from flowapp.rota.personal_data.anonymising import anonymise
from flowapp.rota.personal_data.exporting import as_document, held_about
from flowapp.rota.staff import Staff
from flowapp.web.page import show
from flowapp.web.personal_data.pages import held_page, removed_page

bp = Blueprint("personal_data", __name__, url_prefix="/staff/<int:staff_id>/personal-data")
SURE = Problem(path="sure", code="missing", message="Tick the box to say that you are sure; this cannot be undone.")


@bp.get("/")
@allow("staff.export")
def index(staff_id: int) -> Response:
    """Say how much is held about somebody."""
    found = _load(staff_id, "staff.export")
    return show("personal_data/index.html", held_page(person(), found, held_about(reading(), metadata(), staff_id)))


@bp.get("/everything.json")
@allow("staff.export")
def download(staff_id: int) -> Response:
    """Hand over everything in one file."""
    found = _load(staff_id, "staff.export")
    sections = held_about(reading(), metadata(), staff_id)
    text = plain.pretty(as_document(found, sections, flow().clock.now()))
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="personal-data-{staff_id}.json"'
    return answer


@bp.post("/")
@allow("staff.anonymise")
def remove(staff_id: int) -> Response:
    """Take somebody out who has left."""
    found = _load(staff_id, "staff.anonymise")
    if request.form.get("sure") != "yes":
        sections = held_about(reading(), metadata(), staff_id)
        return show("personal_data/index.html", held_page(person(), found, sections, [SURE]), status=422)
    cause = cause_of()
    db.session.remove()
    done = anonymise(flow().database, metadata(), cause, staff_id)
    return show("personal_data/removed.html", removed_page(reading(), _load(staff_id, "staff.anonymise"), done))


def _load(staff_id: int, permission: str) -> Staff:
    found = reading().get(Staff, staff_id)
    if found is None:
        raise NotFound
    require(person(), permission, On(home_id=found.home_id, staff_id=found.id))
    return found
