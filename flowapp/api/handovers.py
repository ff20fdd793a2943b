"""Handovers over the API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from flowapp.api.bodies import body_as
from flowapp.api.filters import asked_home
from flowapp.api.lists import page_of, whole
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.handovers import HandoverAnswer, HandoverBody, HandoverPage, HandoverQuery, TickBody
from flowapp.api.shift_bodies import NoBody
from flowapp.api.versions import seen_version, tagged
from flowapp.events.cause import Cause
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import reading
from flowapp.rota.handovers import changes
from flowapp.rota.handovers.handover import Handover
from flowapp.rota.handovers.reading import Told, handovers, of_units, seen_by, told, visible_handover


def add_to(bp: Blueprint) -> None:
    """Add the calls about handovers."""
    bp.add_url_rule("/handovers", view_func=list_handovers, methods=["GET"])
    bp.add_url_rule("/handovers", view_func=create_handover, methods=["POST"])
    bp.add_url_rule("/handovers/<int:handover_id>", view_func=show_handover, methods=["GET"])
    bp.add_url_rule("/handovers/<int:handover_id>/acknowledge", view_func=acknowledge_handover, methods=["POST"])
    bp.add_url_rule(
        "/handovers/<int:handover_id>/items/<int:item_id>/tick", view_func=tick_handover_item, methods=["POST"]
    )


@allow("handover.view")
@documented(Call(query=HandoverQuery, answer=HandoverPage))
def list_handovers() -> Response:
    """Answer the handovers one may read, the newest first."""
    who, wanted = person(), _wanted()

    def fetch(limit: int, before: int | None) -> list[Told]:
        query = handovers().where(seen_by(who), *wanted).order_by(None).order_by(Handover.id.desc()).limit(limit)
        return told(reading(), query if before is None else query.where(Handover.id < before))

    return jsonify(page_of(fetch, lambda found: found.id, as_body))


def _wanted() -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if (home_id := asked_home(reading())) is not None:
        found.append(Handover.home_id == home_id)
    if unit_id := whole("unit", None, least=1):
        found.append(of_units(unit_id))
    return found


@allow("handover.view")
@documented(Call(answer=HandoverAnswer))
def show_handover(handover_id: int) -> Response:
    """Answer one handover; its version is the ETag."""
    return _answer(as_body(visible_handover(reading(), person(), handover_id)))


@allow("handover.write", scope="rota")
@documented(Call(body=HandoverBody, answer=HandoverAnswer, status=201, once=True))
def create_handover() -> tuple[Response, int, dict[str, str]]:
    """Write what one shift tells the next."""
    body, who = body_as(HandoverBody), person()
    notes = body.notes()

    def act(session: Session, cause: Cause) -> int:
        return changes.write_handover(session, cause, who, home_id=body.care_home_id, notes=notes)

    made = _once(act)
    return _answer(made), 201, {"Location": url_for("api.show_handover", handover_id=made["id"])}


@allow("handover.write", scope="rota")
@documented(Call(body=NoBody, answer=HandoverAnswer, if_match="may", once=True, conflict=True))
def acknowledge_handover(handover_id: int) -> Response:
    """Say that one has read a handover and takes over; whoever wrote it cannot."""
    body_as(NoBody)
    seen, who = seen_version(), person()

    def act(session: Session, cause: Cause) -> int:
        changes.acknowledge(session, cause, who, handover_id, seen=seen)
        return handover_id

    return _answer(_once(act))


@allow("handover.write", scope="rota")
@documented(Call(body=TickBody, answer=HandoverAnswer, once=True))
def tick_handover_item(handover_id: int, item_id: int) -> Response:
    """Say that something a handover asks for is done, or is not done after all."""
    done, who = body_as(TickBody).done, person()

    def act(session: Session, cause: Cause) -> int:
        changes.tick(session, cause, who, handover_id, item_id, done=done)
        return handover_id

    return _answer(_once(act))


def as_body(found: Told) -> dict[str, Any]:
    """Write a handover as JSON."""
    return {
        "id": found.id,
        "uid": found.uid,
        "care_home_id": found.home_id,
        "unit_id": found.unit_id,
        "unit_name": found.unit_name,
        "change_at": found.change_at,
        "from_shift_id": found.from_shift_id,
        "to_shift_id": found.to_shift_id,
        "text": found.text,
        "items": [asdict(item) for item in found.items],
        "written_by": found.written_by,
        "written_at": found.written_at,
        "acknowledged_by": found.acknowledged_by,
        "acknowledged_at": found.acknowledged_at,
        "version": found.version,
    }


def _once(act: Callable[[Session, Cause], int]) -> dict[str, Any]:
    """Do something to a handover once for each Idempotency-Key, and answer it as it was right after it."""
    who, cause, key = person(), cause_of(), request.headers.get("Idempotency-Key")

    def write(session: Session) -> dict[str, Any]:
        return as_body(visible_handover(session, who, act(session, cause)))

    made: dict[str, Any] = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return made


def _answer(body: dict[str, Any]) -> Response:
    return tagged(jsonify(body), body["version"])
