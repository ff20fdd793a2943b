"""Bringing lists in: choosing one, looking at what it would do, and letting it be done."""

from __future__ import annotations

from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import Conflict, Problem, Refused
from flowapp.rota.exchange.csv_file import text_of
from flowapp.rota.exchange.csv_import import begin_writing, own_import, take_in
from flowapp.rota.exchange.lists import ListKind
from flowapp.web.exchange.pages import import_page, new_import_page
from flowapp.web.page import go_to, show

bp = Blueprint("exchange", __name__, url_prefix="/settings/import")
PATIENCE_SECONDS = 1.0  # a short list is through by then


@bp.get("/")
@allow("staff.edit")
def new_import() -> Response:
    """Show the form for a list."""
    return _show_form()


@bp.post("/")
@allow("staff.edit")
def bring_in() -> Response:
    """Keep a list and let it be checked."""
    who, cause, typed = person(), cause_of(), request.form.get("text", "")
    kind = request.form.get("kind", "")
    try:
        meant, (name, text) = _kind(kind), _sent(typed)

        def write(session: Session) -> int:
            return take_in(session, cause, who, kind=meant, text=text, file_name=name)

        number = change(write)
    except Refused as refused:
        return _show_form(kind=kind, text=typed, problems=refused.problems)
    _look()
    return go_to(url_for("exchange.show_import", import_id=number))


@bp.get("/<int:import_id>/")
@allow("staff.edit")
def show_import(import_id: int) -> Response:
    """Show what was found in a list, and how far it is."""
    return show("exchange/import.html", import_page(own_import(reading(), person(), import_id)), fragment="progress")


@bp.post("/<int:import_id>/start")
@allow("staff.edit")
def start_import(import_id: int) -> Response:
    """Let a list be written that was looked at."""
    who, cause, only_good = person(), cause_of(), request.form.get("only_good", "") == "yes"
    try:
        change(lambda session: begin_writing(session, cause, who, import_id, only_good=only_good))
    except Conflict as conflict:
        page = import_page(own_import(reading(), who, import_id), problem=conflict.message)
        return show("exchange/import.html", page, status=409)
    _look()
    flash("The import has begun.", "success")
    return go_to(url_for("exchange.show_import", import_id=import_id))


def _kind(text: str) -> ListKind:
    if text not in set(ListKind):
        raise Refused([Problem(path="kind", code="unknown", message="Choose what the list is of.")])
    return ListKind(text)


def _sent(typed: str) -> tuple[str, str]:
    """Answer the name and the text of the file, or what was pasted."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return file.filename, text_of(file.read())
    if typed.strip():
        return "Pasted list", typed
    raise Refused([Problem(path="file", code="missing", message="Choose a CSV file, or paste the list below.")])


def _look() -> None:
    with suppress(NotYet):
        flow().imports.look().result(timeout=PATIENCE_SECONDS)


def _show_form(*, kind: str = "", text: str = "", problems: tuple[Problem, ...] = ()) -> Response:
    page = new_import_page(
        reading(),
        person(),
        now=flow().clock.now(),
        zone=flow().settings.zone,
        kind=kind,
        text=text,
        problems=problems,
    )
    return show("exchange/new.html", page, status=422 if problems else 200)
