"""Absences over the API: reporting them, ending them, and the talk afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.api.bodies import body_as
from flowapp.api.filters import asked_home, asked_word
from flowapp.api.lists import page_of, whole
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.absences import (
    AbsenceAnswer,
    AbsenceBody,
    AbsenceChange,
    AbsencePage,
    AbsenceQuery,
    EndBody,
    TalkBody,
)
from flowapp.api.versions import needed_version, seen_version, tagged
from flowapp.events.cause import Cause
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import reading
from flowapp.rota.absence import changes
from flowapp.rota.absence.absence import Absence, AbsenceStatus
from flowapp.rota.absence.reading import absences_with_staff, stands_like, visible_absence
from flowapp.rota.absence.telling import figures_on
from flowapp.rota.homes import place_of
from flowapp.rota.staff import Staff


def add_to(bp: Blueprint) -> None:
    """Add the calls about absences."""
    bp.add_url_rule("/absences", view_func=list_absences, methods=["GET"])
    bp.add_url_rule("/absences", view_func=report_absence, methods=["POST"])
    bp.add_url_rule("/absences/<int:absence_id>", view_func=show_absence, methods=["GET"])
    bp.add_url_rule("/absences/<int:absence_id>", view_func=update_absence, methods=["PATCH"])
    bp.add_url_rule("/absences/<int:absence_id>/end", view_func=end_absence, methods=["POST"])
    bp.add_url_rule("/absences/<int:absence_id>/talk", view_func=note_absence_talk, methods=["POST"])


@allow("absence.view")
@documented(Call(query=AbsenceQuery, answer=AbsencePage))
def list_absences() -> Response:
    """Answer the absences one may see, the newest first."""
    who, wanted = person(), _wanted()

    def fetch(limit: int, before: int | None) -> Sequence[Any]:
        query = absences_with_staff(who).where(*wanted).order_by(Absence.id.desc()).limit(limit)
        return reading().execute(query if before is None else query.where(Absence.id < before)).all()

    return jsonify(page_of(fetch, lambda row: row[0].id, lambda row: as_body(row[0], row[1], who)))


def _wanted() -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if (home_id := asked_home(reading())) is not None:
        found.append(Absence.home_id == home_id)
    if (staff_id := whole("staff_id", None, least=1)) is not None:
        found.append(Absence.staff_id == staff_id)
    if status := asked_word("status", AbsenceStatus):
        found.append(stands_like(status))
    return found


@allow("absence.view")
@documented(Call(answer=AbsenceAnswer))
def show_absence(absence_id: int) -> Response:
    """Answer one absence; its version is the ETag."""
    row, found = visible_absence(reading(), person(), absence_id)
    return _answer(as_body(row, found, person(), session=reading()))


@allow("absence.record", scope="rota")
@documented(Call(body=AbsenceBody, answer=AbsenceAnswer, status=201, once=True))
def report_absence() -> tuple[Response, int, dict[str, str]]:
    """Note that somebody is ill, late or did not come."""
    body, who = body_as(AbsenceBody), person()
    said = changes.Report(**body.model_dump(exclude={"staff_id"}))
    made = _once(lambda session, cause: changes.report(session, cause, who, body.staff_id, said))
    return _answer(made), 201, {"Location": url_for("api.show_absence", absence_id=made["id"])}


@allow("absence.record", scope="rota")
@documented(Call(body=AbsenceChange, answer=AbsenceAnswer, if_match="must", once=True, conflict=True))
def update_absence(absence_id: int) -> Response:
    """Say otherwise since when somebody is away, when they think they will be back, or why."""
    seen, given, who = needed_version(), body_as(AbsenceChange).given(), person()

    def act(session: Session, cause: Cause) -> int:
        changes.change(session, cause, who, absence_id, seen=seen, **given)
        return absence_id

    return _answer(_once(act))


@allow("absence.record", scope="rota")
@documented(Call(body=EndBody, answer=AbsenceAnswer, if_match="may", once=True, conflict=True))
def end_absence(absence_id: int) -> Response:
    """Note that somebody is back; they are not planned for until somebody has talked with them."""
    body, seen, who = body_as(EndBody), seen_version(), person()

    def act(session: Session, cause: Cause) -> int:
        changes.end(session, cause, who, absence_id, last_day=body.last_day, seen=seen)
        return absence_id

    return _answer(_once(act))


@allow("absence.talk", scope="rota")
@documented(Call(body=TalkBody, answer=AbsenceAnswer, if_match="may", once=True, conflict=True))
def note_absence_talk(absence_id: int) -> Response:
    """Note the talk with somebody who is back; they may be planned for again."""
    body, seen, who = body_as(TalkBody), seen_version(), person()

    def act(session: Session, cause: Cause) -> int:
        changes.note_talk(session, cause, who, absence_id, note=body.note, seen=seen)
        return absence_id

    return _answer(_once(act))


def _once(act: Callable[[Session, Cause], int]) -> dict[str, Any]:
    """Do it once for each Idempotency-Key, and answer the absence as it is right after it."""
    who, cause, key = person(), cause_of(), request.headers.get("Idempotency-Key")

    def write(session: Session) -> dict[str, Any]:
        row = session.get_one(Absence, act(session, cause))
        return as_body(row, session.get_one(Staff, row.staff_id), who, session=session)

    made: dict[str, Any] = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return made


def _answer(body: dict[str, Any]) -> Response:
    return tagged(jsonify(body), body["version"])


def as_body(row: Absence, found: Staff, who: Person, *, session: Session | None = None) -> dict[str, Any]:
    """Write an absence as JSON; what was said of anybody's health only for those it concerns.

    The figures of twelve months are read with a session, for one absence at a time.
    """
    body: dict[str, Any] = {
        "id": row.id,
        "uid": row.uid,
        "staff_id": row.staff_id,
        "staff_name": found.name,
        "care_home_id": row.home_id,
        "kind": row.kind,
        "status": row.status,
        "first_day": row.first_day.isoformat(),
        "expected_return": row.expected_return.isoformat() if row.expected_return else None,
        "last_day": row.last_day.isoformat() if row.last_day else None,
        "reported_by": row.reported_by,
        "reported_at": row.reported_at.isoformat(),
        "talked_at": row.talked_at.isoformat() if row.talked_at else None,
        "talked_by": row.talked_by,
        "version": row.version,
    }
    if can(who, "leave.reason", On(home_id=row.home_id, staff_id=row.staff_id)):
        body |= {"reason": row.reason, "talk_note": row.talk_note} | (_figures(session, row, found) if session else {})
    return body


def _figures(session: Session, row: Absence, found: Staff) -> dict[str, Any]:
    place = place_of(session, row.home_id)
    day = row.last_day or (row.reported_at.astimezone(place.zone).date() if place else row.first_day)
    year = figures_on(session, found, max(day, row.first_day))
    return {
        "episodes_12m": year.episodes,
        "pct_12m": year.percentage,
        "bradford": year.bradford,
        "needs_review": year.needs_review,
    }
