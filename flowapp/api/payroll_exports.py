"""Payroll exports over the API: approved hours, handed over once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy.orm import Session

from flowapp.api.bodies import body_as
from flowapp.api.filters import asked_home, asked_yes_or_no
from flowapp.api.lists import page_of
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.payroll_exports import (
    FileQuery,
    PayrollAnswer,
    PayrollBody,
    PayrollFile,
    PayrollPage,
    PayrollQuery,
)
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import reading
from flowapp.rota.homes import home
from flowapp.rota.payroll.csv_text import csv_text, file_name
from flowapp.rota.payroll.export import PayrollExport
from flowapp.rota.payroll.exporting import export, exports_seen_by, lines_of, visible_export


def add_to(bp: Blueprint) -> None:
    """Add the calls about payroll exports."""
    bp.add_url_rule("/payroll-exports", view_func=list_payroll_exports, methods=["GET"])
    bp.add_url_rule("/payroll-exports", view_func=create_payroll_export, methods=["POST"])
    bp.add_url_rule("/payroll-exports/<int:export_id>", view_func=show_payroll_export, methods=["GET"])
    bp.add_url_rule("/payroll-exports/<int:export_id>/file", view_func=payroll_export_file, methods=["GET"])


@allow("timesheet.decide")
@documented(Call(query=PayrollQuery, answer=PayrollPage))
def list_payroll_exports() -> Response:
    """Answer the exports one may see, the latest first."""
    who, home_id = person(), asked_home(reading())

    def fetch(limit: int, before: int | None) -> list[PayrollExport]:
        query = exports_seen_by(who).limit(limit)
        if home_id is not None:
            query = query.where(PayrollExport.home_id == home_id)
        if before is not None:
            query = query.where(PayrollExport.id < before)
        return list(reading().scalars(query))

    return jsonify(page_of(fetch, lambda found: found.id, as_body))


@allow("timesheet.decide", scope="rota")
@documented(Call(body=PayrollBody, answer=PayrollAnswer, status=201, once=True))
def create_payroll_export() -> tuple[Response, int, dict[str, str]]:
    """Take the approved hours of a home and some days that no export has yet."""
    body, who, cause, key = body_as(PayrollBody), person(), cause_of(), request.headers.get("Idempotency-Key")
    days = {"first": body.first_day, "last": body.last_day}

    def write(session: Session) -> dict[str, Any]:
        made = export(session, cause, who, home_id=body.care_home_id, **days, again=body.again)
        return as_body(visible_export(session, who, made))

    made = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return jsonify(made), 201, {"Location": url_for("api.show_payroll_export", export_id=made["id"])}


@allow("timesheet.decide")
@documented(Call(answer=PayrollAnswer))
def show_payroll_export(export_id: int) -> Response:
    """Answer one export."""
    return jsonify(as_body(visible_export(reading(), person(), export_id)))


@allow("timesheet.decide")
@documented(Call(query=FileQuery, answer=PayrollFile))
def payroll_export_file(export_id: int) -> Response:
    """Answer the file of an export: its name, and its text as CSV."""
    found = visible_export(reading(), person(), export_id)
    text = csv_text(lines_of(reading(), export_id), bom=bool(asked_yes_or_no("bom")))
    return jsonify({"name": file_name(found, home(reading(), found.home_id).code), "text": text})


def as_body(found: PayrollExport) -> dict[str, Any]:
    """Write an export as JSON."""
    return {
        "id": found.id,
        "uid": found.uid,
        "care_home_id": found.home_id,
        "first_day": found.first_day,
        "last_day": found.last_day,
        "again": found.again,
        "lines": found.lines,
        "new_lines": found.new_lines,
        "hours": found.hours,
        "made_by": found.made_by,
        "made_at": found.made_at,
    }
