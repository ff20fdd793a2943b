"""When somebody can work, over the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.api.bodies import body_as
from flowapp.api.filters import asked_day
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.availability import (
    AvailabilityAnswer,
    AvailabilityQuery,
    ExceptionBody,
    PatternBody,
    PatternChange,
    Removed,
)
from flowapp.api.versions import needed_version, seen_version
from flowapp.events.cause import Cause
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import NotFound, Problem, Refused
from flowapp.rota.availability import changes
from flowapp.rota.availability.pattern import as_kept
from flowapp.rota.availability.reading import exceptions_of, patterns_of, said_by
from flowapp.rota.homes import place_of
from flowapp.rota.staff import Staff
from flowapp.rota.wall_time import Interval

USUAL, LONGEST = timedelta(days=28), timedelta(days=366)
A_DAY = timedelta(days=1)
_ONE = "/staff/<int:staff_id>/availability"


def add_to(bp: Blueprint) -> None:
    """Add the calls about when somebody can work."""
    patterns, exceptions = f"{_ONE}/patterns", f"{_ONE}/exceptions"
    bp.add_url_rule(_ONE, view_func=show_availability, methods=["GET"])
    bp.add_url_rule(patterns, view_func=add_availability_pattern, methods=["POST"])
    one = f"{patterns}/<int:pattern_id>"
    bp.add_url_rule(one, view_func=change_availability_pattern, methods=["PATCH"])
    bp.add_url_rule(one, view_func=remove_availability_pattern, methods=["DELETE"])
    bp.add_url_rule(exceptions, view_func=add_availability_exception, methods=["POST"])
    bp.add_url_rule(f"{exceptions}/<int:exception_id>", view_func=remove_availability_exception, methods=["DELETE"])


@allow("staff.view")
@documented(Call(query=AvailabilityQuery, answer=AvailabilityAnswer))
def show_availability(staff_id: int) -> Response:
    """Answer when somebody can work; `from` and `to` are days, both included."""
    found = reading().get(Staff, staff_id)
    if found is None:
        raise NotFound
    require(person(), "staff.view", On(home_id=found.home_id, staff_id=staff_id))
    return jsonify(as_body(reading(), found, _span(found)))


def _span(found: Staff) -> Interval:
    place = place_of(reading(), found.home_id)
    if place is None:
        raise NotFound
    first = asked_day("from") or flow().clock.now().astimezone(place.zone).date()
    last = asked_day("to") or min(first, date.max - LONGEST) + USUAL
    if not date.min + A_DAY <= first <= last < date.max - A_DAY or last - first > LONGEST:
        message = "Ask for a year at most, and send a `to` that is not before `from`."
        raise Refused([Problem(path="to", code="bad_value", message=message)])
    days = (first, last + A_DAY)
    starts, ends = (datetime.combine(day, time(), place.zone).astimezone(UTC) for day in days)
    return Interval(starts, ends)


@allow("availability.edit", scope="rota")
@documented(Call(body=PatternBody, answer=AvailabilityAnswer, status=201, once=True))
def add_availability_pattern(staff_id: int) -> tuple[Response, int, dict[str, str]]:
    """Say of somebody's weeks when they can work."""
    who, pattern = person(), body_as(PatternBody).pattern()
    made = _once(staff_id, lambda session, cause: changes.add_pattern(session, cause, who, staff_id, pattern))
    return jsonify(made), 201, {"Location": url_for("api.show_availability", staff_id=staff_id)}


@allow("availability.edit", scope="rota")
@documented(Call(body=PatternChange, answer=AvailabilityAnswer, if_match="must", once=True, conflict=True))
def change_availability_pattern(staff_id: int, pattern_id: int) -> Response:
    """Say anew of somebody's weeks when they can work; the version is that of the pattern."""
    seen, given, who = needed_version(), body_as(PatternChange).given(), person()

    def act(session: Session, cause: Cause) -> None:
        changes.change_pattern(session, cause, who, pattern_id, staff_id=staff_id, seen=seen, **given)

    return jsonify(_once(staff_id, act))


@allow("availability.edit", scope="rota")
@documented(Call(answer=Removed, if_match="may", once=True, conflict=True))
def remove_availability_pattern(staff_id: int, pattern_id: int) -> Response:
    """Take back what was said of somebody's weeks."""
    seen, who = seen_version(), person()

    def act(session: Session, cause: Cause) -> None:
        changes.remove_pattern(session, cause, who, pattern_id, staff_id=staff_id, seen=seen)

    _once(staff_id, act)
    return jsonify({"removed": pattern_id})


@allow("availability.edit", scope="rota")
@documented(Call(body=ExceptionBody, answer=AvailabilityAnswer, status=201, once=True))
def add_availability_exception(staff_id: int) -> tuple[Response, int, dict[str, str]]:
    """Say of a single stretch of time whether somebody can work."""
    who, stretch = person(), body_as(ExceptionBody).stretch()
    made = _once(staff_id, lambda session, cause: changes.add_exception(session, cause, who, staff_id, stretch))
    return jsonify(made), 201, {"Location": url_for("api.show_availability", staff_id=staff_id)}


@allow("availability.edit", scope="rota")
@documented(Call(answer=Removed, once=True))
def remove_availability_exception(staff_id: int, exception_id: int) -> Response:
    """Take back what was said of a single stretch of time."""
    who = person()

    def act(session: Session, cause: Cause) -> None:
        changes.remove_exception(session, cause, who, exception_id, staff_id=staff_id)

    _once(staff_id, act)
    return jsonify({"removed": exception_id})


def _once(staff_id: int, act: Callable[[Session, Cause], object]) -> dict[str, Any]:
    """Do it once for each Idempotency-Key, and answer how it stands right after it, from today on."""
    cause, key = cause_of(), request.headers.get("Idempotency-Key")

    def write(session: Session) -> dict[str, Any]:
        act(session, cause)
        found = session.get_one(Staff, staff_id)
        return as_body(session, found, Interval(cause.at, cause.at + USUAL))

    made: dict[str, Any] = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return made


def as_body(session: Session, found: Staff, span: Interval) -> dict[str, Any]:
    """Write when somebody can work as JSON."""
    return {
        "staff_id": found.id,
        "patterns": [
            {
                "id": row.id,
                "valid_from": row.valid_from.isoformat(),
                "valid_to": row.valid_to.isoformat() if row.valid_to else None,
                "repeat_weeks": row.repeat_weeks,
                "anchor": row.anchor.isoformat(),
                "slots": as_kept(row.pattern.slots),
                "version": row.version,
            }
            for row in patterns_of(session, found.id)
        ],
        "exceptions": [
            {
                "id": row.id,
                "starts_at": row.starts_at.isoformat(),
                "ends_at": row.ends_at.isoformat(),
                "kind": row.kind,
                "reason": row.reason,
            }
            for row in exceptions_of(session, found.id, span)
        ],
        "said": [
            {
                "starts_at": each.interval.starts_at.isoformat(),
                "ends_at": each.interval.ends_at.isoformat(),
                "kind": each.presence,
                "reason": each.reason,
            }
            for each in said_by(session, [found.id], span).get(found.id, ())
        ],
    }
