"""Who is off sick, reporting somebody, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.accounts.can import require
from flowapp.events.cause import Cause
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import KeyReused, form_sent_before, once
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import NotFound, Problem, Refused
from flowapp.kernel.ids import new_token
from flowapp.rota.absence import changes
from flowapp.rota.absence.absence import Absence
from flowapp.rota.absence.reading import visible_absence
from flowapp.web.absences.forms import ReportForm, read_report
from flowapp.web.absences.one import Typed, absence_page
from flowapp.web.absences.pages import absences_page, new_report, on_of, report_page
from flowapp.web.page import go_to, show
from flowapp.web.typed import by_field, day_typed, number_or_none

bp = Blueprint("absences", __name__, url_prefix="/absences")
LONGEST_NUMBER = 15
_LAST = "Enter the last day on which they were off sick, such as 14 March 2026."


@bp.get("/")
@allow("absence.view")
def index() -> Response:
    """Show who is off sick, and who is back."""
    return show("absences/index.html", absences_page(reading(), person()))


@bp.get("/report/")
@allow("absence.record")
def report_form() -> Response:
    """Show the form for reporting somebody."""
    form = new_report(
        person(),
        staff_id=request.args.get("staff", "")[:LONGEST_NUMBER],
        now=flow().clock.now().astimezone(flow().settings.zone),
    )
    return _report(form, new_token())


def _report(form: ReportForm, nonce: str, status: int = 200) -> Response:
    return show("absences/report.html", report_page(reading(), person(), form, nonce), status=status)


@bp.post("/report/")
@allow("absence.record")
def report() -> Response:
    """Note that somebody is ill, late or did not come."""
    form, nonce = read_report(request.form), request.form.get("nonce", "")
    cause, who = cause_of(), person()
    try:
        staff_id, said = form.who(), form.read()

        def write(session: Session) -> int:
            return changes.report(session, cause, who, staff_id, said)

        made = change(lambda session: once(session, nonce, cause.at, lambda: write(session)))
    except KeyReused:
        return _report(form.with_problems(form_sent_before("first_day").problems), new_token(), status=422)
    except NotFound:
        message = "There is nobody of that name among your staff; choose somebody from the list."
        unknown = Problem(path="staff_id", code="unknown", message=message)
        return _report(form.with_problems([unknown]), nonce, status=422)
    except Refused as refused:
        return _report(form.with_problems(refused.problems), nonce, status=422)
    flash("Noted. Workflows that wait for it have been told.", "success")
    return go_to(url_for("absences.show_absence", absence_id=made))


@bp.get("/<int:absence_id>/")
@allow("absence.view")
def show_absence(absence_id: int) -> Response:
    """Show one absence."""
    return _show(absence_id)


@bp.post("/<int:absence_id>/change")
@allow("absence.record")
def change_absence(absence_id: int) -> Response:
    """Say otherwise since when somebody is away, when they think they will be back, or why."""
    form, who = read_report(request.form), person()

    def act(session: Session, cause: Cause, seen: int | None) -> None:
        said = form.read()
        given = {"first_day": said.first_day, "expected_return": said.expected_return, "reason": said.reason}
        changes.change(session, cause, who, absence_id, seen=seen, **given)

    return _act(
        absence_id, "absence.record", act, "Saved.", lambda refused: Typed(change=form.with_problems(refused.problems))
    )


@bp.post("/<int:absence_id>/end")
@allow("absence.record")
def end_absence(absence_id: int) -> Response:
    """Note that somebody is back."""
    text, who = request.form.get("last_day", "").strip(), person()

    def act(session: Session, cause: Cause, seen: int | None) -> None:
        last_day = day_typed(text, path="last_day", words=_LAST)
        changes.end(session, cause, who, absence_id, last_day=last_day, seen=seen)

    def typed(refused: Refused) -> Typed:
        return Typed(last_day=text, errors=by_field(refused.problems, otherwise="last_day"))

    return _act(absence_id, "absence.record", act, "Noted that they are back.", typed)


@bp.post("/<int:absence_id>/talk")
@allow("absence.talk")
def note_talk(absence_id: int) -> Response:
    """Note the talk with somebody who is back."""
    note, who = request.form.get("note", "").strip(), person()

    def act(session: Session, cause: Cause, seen: int | None) -> None:
        changes.note_talk(session, cause, who, absence_id, note=note, seen=seen)

    def typed(refused: Refused) -> Typed:
        return Typed(note=note, errors={"note": " ".join(each.message for each in refused.problems)})

    return _act(absence_id, "absence.talk", act, "Noted. They can be planned for shifts again.", typed)


def _load(absence_id: int, permission: str) -> tuple[Absence, Any]:
    found = visible_absence(reading(), person(), absence_id)
    require(person(), permission, on_of(found[0]))
    return found


def _show(absence_id: int, status: int = 200, *, typed: Typed | None = None, nonce: str = "") -> Response:
    row, found = _load(absence_id, "absence.view")
    now = flow().clock.now()
    page = absence_page(reading(), person(), row, found, now=now, nonce=nonce or new_token(), typed=typed or Typed())
    return show("absences/absence.html", page, status=status)


def _act(
    absence_id: int,
    permission: str,
    act: Callable[[Session, Cause, int | None], None],
    done: str,
    typed: Callable[[Refused], Typed],
) -> Response:
    """Do it once for each form that was shown; show the page again with what is wrong."""
    _load(absence_id, permission)
    cause, nonce = cause_of(), request.form.get("nonce", "")

    def write(session: Session) -> int:
        words = "This page is out of date. Send the form again."
        act(session, cause, number_or_none(request.form.get("version", ""), path="", words=words))
        return absence_id

    try:
        change(lambda session: once(session, nonce, cause.at, lambda: write(session)))
    except KeyReused:
        return _show(absence_id, 422, typed=typed(form_sent_before("")))
    except Refused as refused:
        return _show(absence_id, 422, typed=typed(refused), nonce=nonce)
    flash(done, "success")
    return go_to(url_for("absences.show_absence", absence_id=absence_id))
