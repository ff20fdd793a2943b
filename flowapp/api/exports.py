"""Lists that go out over the API, as CSV."""

from __future__ import annotations

from flask import Blueprint, Response, request

from flowapp.api.filters import asked_day, asked_yes_or_no
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.exports import CsvAnswer, ExportQuery
from flowapp.http.access import allow, person
from flowapp.http.csv_answer import csv_answer
from flowapp.rota.exchange.going_out import Part
from flowapp.rota.exchange.lists import ListKind

CSV = "text/csv"
MOST_CODE = 8


def add_to(bp: Blueprint) -> None:
    """Add the calls about lists that go out."""
    bp.add_url_rule("/exports/staff", view_func=export_staff, methods=["GET"])
    bp.add_url_rule("/exports/shifts", view_func=export_shifts, methods=["GET"])
    bp.add_url_rule("/exports/leave", view_func=export_leave, methods=["GET"])


@allow("staff.edit")
@documented(Call(query=ExportQuery, answer=CsvAnswer, media=CSV))
def export_staff() -> Response:
    """Answer the members of staff of one's homes as CSV."""
    return _send(ListKind.STAFF)


@allow("rota.view_all")
@documented(Call(query=ExportQuery, answer=CsvAnswer, media=CSV))
def export_shifts() -> Response:
    """Answer the shifts of one's homes as CSV."""
    return _send(ListKind.SHIFTS)


@allow("leave.decide")
@documented(Call(query=ExportQuery, answer=CsvAnswer, media=CSV))
def export_leave() -> Response:
    """Answer the leave of one's homes as CSV."""
    return _send(ListKind.LEAVE)


def _send(kind: ListKind) -> Response:
    part = Part(home=request.args.get("home", "")[:MOST_CODE], first=asked_day("from"), last=asked_day("to"))
    return csv_answer(person(), kind, part, mark=bool(asked_yes_or_no("bom")))
