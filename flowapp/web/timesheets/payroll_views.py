"""Payroll: taking approved hours out to be paid."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import KeyReused, form_sent_before, once
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import Problem, Refused
from flowapp.kernel.ids import new_token
from flowapp.rota.homes import home
from flowapp.rota.payroll.csv_text import csv_text, file_name
from flowapp.rota.payroll.exporting import export, lines_of, visible_export
from flowapp.web.page import go_to, show
from flowapp.web.timesheets.payroll import (
    PayrollForm,
    export_page,
    last_month,
    own_homes,
    payroll_page,
    read_payroll_form,
)

bp = Blueprint("payroll", __name__, url_prefix="/timesheets/payroll")


@bp.get("/")
@allow("timesheet.decide")
def index() -> Response:
    """Show the exports and the form for another."""
    today = flow().clock.now().astimezone(flow().settings.zone).date()
    return _index(last_month(today), new_token())


def _index(form: PayrollForm, nonce: str, status: int = 200) -> Response:
    page = payroll_page(reading(), person(), form, nonce, flow().clock.now())
    return show("timesheets/payroll.html", page, status=status)


@bp.post("/")
@allow("timesheet.decide")
def make_export() -> Response:
    """Take the approved hours of a home and some days."""
    form, nonce, cause, who = read_payroll_form(request.form), request.form.get("nonce", ""), cause_of(), person()
    try:
        home_id, (first, last) = _home_of(form), form.days()

        def write(session: Session) -> int:
            return export(session, cause, who, home_id=home_id, first=first, last=last, again=form.again)

        made = change(lambda session: once(session, nonce, cause.at, lambda: write(session)))
    except KeyReused:
        return _index(form.with_problems(form_sent_before("first_day").problems), new_token(), status=422)
    except Refused as refused:
        return _index(form.with_problems(refused.problems), nonce, status=422)
    flash("The file is ready.", "success")
    return go_to(url_for("payroll.show_export", export_id=made))


def _home_of(form: PayrollForm) -> int:
    chosen = [each.id for each in own_homes(reading(), person()) if str(each.id) == form.home]
    if not chosen:
        raise Refused([Problem(path="home", code="unknown", message="Choose one of your homes.")])
    return chosen[0]


@bp.get("/<int:export_id>/")
@allow("timesheet.decide")
def show_export(export_id: int) -> Response:
    """Show one export."""
    found = visible_export(reading(), person(), export_id)
    return show("timesheets/export.html", export_page(reading(), found, flow().clock.now()))


@bp.get("/<int:export_id>/file/")
@allow("timesheet.decide")
def download(export_id: int) -> Response:
    """Answer the file of an export."""
    found = visible_export(reading(), person(), export_id)
    text = csv_text(lines_of(reading(), export_id), bom=request.args.get("bom") == "yes")
    answer = make_response(text)
    answer.mimetype = "text/csv"
    name = file_name(found, home(reading(), found.home_id).code)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
