"""Handovers: reading, writing and acknowledging them, and ticking off what they ask for."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import KeyReused, form_sent_before, once
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import Refused
from flowapp.kernel.ids import new_token
from flowapp.rota.handovers import changes
from flowapp.rota.handovers.reading import visible_handover
from flowapp.web.handovers.pages import HandoverPage, card_of, handovers_page, own_unit
from flowapp.web.handovers.writing import HandoverForm, WritingPage, begun_form, meant, places_of, read_handover_form
from flowapp.web.page import go_to, show

bp = Blueprint("handovers", __name__, url_prefix="/handovers")


@bp.get("/")
@allow("handover.view")
def index() -> Response:
    """Show the handovers, those of one's own unit unless another is asked for."""
    unit = request.args["unit"][:20] if "unit" in request.args else own_unit(reading(), person())
    page = handovers_page(reading(), person(), unit, _number("before"), flow().clock.now())
    return show("handovers/index.html", page)


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


@bp.get("/write/")
@allow("handover.write")
def begin() -> Response:
    """Show the form in which a handover is written."""
    return _form(begun_form(reading(), person(), flow().clock.now()), new_token())


def _form(form: HandoverForm, nonce: str, status: int = 200) -> Response:
    page = WritingPage(form=form, nonce=nonce, places=places_of(reading(), person()))
    return show("handovers/write.html", page, status=status)


@bp.post("/write/")
@allow("handover.write")
def write() -> Response:
    """Write a handover."""
    form, nonce, cause, who = read_handover_form(request.form), request.form.get("nonce", ""), cause_of(), person()
    try:
        wanted = meant(reading(), who, form, cause.at)

        def act(session: Session) -> int:
            return changes.write_handover(session, cause, who, home_id=wanted.home_id, notes=wanted.notes)

        made = change(lambda session: once(session, nonce, cause.at, lambda: act(session)))
    except KeyReused:
        return _form(form.with_problems(form_sent_before("text").problems), new_token(), status=422)
    except Refused as refused:
        return _form(form.with_problems(refused.problems), nonce, status=422)
    flash("The handover is written.", "success")
    return go_to(url_for("handovers.show_handover", handover_id=made))


@bp.get("/<int:handover_id>/")
@allow("handover.view")
def show_handover(handover_id: int) -> Response:
    """Show one handover."""
    found = visible_handover(reading(), person(), handover_id)
    return show("handovers/handover.html", HandoverPage(card=card_of(person(), found, flow().clock.now())))


@bp.post("/<int:handover_id>/acknowledge")
@allow("handover.write")
def acknowledge(handover_id: int) -> Response:
    """Say that one has read a handover and takes over."""
    cause, who = cause_of(), person()
    change(lambda session: changes.acknowledge(session, cause, who, handover_id))
    flash("You have taken over.", "success")
    return go_to(url_for("handovers.show_handover", handover_id=handover_id))


@bp.post("/<int:handover_id>/items/<int:item_id>/tick")
@allow("handover.write")
def tick(handover_id: int, item_id: int) -> Response:
    """Say that something is done, or is not done after all."""
    cause, who, done = cause_of(), person(), request.form.get("done", "yes") != "no"
    change(lambda session: changes.tick(session, cause, who, handover_id, item_id, done=done))
    return go_to(url_for("handovers.show_handover", handover_id=handover_id))
