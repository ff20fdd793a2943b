"""Lists that come in over the API: checked first, then written."""

from __future__ import annotations

from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy.orm import Session

from flowapp.api.bodies import body_as
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.imports import ImportAnswer, ImportBody, StartBody
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import db, flow, reading
from flowapp.rota.exchange.csv_import import CsvImport, begin_writing, own_import, take_in
from flowapp.rota.exchange.listing import Verdict

PATIENCE_SECONDS = 1.0  # a short list is through by then


def add_to(bp: Blueprint) -> None:
    """Add the calls about lists that come in."""
    bp.add_url_rule("/imports", view_func=create_import, methods=["POST"])
    bp.add_url_rule("/imports/<int:import_id>", view_func=show_import, methods=["GET"])
    bp.add_url_rule("/imports/<int:import_id>/start", view_func=start_import, methods=["POST"])


@allow("staff.edit", scope="rota")
@documented(Call(body=ImportBody, answer=ImportAnswer, status=201, once=True))
def create_import() -> tuple[Response, int, dict[str, str]]:
    """Send a list to be checked. Nothing of it is written before it is started."""
    body, who, cause, key = body_as(ImportBody), person(), cause_of(), request.headers.get("Idempotency-Key")

    def write(session: Session) -> int:
        return take_in(session, cause, who, kind=body.kind, text=body.text, file_name=body.file_name)

    made: int = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return _answer(made), 201, {"Location": url_for("api.show_import", import_id=made)}


@allow("staff.edit")
@documented(Call(answer=ImportAnswer))
def show_import(import_id: int) -> Response:
    """Answer one's own list, with what is wrong in it."""
    return jsonify(as_body(own_import(reading(), person(), import_id)))


@allow("staff.edit", scope="rota")
@documented(Call(body=StartBody, answer=ImportAnswer, once=True, conflict=True))
def start_import(import_id: int) -> Response:
    """Let a list be written that was checked."""
    body, who, cause, key = body_as(StartBody), person(), cause_of(), request.headers.get("Idempotency-Key")

    def write(session: Session) -> int:
        begin_writing(session, cause, who, import_id, only_good=body.only_good)
        return import_id

    change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return _answer(import_id)


def _answer(import_id: int) -> Response:
    with suppress(NotYet):
        flow().imports.look().result(timeout=PATIENCE_SECONDS)
    db.session.remove()  # what was read before must not be answered after
    return jsonify(as_body(own_import(reading(), person(), import_id)))


def as_body(found: CsvImport) -> dict[str, Any]:
    """Write a list as JSON."""
    return {
        "id": found.id,
        "uid": found.uid,
        "kind": found.kind,
        "file_name": found.file_name,
        "status": found.status,
        "row_count": found.row_count,
        "position": found.position,
        **{verdict.value: found.counts.get(verdict, 0) for verdict in Verdict},
        "bad": found.bad,
        "faults": [{"line": each.line, "column": each.column, "message": each.message} for each in found.found],
        "created_at": found.created_at,
        "finished_at": found.finished_at,
        "version": found.version,
    }
